import {
  assert,
  assertAlmostEquals,
  assertEquals,
  assertThrows,
} from "@std/assert";
import { billedHours, billedSeconds, instanceCost } from "./billing.ts";

Deno.test("billedSeconds() rounds up and keeps the minimum", () => {
  for (
    const [lifetime, minimum, expected] of [
      [0, undefined, 60],
      [59.5, undefined, 60],
      [60, undefined, 60],
      [60.001, undefined, 61],
      [300 * (0.1 + 0.2) / 0.3, undefined, 300],
      [90, 0, 90],
      [0, 0, 0],
      [90, 600, 600],
    ] as const
  ) {
    assertEquals(billedSeconds(lifetime, minimum), expected, `${lifetime}`);
  }
});

Deno.test("billedHours() counts started hours", () => {
  for (
    const [lifetime, expected] of [
      [0, 1],
      [1, 1],
      [3599.5, 1],
      [3600, 1],
      [3600.0000001, 1],
      [3601, 2],
      [86400, 24],
    ]
  ) {
    assertEquals(billedHours(lifetime), expected, `${lifetime}`);
  }
});

Deno.test("instanceCost() is 160 when 50 instances run 200 steps of 300 s", () => {
  const lifetime = 200 * 300;
  const perSecond = instanceCost(lifetime, { pricePerHour: 0.192 });
  assertAlmostEquals(50 * perSecond, 160, 1e-9);
  const perHour = instanceCost(lifetime, {
    pricePerHour: 0.192,
    scheme: { kind: "per-started-hour" },
  });
  assertAlmostEquals(50 * perHour, 50 * 17 * 0.192, 1e-9);
});

Deno.test("instanceCost() takes the scheme's minimum", () => {
  const scheme = { kind: "per-second", minimumSeconds: 600 } as const;
  assertEquals(instanceCost(1, { pricePerHour: 6, scheme }), 1);
});

Deno.test("billing refuses values outside their range", () => {
  const cases: (() => unknown)[] = [
    () => billedSeconds(-1),
    () => billedSeconds(NaN),
    () => billedSeconds(1, -1),
    () => billedHours(Infinity),
    () => instanceCost(1, { pricePerHour: -1 }),
    () => instanceCost(1, { pricePerHour: NaN }),
  ];
  for (const attempt of cases) {
    const error = assertThrows(attempt, RangeError);
    assert(/^Cannot bill .*: expected/.test(error.message), error.message);
  }
});
