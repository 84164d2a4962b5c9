import { assertEquals, assertThrows } from "@std/assert";
import { makeVectorEnvironment } from "../../envs/registry.ts";
import { chainEnv, cutEnv, targetEnv } from "../_test_envs.ts";
import { type Discretiser, identityDiscretiser } from "./discretisers.ts";
import type { TabularWorld } from "./q_learning.ts";
import { tabularWorld } from "./tabular_world.ts";

const TWO_STATES: Discretiser = {
  name: "rows",
  states: 2,
  unseenAction: 0,
  stateOf: (observation) => observation.indexOf(1),
};

const RIGHT = 1;

function cliff(seed = 1): TabularWorld {
  const env = makeVectorEnvironment({ id: "CliffWalking-v1", options: {} }, 1);
  return tabularWorld(env, { states: identityDiscretiser(48), seed });
}

Deno.test("tabularWorld() steps numbered states", () => {
  const world = cliff();
  assertEquals([world.states, world.actions], [48, 4]);
  assertEquals(world.reset(), 36);
  const states = [0, RIGHT].map((action) => world.step(action));
  assertEquals(states, [24, 25]);
  assertEquals([world.reward, world.terminated, world.truncated], [
    -1,
    false,
    false,
  ]);
  // Down, into the cliff: back to the start, and on.
  assertEquals([world.step(2), world.reward], [36, -100]);
});

Deno.test("tabularWorld() returns the last state of an episode, then the first", () => {
  const world = cliff();
  world.reset();
  world.step(0);
  for (let i = 0; i < 11; i++) world.step(RIGHT);
  assertEquals([world.step(2), world.terminated, world.reward], [47, true, -1]);
  assertEquals(world.reset(), 36);
  assertEquals(world.step(0), 24);
});

Deno.test("tabularWorld() tells a cut from an end, and what followed it", () => {
  const world = tabularWorld(cutEnv(), { states: TWO_STATES, seed: 3 });
  for (let episode = 0; episode < 20; episode++) {
    const first = world.reset();
    assertEquals(world.step(0), 1 - first);
    assertEquals(world.truncated, false);
    // The next episode's first state is drawn anew; this one's last is not.
    assertEquals(world.step(0), first);
    assertEquals([world.terminated, world.truncated], [false, true]);
  }
});

Deno.test("tabularWorld() goes on from a saved state", () => {
  const walk = (world: TabularWorld, steps: number) =>
    Array.from({ length: steps }, (_, i) => {
      const state = world.step(i % 2);
      if (!world.terminated && !world.truncated) return state;
      return [state, world.reset()];
    });
  const create = (seed: number) =>
    tabularWorld(chainEnv(), { states: TWO_STATES, seed });
  const first = create(1);
  walk(first, 13);
  const saved = structuredClone(first.saveState());
  const second = create(2);
  second.loadState(saved);
  assertEquals(second.reset(), first.reset());
  assertEquals(walk(second, 50), walk(first, 50));
});

Deno.test("tabularWorld() throws for several copies and for actions without numbers", () => {
  for (const env of [chainEnv(2), targetEnv()]) {
    assertThrows(
      () => tabularWorld(env, { states: TWO_STATES, seed: 1 }),
      TypeError,
      `states of ${env.count} copies of ${env.id}: expected one copy with discrete actions`,
    );
  }
});
