import { assertEquals, assertThrows } from "@std/assert";
import { loadColumns, saveColumns } from "./_columns.ts";

function records() {
  return [1, 2].map((i) => ({
    count: i,
    share: i / 4,
    row: Int32Array.of(i, 10 * i),
    inner: { sums: Float64Array.of(i / 8), last: -i },
  }));
}

Deno.test("saveColumns() makes an array of each field", () => {
  assertEquals(saveColumns(records()), {
    count: Float64Array.of(1, 2),
    share: Float64Array.of(0.25, 0.5),
    row: Int32Array.of(1, 10, 2, 20),
    inner: {
      sums: Float64Array.of(0.125, 0.25),
      last: Float64Array.of(-1, -2),
    },
  });
});

Deno.test("loadColumns() writes back what was saved", () => {
  const saved = saveColumns(records());
  const others = records();
  for (const other of others) {
    other.count = NaN;
    other.share = -0;
    other.row.fill(7);
    other.inner.sums.fill(7);
    other.inner.last = 7;
  }
  loadColumns(others, saved);
  assertEquals(others, records());
});

Deno.test("loadColumns() refuses what does not fit, and changes nothing", () => {
  const saved = saveColumns(records());
  const cases: [object, string][] = [
    [{ count: undefined }, 'expected numbers in "count"'],
    [{ count: new Float64Array(3) }, 'expected 2 values in "count"'],
    [{ row: new Float64Array(4) }, 'expected numbers in "row"'],
    [{ row: new Int32Array(2) }, 'expected 4 values in "row"'],
    [{ inner: 5 }, 'expected a state in "inner"'],
    [
      { inner: { sums: new Float64Array(2), last: null } },
      'expected numbers in "last"',
    ],
  ];
  for (const [change, message] of cases) {
    const others = records();
    const broken = { ...saved, count: Float64Array.of(5, 5), ...change };
    assertThrows(() => loadColumns(others, broken), TypeError, message);
    assertEquals(others, records());
  }
});
