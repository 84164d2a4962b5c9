import { assertEquals, assertThrows } from "@std/assert";
import { Random } from "../../core/random.ts";
import { sample } from "../../core/spaces.ts";
import { vectorBuffers, vectorize } from "../vector.ts";
import {
  makeReferenceEnvironment,
  makeReferenceVectorEnvironment,
  REFERENCE_ENVIRONMENTS,
} from "./registry.ts";

Deno.test("makeReferenceEnvironment() makes what the name says", () => {
  for (const id of REFERENCE_ENVIRONMENTS) {
    assertEquals(makeReferenceEnvironment(id).id, id);
    assertEquals(makeReferenceVectorEnvironment(id, 2).id, id);
  }
});

Deno.test("makeReferenceEnvironment() names the nearest of unknown names", () => {
  for (
    const [id, nearest] of [
      ["Cartpole-v1", "CartPole-v1"],
      ["FrozenLake8x8-v0", "FrozenLake8x8-v1"],
      ["constructor", "Acrobot-v1"],
    ]
  ) {
    const message = `Cannot make environment "${id}", did you mean `;
    const wanted = id === "constructor" ? message : message + nearest;
    assertThrows(() => makeReferenceEnvironment(id), RangeError, wanted);
    assertThrows(
      () => makeReferenceVectorEnvironment(id, 1),
      RangeError,
      wanted,
    );
  }
});

Deno.test("makeReferenceVectorEnvironment() steps as vectorize() does", () => {
  for (const id of REFERENCE_ENVIRONMENTS) {
    const fast = makeReferenceVectorEnvironment(id, 3);
    const plain = vectorize(() => makeReferenceEnvironment(id), 3);
    const fastBuffers = vectorBuffers(fast);
    const plainBuffers = vectorBuffers(plain);
    fast.reset(fastBuffers, { seed: 2 });
    plain.reset(plainBuffers, { seed: 2 });
    const random = new Random(3);
    let ends = 0;
    for (let step = 0; step < 1100; step++) {
      const drawn = [0, 1, 2].map(() => sample(fast.actionSpace, random));
      const actions = fast.actionSpace.kind === "box"
        ? Float32Array.from(drawn.map((action) => (action as Float32Array)[0]))
        : Int32Array.from(drawn as number[]);
      fast.step(actions, fastBuffers);
      plain.step(actions, plainBuffers);
      // Whole-buffer comparisons are slow; sums of them are not.
      for (const name of Object.keys(fastBuffers) as "rewards"[]) {
        fastBuffers[name].forEach((value, i) => {
          if (!Object.is(value, plainBuffers[name][i])) {
            throw new Error(`${id}, step ${step}: ${name} ${i} differ`);
          }
        });
      }
      ends += fastBuffers.truncated[0] + fastBuffers.terminated[0];
      if (step % 275 === 0) {
        assertEquals(fast.saveState(), plain.saveState());
        fast.loadState(plain.saveState());
      }
    }
    assertEquals(ends > 0, !id.startsWith("Cliff"), id);
  }
});

Deno.test("makeReferenceVectorEnvironment() refuses wrong use", () => {
  const vector = makeReferenceVectorEnvironment("CartPole-v1", 2);
  const buffers = vectorBuffers(vector);
  const rest = Int32Array.of(0, 0);
  assertThrows(() => vector.step(rest, buffers), Error, "before its first");
  vector.reset(buffers, { seed: 1 });
  assertThrows(() => vector.step(Int32Array.of(0, 2), buffers), RangeError);
  assertThrows(
    () => makeReferenceVectorEnvironment("CartPole-v1", 0),
    RangeError,
  );
  const saved = vector.saveState();
  const broken = { ...saved, copies: [{}, {}] };
  assertThrows(() => vector.loadState(broken), TypeError, '"steps"');
});
