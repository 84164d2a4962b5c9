import { assert, assertEquals } from "@std/assert";
import { chartRange, drawChart, Ink } from "./chart.ts";

const text = (cells: ReturnType<typeof drawChart>) =>
  cells.map((row) => row.map((cell) => cell.text).join(""));

const flat = (count: number, value: number) =>
  new Float64Array(count).fill(value);

Deno.test("drawChart() puts the lower edge at the bottom and the upper at the top", () => {
  const cells = drawChart(flat(4, 0), flat(4, 10), {
    columns: 2,
    rows: 2,
    steps: 3,
    range: [0, 10],
  });
  assertEquals(text(cells), ["⠉⠉", "⣀⣀"]);
  assertEquals(cells.map((row) => row.map(({ ink }) => ink)), [
    [Ink.Capacity, Ink.Capacity],
    [Ink.Demand, Ink.Demand],
  ]);
});

Deno.test("drawChart() leaves what is still to come blank", () => {
  const drawn = (count: number) =>
    text(drawChart(flat(count, 5), flat(count, 5), {
      columns: 4,
      rows: 1,
      steps: 7,
      range: [0, 10],
    }))[0];
  assertEquals(drawn(0), "    ");
  assertEquals([...drawn(3)].map((char) => char === " "), [
    false,
    false,
    true,
    true,
  ]);
  assert(!drawn(8).includes(" "));
});

Deno.test("drawChart() keeps values beyond the range at its edges and joins jumps", () => {
  const cells = drawChart([-100, 100], [], {
    columns: 1,
    rows: 1,
    steps: 1,
    range: [0, 10],
  });
  // A column of one dot at the bottom, then one that rises to the top.
  assertEquals(text(cells), ["⡸"]);
});

Deno.test("drawChart() shows a peak that is narrower than a dot", () => {
  const demand = flat(1000, 0);
  demand[503] = 10;
  const cells = drawChart(demand, [], {
    columns: 5,
    rows: 1,
    steps: 999,
    range: [0, 10],
  });
  assert(text(cells)[0].match(/[⠁-⣿]/u));
  assertEquals(text(cells)[0].replaceAll("⣀", "").length, 1);
});

Deno.test("chartRange() leaves room, never below zero, and widens a steady load", () => {
  const [low, high] = chartRange(Float64Array.of(0, 100));
  assertEquals(low, 0);
  assert(high > 100);
  const [steadyLow, steadyHigh] = chartRange(flat(3, 2425));
  assert(steadyLow < 2425 && 2425 < steadyHigh);
  const [zeroLow, zeroHigh] = chartRange(flat(3, 0));
  assert(zeroLow < zeroHigh);
});
