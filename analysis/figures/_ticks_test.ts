import { assert, assertEquals, assertLess } from "@std/assert";
import {
  formatTicks,
  linearTicks,
  logTicks,
  niceStep,
  shortNumber,
} from "./_ticks.ts";

Deno.test("niceStep() rounds up to 1, 2 or 5 times a power of ten", () => {
  const table = [
    [1, 1],
    [1.01, 2],
    [3, 5],
    [7, 10],
    [0.3, 0.5],
    [0.00012, 0.0002],
    [4.2e7, 5e7],
  ];
  for (const [rough, expected] of table) {
    assertEquals(niceStep(rough), expected, `${rough}`);
  }
});

Deno.test("linearTicks() gives round values within the range", () => {
  const table: [number, number, number, string[]][] = [
    [0, 1, 5, ["0.0", "0.2", "0.4", "0.6", "0.8", "1.0"]],
    [-3, 3, 3, ["−2", "0", "2"]],
    [0, 45000, 5, ["0", "10k", "20k", "30k", "40k"]],
    [0, 5e6, 3, ["0", "2M", "4M"]],
    [1e-7, 3e-7, 2, [
      "1×10<sup>−7</sup>",
      "2×10<sup>−7</sup>",
      "3×10<sup>−7</sup>",
    ]],
    [0.1, 0.9, 4, ["0.2", "0.4", "0.6", "0.8"]],
  ];
  for (const [low, high, count, expected] of table) {
    assertEquals(
      linearTicks(low, high, count).map(({ label }) => label),
      expected,
    );
  }
});

Deno.test("linearTicks() has few and distinct labels at any scale", () => {
  for (let exponent = -12; exponent <= 18; exponent++) {
    for (const offset of [0, 1, 3.7]) {
      const low = offset * 10 ** exponent;
      const ticks = linearTicks(low, low + 2.3 * 10 ** exponent, 6);
      assert(ticks.length >= 2, `${low}`);
      assertLess(ticks.length, 9);
      const labels = ticks.map(({ label }) => label);
      assertEquals(new Set(labels).size, labels.length, labels.join());
    }
  }
});

Deno.test("formatTicks() writes the minus sign", () => {
  assertEquals(formatTicks([-1.5, 0, 1.5], 1.5), ["−1.5", "0.0", "1.5"]);
});

Deno.test("logTicks() labels decades, and less where they are many", () => {
  const labels = (low: number, high: number, count: number) =>
    logTicks(low, high, count).map(({ label }) => label).filter(Boolean);
  assertEquals(labels(-2, 1, 8), ["0.01", "0.1", "1", "10"]);
  assertEquals(labels(4, 6, 8), [
    "10<sup>4</sup>",
    "10<sup>5</sup>",
    "10<sup>6</sup>",
  ]);
  assertEquals(labels(-8, 0, 3), [
    "10<sup>−6</sup>",
    "10<sup>−3</sup>",
    "10<sup>0</sup>",
  ]);
  assertEquals(labels(0.1, 0.9, 8), ["2", "5"]);
  assertEquals(labels(Math.log10(41), Math.log10(44), 3), [
    "41",
    "42",
    "43",
    "44",
  ]);
});

Deno.test("shortNumber() is plain or has a power", () => {
  assertEquals(shortNumber(0), "0");
  assertEquals(shortNumber(-0.05), "−0.05");
  assertEquals(shortNumber(2.5e-9), "2.5×10<sup>−9</sup>");
  assertEquals(shortNumber(1e7), "10<sup>7</sup>");
});
