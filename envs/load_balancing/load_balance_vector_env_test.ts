import { assert, assertEquals, assertThrows } from "@std/assert";
import { Random } from "../../core/random.ts";
import { sample } from "../../core/spaces.ts";
import { vectorBuffers, vectorize } from "../vector.ts";
import type { LoadBalanceOptions } from "./env_options.ts";
import { LoadBalanceEnv } from "./load_balance_env.ts";
import { loadBalanceVector } from "./load_balance_vector_env.ts";

const CASES: [string, LoadBalanceOptions][] = [
  ["discrete actions and masks", {
    numServers: 3,
    outages: [{ server: 1, from: 0.4, to: 1 }],
    episodeSeconds: 2,
  }],
  ["weight levels", {
    numServers: 3,
    actionType: "weightLevels",
    observation: "paper",
    episodeSeconds: 2,
  }],
  ["continuous weights", {
    numServers: 3,
    actionType: "continuous",
    warmUpSeconds: 1,
    episodeSeconds: 2,
  }],
];

for (const [name, options] of CASES) {
  Deno.test(`loadBalanceVector() gives the single environments' bytes with ${name}`, () => {
    const count = 3;
    const together = loadBalanceVector(options, count);
    const apart = vectorize(() => new LoadBalanceEnv(options), count);
    const own = vectorBuffers(together);
    const others = vectorBuffers(apart);
    together.reset(own, { seed: 5 });
    apart.reset(others, { seed: 5 });
    const random = new Random(1);
    for (let step = 0; step < 20; step++) {
      const drawn = Array.from(
        { length: count },
        () => sample(together.actionSpace, random),
      );
      const values = drawn.flatMap((action) =>
        typeof action === "number" ? [action] : Array.from<number>(action)
      );
      const actions = together.actionSpace.kind === "box"
        ? Float32Array.from(values)
        : Int32Array.from(values);
      together.step(actions, own);
      apart.step(actions, others);
      assertEquals(own, others, `step ${step}`);
    }
    const saved = together.saveState();
    const actions = together.actionSpace.kind === "box"
      ? new Float32Array(count * 3).fill(1)
      : new Int32Array(count * (name.startsWith("weight") ? 3 : 1));
    together.step(actions, own);
    const after = structuredClone(own);
    together.loadState(saved);
    together.step(actions, own);
    assertEquals(own, after);
  });
}

Deno.test("loadBalanceVector() refuses what it cannot step", () => {
  assertThrows(() => loadBalanceVector({}, 0), RangeError, "0 copies");
  const env = loadBalanceVector({ numServers: 2 }, 1);
  const buffers = vectorBuffers(env);
  assertThrows(() => env.step(Int32Array.of(0), buffers), Error, "reset");
  env.reset(buffers, { seed: 1 });
  assertThrows(
    () => env.step(Int32Array.of(2), buffers),
    RangeError,
    "action 2",
  );
  assert(buffers.observations.every(Number.isFinite));
});
