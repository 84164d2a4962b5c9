import { assertEquals, assertThrows } from "@std/assert";
import { Random } from "../../core/random.ts";
import { vectorBuffers, vectorize } from "../vector.ts";
import { SDNEnv } from "./sdn_env.ts";
import { sdnVector } from "./sdn_vector_env.ts";

Deno.test("networks together do as single ones do", () => {
  const options = {
    episodeSteps: 7,
    observation: ["utilisations", "weights", "demands"],
  } as const;
  const together = sdnVector(options, 3);
  const singles = vectorize(() => new SDNEnv(options), 3);
  const buffers = [together, singles].map(vectorBuffers);
  const random = new Random(1);
  together.reset(buffers[0], { seed: 5 });
  singles.reset(buffers[1], { seed: 5 });
  for (let i = 0; i < 30; i++) {
    const actions = Float32Array.from(
      { length: 30 },
      () => random.uniform(-1, 1),
    );
    together.step(actions, buffers[0]);
    singles.step(actions, buffers[1]);
    assertEquals(buffers[0], buffers[1]);
  }
  const saved = structuredClone(together.saveState());
  const twin = sdnVector(options, 3);
  twin.loadState(saved);
  const actions = new Float32Array(30).fill(0.5);
  together.step(actions, buffers[0]);
  twin.step(actions, buffers[1]);
  assertEquals(buffers[0], buffers[1]);
});

Deno.test("actions outside the space are refused", () => {
  const together = sdnVector({}, 2);
  const buffers = vectorBuffers(together);
  assertThrows(
    () => together.step(new Float32Array(20), buffers),
    Error,
    "reset",
  );
  together.reset(buffers);
  assertThrows(
    () => together.step(new Float32Array(20).fill(2), buffers),
    RangeError,
    "copy 0",
  );
});
