import { assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import { arrivalRate, capacityOf, offeredLoad } from "./load.ts";

Deno.test("capacityOf() sums cores times speed", () => {
  const small = { cores: 2 };
  const large = { cores: 4 };
  const moderate = [small, small, small, small, large, large, large];
  assertEquals(capacityOf(moderate), 20);
  assertEquals(capacityOf([{}, { speed: 0.5 }, { cores: 3, speed: 2 }]), 7.5);
});

Deno.test("arrivalRate() and offeredLoad() are inverse to one another", () => {
  const options = { meanWork: 0.2, capacity: 20 };
  assertEquals(arrivalRate(0.8, options), 80);
  assertEquals(offeredLoad(80, options), 0.8);
  for (const load of [0.01, 0.95, 1, 1.7]) {
    assertAlmostEquals(
      offeredLoad(arrivalRate(load, options), options),
      load,
      1e-15,
    );
  }
  // Park: 10 servers of 0.15 to 1.05, sizes of mean 300 every 55.
  const speeds = Array.from(
    { length: 10 },
    (_, i) => ({ speed: 0.15 + i / 10 }),
  );
  const park = { meanWork: 300, capacity: capacityOf(speeds) };
  assertAlmostEquals(offeredLoad(1 / 55, park), 300 / 55 / 6, 1e-12);
});

Deno.test("load functions refuse what is not above 0", () => {
  const good = { meanWork: 1, capacity: 2 };
  for (const bad of [0, -1, NaN, Infinity]) {
    const cases: [() => unknown, string][] = [
      [() => arrivalRate(bad, good), "load"],
      [() => offeredLoad(bad, good), "rate"],
      [() => arrivalRate(0.5, { ...good, meanWork: bad }), "meanWork"],
      [() => offeredLoad(0.5, { ...good, capacity: bad }), "capacity"],
      [() => capacityOf([{ cores: bad }]), "cores"],
      [() => capacityOf([{ speed: bad }]), "speed"],
    ];
    for (const [compute, name] of cases) {
      assertThrows(compute, RangeError, `with ${name} ${bad}, expected`);
    }
  }
  assertThrows(() => capacityOf([]), RangeError, "capacity 0");
});
