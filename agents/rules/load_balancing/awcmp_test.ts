import { assert, assertEquals, assertThrows } from "@std/assert";
import { awcmp } from "./awcmp.ts";
import { contextOf, countChoices, poolOf } from "./_test_simulators.ts";

const FLOWS = 100_000;

// Shares of weight / (flows + 1): 2 / 1, 2 / 4, 4 / 2 of 4.5. The error of a
// share is 0.0016 at most; 0.01 is six of them, and wrong weights are 0.1 off.
Deno.test("awcmp() sends flows by weight over flows at the last probe", () => {
  const { choose } = awcmp({ probeSeconds: 0.5 });
  const context = contextOf([2, 2, 4]);
  context.oracle.inside.set([0, 3, 1]);
  const near = (now: Float64Array, shares: number[]) =>
    shares.forEach((share, i) =>
      assert(Math.abs(now[i] / FLOWS - share) < 0.01, `${now}`)
    );
  const shares = [2 / 4.5, 0.5 / 4.5, 2 / 4.5];
  near(countChoices(choose, context, FLOWS), shares);
});

Deno.test("awcmp() does not look again before the next probe is due", () => {
  const { choose } = awcmp({ probeSeconds: 0.5 });
  const context = contextOf([1, 1]);
  const at = (time: number) => {
    context.time = time;
    const keys = [0.01, 0.2, 0.4, 0.6, 0.8, 0.99];
    return keys.map((key) => {
      context.flowKey = Math.floor(key * 2 ** 32);
      return choose(0, context);
    });
  };
  const before = at(0.1);
  context.oracle.inside.set([1_000_000, 0]);
  assertEquals(at(0.49), before);
  assertEquals(at(0.5), [1, 1, 1, 1, 1, 1]);
  context.oracle.inside.set([0, 1_000_000]);
  assertEquals(at(0.99), [1, 1, 1, 1, 1, 1]);
  assertEquals(at(1), [0, 0, 0, 0, 0, 0]);
});

Deno.test("awcmp() looks anew in another simulator", () => {
  const rule = awcmp();
  poolOf(rule.choose).advanceTo(20);
  const again = poolOf(rule.choose);
  again.advanceTo(10);
  const fresh = poolOf(awcmp().choose);
  fresh.advanceTo(10);
  assertEquals(again.statistics(), fresh.statistics());
});

Deno.test("awcmp() refuses intervals and states that make no sense", () => {
  for (const probeSeconds of [0, -1, NaN, Infinity]) {
    assertThrows(
      () => awcmp({ probeSeconds }),
      RangeError,
      `Cannot probe servers every ${probeSeconds} s`,
    );
  }
  assertThrows(() => awcmp().loadState({}), TypeError, "Cannot restore AWCMP");
});
