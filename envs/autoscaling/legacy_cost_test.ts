import { assertAlmostEquals, assertEquals } from "@std/assert";
import { Random } from "../../core/random.ts";
import {
  chargeLegacyCost,
  createLegacyCost,
  launchLegacyCost,
  removeLegacyCost,
  resetLegacyCost,
  totalLegacyCost,
} from "./legacy_cost.ts";
import { REFERENCE_SERVICE } from "./service.ts";

Deno.test("totalLegacyCost() charges the whole age every twelfth step", () => {
  const cost = createLegacyCost();
  resetLegacyCost(cost, 50);
  for (let step = 1; step <= 200; step++) chargeLegacyCost(cost, step);
  // 50 instances, 87 dollars by mistake, 12 (1 + ... + 16) / 12 hours.
  assertEquals(totalLegacyCost(cost, REFERENCE_SERVICE), 50 * 87 * 136);
  resetLegacyCost(cost, 3);
  assertEquals(totalLegacyCost(cost, REFERENCE_SERVICE), 0);
});

Deno.test("totalLegacyCost() charges later instances their price", () => {
  const cost = createLegacyCost();
  resetLegacyCost(cost, 0);
  for (let step = 1; step <= 40; step++) {
    chargeLegacyCost(cost, step);
    if (step === 5) launchLegacyCost(cost, 5);
  }
  // Ages 12 and 24; the age of 0 adds nothing.
  const wanted = 0.192 / 12 * (12 + 24);
  assertAlmostEquals(totalLegacyCost(cost, REFERENCE_SERVICE), wanted, 1e-12);
});

Deno.test("totalLegacyCost() equals the sum over single instances", () => {
  const random = new Random(8);
  for (let episode = 0; episode < 10; episode++) {
    const first = random.integer(0, 20);
    const births: number[] = Array(first).fill(0);
    const cost = createLegacyCost();
    resetLegacyCost(cost, first);
    let slow = 0;
    for (let step = 1; step <= 150; step++) {
      chargeLegacyCost(cost, step);
      for (const birth of births) {
        if ((step - birth) % 12 > 0) continue;
        slow += (birth === 0 ? 87 : 0.192) / 12 * (step - birth);
      }
      for (let i = random.integer(0, 2); i > 0; i--) {
        births.push(step);
        launchLegacyCost(cost, step);
      }
      for (let i = random.integer(0, 2); i > 0 && births.length > 0; i--) {
        // Any of them, not only the oldest.
        const at = random.integer(0, births.length - 1);
        removeLegacyCost(cost, births.splice(at, 1)[0]);
      }
      assertAlmostEquals(
        totalLegacyCost(cost, REFERENCE_SERVICE),
        slow,
        1e-9 * (1 + slow),
      );
    }
  }
});
