import { assert, assertEquals } from "@std/assert";
import { createPeerReference } from "./reference.ts";

const reference = createPeerReference();
const { trajectories } = reference;

Deno.test("createPeerReference() writes whole episodes", () => {
  for (const { actions, rewards, observations, ...rest } of trajectories) {
    assertEquals(rewards.length, actions.length);
    assertEquals(observations.length, 9 * (actions.length + 1));
    assertEquals(rest.terminated, !rest.truncated);
    assertEquals(rest.truncated, actions.length === 200);
  }
});

Deno.test("createPeerReference() takes every branch of the dynamics", () => {
  const column = (feature: number) =>
    trajectories.flatMap(({ observations }) =>
      observations.filter((_, i) => i % 9 === feature)
    );
  const extremes = (feature: number) => {
    const values = column(feature);
    return [Math.min(...values), Math.max(...values)];
  };
  assert(trajectories.some(({ terminated }) => terminated));
  assert(trajectories.some(({ truncated }) => truncated));
  // Fewest and most instances, at which actions are refused.
  assertEquals(extremes(0), [Math.fround(0.02), 1]);
  const refused = trajectories.filter(({ rewards, name }) =>
    name === "add" && rewards.some((reward) => reward <= -1.05)
  );
  assert(refused.length > 0);
  // An empty queue, and one at which the service fails.
  assertEquals(extremes(3)[0], 0);
  assert(extremes(3)[1] > 1);
  assertEquals(extremes(4), [-1, 1]);
  assertEquals(extremes(6), [-5, 5]);
});

Deno.test("createPeerReference() survives being written as JSON", () => {
  assertEquals(JSON.parse(JSON.stringify(reference)), reference);
});

Deno.test("createPeerReference() begins evaluations within the limits", () => {
  assertEquals(reference.evaluationStarts.length, 10);
  for (const { phase, instances } of reference.evaluationStarts) {
    assert(phase >= 0 && phase < 628);
    assert(instances >= 2 && instances <= 100);
  }
});
