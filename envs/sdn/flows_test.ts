import { assertEquals, assertThrows } from "@std/assert";
import {
  checkFlow,
  parseBandwidth,
  parsePairs,
  scheduleFlows,
} from "./flows.ts";

Deno.test("parseBandwidth() reads iperf's units", () => {
  const cases: [string, number][] = [
    ["10M", 10],
    ["500k", 0.5],
    ["1.5G", 1500],
    ["1000000", 1],
  ];
  for (const [text, rate] of cases) assertEquals(parseBandwidth(text), rate);
  for (const text of ["", "M", "10MB", "-1M", "0", "1e3", "10 M x"]) {
    assertThrows(() => parseBandwidth(text), SyntaxError, JSON.stringify(text));
  }
});

Deno.test("parsePairs() reads pairs of hosts", () => {
  assertEquals(parsePairs("h1:h2, h2:h3"), [["h1", "h2"], ["h2", "h3"]]);
  for (const text of ["", "h1", "h1:", "h1:h2:h3", "h1:h2,", "h 1:h2"]) {
    assertThrows(() => parsePairs(text), SyntaxError, "expected two names");
  }
  assertThrows(() => parsePairs("h1:h1"), SyntaxError, "to itself");
});

Deno.test("scheduleFlows() begins flows one after the other", () => {
  const flows = scheduleFlows([["h1", "h2"], ["h2", "h3"], ["h3", "h4"]], {
    startOffsetSeconds: 0.3333,
    durationSeconds: 5,
    rate: 2,
  });
  assertEquals(flows.map(({ startSeconds }) => startSeconds), [
    0,
    0.333,
    0.667,
  ]);
  assertEquals(flows[2], {
    source: "h3",
    destination: "h4",
    startSeconds: 0.667,
    durationSeconds: 5,
    rate: 2,
  });
});

Deno.test("flows that make no sense are refused", () => {
  const flow = scheduleFlows([["h1", "h2"]])[0];
  for (
    const change of [
      { startSeconds: -1 },
      { durationSeconds: 0 },
      { rate: NaN },
      { rate: Infinity },
    ]
  ) {
    assertThrows(
      () => checkFlow({ ...flow, ...change }),
      RangeError,
      "h1 to h2",
    );
  }
  assertThrows(
    () =>
      scheduleFlows([["h1", "h2"], ["h2", "h3"]], { startOffsetSeconds: -1 }),
    RangeError,
  );
});
