import { assertEquals, assertThrows } from "@std/assert";
import { formatNumber, formatTable } from "./table.ts";

Deno.test("formatNumber() writes four significant digits", () => {
  const cases: [number, string][] = [
    [0, "0"],
    [-0, "0"],
    [100_000, "100000"],
    [123_456_789_012, "123456789012"],
    [-3, "-3"],
    [0.5, "0.5000"],
    [12.345, "12.35"],
    [-1234.5678, "-1235"],
    [99999.5, "100000"],
    [0.000123456, "0.0001235"],
    [0.00001, "1.000e-5"],
    [2.5e12 + 0.5, "2.500e+12"],
    [1e20, "1.000e+20"],
    [Infinity, "∞"],
    [-Infinity, "-∞"],
    [NaN, "–"],
  ];
  for (const [value, text] of cases) assertEquals(formatNumber(value), text);
});

Deno.test("formatTable() aligns numbers right and everything else left", () => {
  const text = formatTable({
    title: "Policies",
    columns: [
      { header: "policy" },
      { header: "cost", unit: "$/h", format: (x) => x.toFixed(1) },
      { header: "kept" },
      { header: "id", align: "right" },
      { header: "note" },
    ],
    rows: [
      ["threshold", 1.25, true, "a", null],
      ["dqn", -10, false, "bb", undefined],
      ["two\nlines", NaN, undefined, null, null],
    ],
  });
  assertEquals(text.split("\n"), [
    "Policies",
    "policy     cost ($/h)  kept  id  note",
    "---------  ----------  ----  --  ----",
    "threshold         1.3  yes    a  –",
    "dqn             -10.0  no    bb  –",
    "two lines           –  –      –  –",
  ]);
});

Deno.test("formatTable() sets columns that do not fit below the others", () => {
  const table = {
    title: "Policies",
    columns: [{ header: "name" }, { header: "cost" }, { header: "wait" }],
    rows: [["hold", 1, 2], ["add", 30, 4]],
  };
  const whole = formatTable(table);
  assertEquals(formatTable(table, { width: 16 }), whole);
  const narrow = [
    "Policies",
    "name  cost",
    "----  ----",
    "hold     1",
    "add     30",
    "",
    "name  wait",
    "----  ----",
    "hold     2",
    "add      4",
  ].join("\n");
  for (const width of [15, 10, 1]) {
    assertEquals(formatTable(table, { width }), narrow);
  }
});

Deno.test("formatTable() never lets a format see a missing value", () => {
  const format = (value: number) => {
    if (!Number.isFinite(value)) throw new Error("not finite");
    return value.toFixed(0);
  };
  const columns = [{ header: "x", format }];
  const rows = [[undefined], [null], [NaN], [1]];
  assertEquals(
    formatTable({ columns, rows }).split("\n").slice(2),
    ["–", "–", "–", "1"],
  );
});

Deno.test("formatTable() writes headers where there are no rows", () => {
  assertEquals(formatTable({ columns: [{ header: "a" }], rows: [] }), "a\n-");
});

Deno.test("formatTable() refuses a row with too few or too many values", () => {
  for (const row of [[], [1], [1, 2, 3]]) {
    assertThrows(
      () =>
        formatTable({
          columns: [{ header: "a" }, { header: "b" }],
          rows: [row],
        }),
      TypeError,
      `Cannot write a row of ${row.length} values, expected 2`,
    );
  }
});
