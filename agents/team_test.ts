import { assertEquals, assertThrows } from "@std/assert";
import { box, discrete, multiDiscrete } from "../core/spaces.ts";
import {
  actionsOf,
  inputSize,
  type Team,
  teamOf,
  writeInputs,
  writeMasks,
} from "./team.ts";

const STATE = box(0, 1, { shape: [5] });

/** Two agents that see and do unlike things. */
function unlike(): Team {
  return teamOf({
    id: "Unlike",
    observationSpaces: [discrete(7), box(-1, 1, { shape: [2] })],
    actionSpaces: [multiDiscrete([3, 2]), multiDiscrete([2, 2])],
    stateSpace: STATE,
  });
}

Deno.test("teamOf() takes the largest of each", () => {
  const { actionSpaces: _, ...team } = unlike();
  assertEquals(team, {
    numAgents: 2,
    observationSizes: [1, 2],
    observationSize: 2,
    stateSize: 5,
    choices: [[3, 2], [2, 2]],
    entries: 2,
    actions: 3,
  });
});

Deno.test("teamOf() throws for actions it cannot value", () => {
  const spaces = { id: "Bad", observationSpaces: [], stateSpace: STATE };
  assertThrows(
    () => teamOf({ ...spaces, actionSpaces: [box(0, 1, { shape: [2] })] }),
    TypeError,
    "Cannot learn utilities of Box(2) in Bad",
  );
  assertThrows(
    () =>
      teamOf({ ...spaces, actionSpaces: [discrete(2), multiDiscrete([2, 2])] }),
    TypeError,
    "Discrete(2), MultiDiscrete(2, 2): expected as many entries",
  );
});

Deno.test("writeInputs() puts observation, last action and id in a row", () => {
  const team = unlike();
  const observations = [4, Float32Array.of(0.5, -1)];
  const lastActions = Int32Array.of(2, 0, -1, 1);
  const cases: [boolean, boolean, number[]][] = [
    [false, false, [4, 0, 0.5, -1]],
    [true, false, [4, 0, 1, 0, 0.5, -1, 0, 1]],
    [false, true, [4, 0, 0, 0, 1, 1, 0, 0, 0.5, -1, 0, 0, 0, 0, 1, 0]],
    [true, true, [
      ...[4, 0, 0, 0, 1, 1, 0, 0, 1, 0],
      ...[0.5, -1, 0, 0, 0, 0, 1, 0, 0, 1],
    ]],
  ];
  for (const [obsAgentId, obsLastAction, expected] of cases) {
    const told = { obsAgentId, obsLastAction };
    assertEquals(2 * inputSize(team, told), expected.length);
    const into = new Float32Array(expected.length).fill(9);
    writeInputs(team, told, { observations, lastActions, into });
    assertEquals([...into], expected);
  }
});

Deno.test("writeMasks() forbids choices that an entry does not have", () => {
  const team = unlike();
  const into = new Uint8Array(12).fill(7);
  writeMasks(team, undefined, into);
  assertEquals([...into], [1, 1, 1, 1, 1, 0, 1, 1, 0, 1, 1, 0]);
  const masks = [Uint8Array.of(0, 1, 1, 1, 0), Uint8Array.of(1, 0, 0, 1)];
  writeMasks(team, masks, into);
  assertEquals([...into], [0, 1, 1, 1, 0, 0, 1, 0, 0, 0, 1, 0]);
});

Deno.test("actionsOf() gives each agent what its space holds", () => {
  assertEquals(actionsOf(unlike(), Int32Array.of(2, 1, 0, 1)), [
    Int32Array.of(2, 1),
    Int32Array.of(0, 1),
  ]);
  const simple = teamOf({
    id: "Simple",
    observationSpaces: [discrete(1), discrete(1)],
    actionSpaces: [discrete(3), multiDiscrete([2])],
    stateSpace: STATE,
  });
  assertEquals(actionsOf(simple, Int32Array.of(2, 1)), [2, Int32Array.of(1)]);
});
