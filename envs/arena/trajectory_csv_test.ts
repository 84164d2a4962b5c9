import { assertEquals, assertThrows } from "@std/assert";
import { parseTrajectory, readTrajectory } from "./trajectory_csv.ts";

Deno.test("parseTrajectory() finds columns by name", () => {
  const text =
    '\uFEFF"Y",speed,x,time\r\n# a rat\r\n1,9,2,0\r\n\r\n-1.5,9,+2e-1,0.02\r\n';
  const { times, places } = parseTrajectory(text, "rat.csv");
  assertEquals([...times!], [0, 0.02]);
  assertEquals([...places], [2, 1, 0.2, -1.5]);
  assertEquals(parseTrajectory("x,y\n1,2\n3,4", "a").times, undefined);
});

Deno.test("malformed trajectories are told by their line", () => {
  const wrong: [string, string][] = [
    ["", "at least two samples"],
    ["x,y\n1,2\n", "got 1"],
    ["a,b\n1,2\n", "line 1: expected a header with the columns x and y"],
    ["x,y\n1,2\n1\n", "line 3: expected 2 fields, got 1"],
    ["x,y\n1,2\n1,\n", 'line 3: expected a finite number as y, got ""'],
    ["x,y\n1,NaN\n", 'as y, got "NaN"'],
    ["x,y\n1,1e999\n", "line 2"],
    ["x,y\n0x10,1\n", 'as x, got "0x10"'],
    ["time,x,y\n1,1,1\n1,1,1\n", "line 3: expected a time after 1, got 1"],
  ];
  for (const [text, message] of wrong) {
    const error = assertThrows(() => parseTrajectory(text, "rat.csv"));
    assertEquals(error instanceof SyntaxError, true);
    assertEquals(String(error).includes(message), true, `${error}`);
    assertEquals(String(error).includes('"rat.csv"'), true);
  }
  assertThrows(() => readTrajectory("no/such.csv"), Error, "no/such.csv");
});
