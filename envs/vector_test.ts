import { assert, assertEquals, assertThrows } from "@std/assert";
import { Random } from "../core/random.ts";
import { discrete } from "../core/spaces.ts";
import { walk, type WalkKind } from "./_walk.ts";
import type { Environment, VectorBuffers } from "./environment.ts";
import { withTimeLimit } from "./time_limit.ts";
import { actionMaskSize, vectorBuffers, vectorize } from "./vector.ts";

const RIGHT = {
  "discrete": Int32Array.of(1, 2),
  "multi-discrete": Int32Array.of(1, 0, 2, 1),
  "box": Float32Array.of(0, 0, 1, 0.5),
} satisfies Record<WalkKind, Int32Array | Float32Array>;
const KINDS = Object.keys(RIGHT) as WalkKind[];

/** A place on a ring of 20, seen as one number. */
function ring(): Environment<number, number> {
  const base = walk();
  let place = 7;
  return {
    ...base,
    observationSpace: discrete(20),
    reset: (options) => ({ ...base.reset(options), observation: place }),
    step: (action) => ({ ...base.step(action), observation: ++place }),
  };
}

Deno.test("vectorBuffers() makes buffers of the environment's sizes", () => {
  const masks = { "discrete": 3, "multi-discrete": 5, "box": 0 };
  for (const kind of KINDS) {
    const buffers = vectorBuffers(vectorize(() => walk(kind), 4));
    assertEquals(buffers.observations.length, 8);
    assertEquals(buffers.finalObservations.length, 8);
    assertEquals(buffers.rewards.length, 4);
    assertEquals(buffers.terminated.length, 4);
    assertEquals(buffers.truncated.length, 4);
    assertEquals(
      buffers.actionMasks,
      new Uint8Array(4 * masks[kind]).fill(1),
    );
    assertEquals(actionMaskSize(walk(kind).actionSpace), masks[kind]);
  }
});

Deno.test("vectorize() steps each copy as a single environment with its seed", () => {
  for (const kind of KINDS) {
    const vector = vectorize(() => withTimeLimit(walk(kind), 5), 2);
    const buffers = vectorBuffers(vector);
    vector.reset(buffers, { seed: 9 });
    const seeds = new Random(9);
    const singles = [0, 1].map(() => withTimeLimit(walk(kind), 5));
    singles.forEach((single, i) => {
      const seed = seeds.integer(0, Number.MAX_SAFE_INTEGER);
      const { observation, info } = single.reset({ seed });
      assertCopy(buffers, i, observation, info.actionMask);
    });
    const actions = RIGHT[kind];
    for (let step = 1; step <= 12; step++) {
      const before = buffers.finalObservations.slice();
      vector.step(actions, buffers);
      singles.forEach((single, i) => {
        const size = actions.length / 2;
        const result = single.step(
          kind === "discrete"
            ? actions[i]
            : actions.slice(i * size, (i + 1) * size),
        );
        assertEquals(buffers.rewards[i], result.reward);
        assertEquals(buffers.terminated[i], result.terminated ? 1 : 0);
        assertEquals(buffers.truncated[i], result.truncated ? 1 : 0);
        const ended = result.terminated || result.truncated;
        const last = buffers.finalObservations.slice(i * 2, i * 2 + 2);
        assertEquals(
          last,
          ended ? result.observation : before.slice(i * 2, i * 2 + 2),
        );
        if (ended && result.info.actionMask) {
          const mask = result.info.actionMask;
          assertEquals(
            buffers.finalActionMasks.slice(
              i * mask.length,
              (i + 1) * mask.length,
            ),
            mask,
          );
        }
        const next = ended ? single.reset() : result;
        assertCopy(buffers, i, next.observation, next.info.actionMask);
      });
      // The first copy stands still until cut, the second walks to the end.
      assertEquals(buffers.truncated[0], step % 5 === 0 ? 1 : 0);
      assertEquals(buffers.terminated[1], step % 3 === 0 ? 1 : 0);
    }
  }
});

function assertCopy(
  buffers: VectorBuffers,
  copy: number,
  observation: Float32Array,
  mask: Uint8Array = new Uint8Array(0),
): void {
  const rows = buffers.observations.slice(copy * 2, copy * 2 + 2);
  assertEquals(rows, observation);
  const start = copy * mask.length;
  assertEquals(
    buffers.actionMasks.slice(start, start + mask.length),
    mask,
  );
}

Deno.test("vectorize() writes a discrete observation as one float", () => {
  const vector = vectorize(ring, 2);
  const buffers = vectorBuffers(vector);
  vector.reset(buffers, { seed: 1 });
  assertEquals(buffers.observations, Float32Array.of(7, 7));
  vector.step(Int32Array.of(1, 1), buffers);
  assertEquals(buffers.observations, Float32Array.of(8, 8));
});

Deno.test("vectorize() fills the masks of an environment without any", () => {
  let masked = true;
  const vector = vectorize(() => {
    const base = walk();
    return {
      ...base,
      step: (action) => ({
        ...base.step(action),
        info: masked ? { actionMask: Uint8Array.of(0, 1, 0) } : {},
      }),
    };
  }, 1);
  const buffers = vectorBuffers(vector);
  vector.reset(buffers);
  vector.step(Int32Array.of(1), buffers);
  assertEquals(buffers.actionMasks, Uint8Array.of(0, 1, 0));
  masked = false;
  vector.step(Int32Array.of(1), buffers);
  assertEquals(buffers.actionMasks, Uint8Array.of(1, 1, 1));
});

Deno.test("vectorize() seeds: copies differ, more copies leave the first", () => {
  const rows = (count: number, seed?: number) => {
    const vector = vectorize(() => walk(), count);
    const buffers = vectorBuffers(vector);
    vector.reset(buffers, { seed });
    return buffers.observations;
  };
  const two = rows(2, 5);
  assert(two[1] !== two[3]);
  assertEquals(rows(4, 5).slice(0, 4), two);
  assert(rows(2, 6)[1] !== two[1]);
  assertEquals(rows(2), rows(2, 0));
});

Deno.test("vectorize() goes on with its streams when reset without a seed", () => {
  const vector = vectorize(() => walk(), 1);
  const buffers = vectorBuffers(vector);
  vector.reset(buffers);
  const first = buffers.observations.slice();
  vector.step(Int32Array.of(2), buffers);
  vector.reset(buffers);
  assert(buffers.observations[1] !== first[1]);
  assertEquals(buffers.rewards[0], 0);
});

Deno.test("vectorize() goes on from a saved state, also in new copies", () => {
  const run = (vector: ReturnType<typeof vectorize>) => {
    const buffers = vectorBuffers(vector);
    return Array.from({ length: 7 }, () => {
      vector.step(Int32Array.of(2, 1), buffers);
      return structuredClone(buffers);
    });
  };
  const make = () => vectorize(() => withTimeLimit(walk(), 4), 2);
  const vector = make();
  vector.reset(vectorBuffers(vector), { seed: 3 });
  vector.step(Int32Array.of(2, 1), vectorBuffers(vector));
  const saved = structuredClone(vector.saveState());
  const expected = run(vector);
  vector.loadState(saved);
  assertEquals(run(vector), expected);
  const fresh = make();
  fresh.loadState(saved);
  assertEquals(run(fresh), expected);
  assertThrows(
    () => fresh.loadState({ ...saved, copies: [] }),
    TypeError,
    "from 0 copies, expected 2",
  );
  assertThrows(() => fresh.loadState({ seeded: true }), TypeError, "undefined");
});

Deno.test("vectorize() refuses wrong actions and buffers", () => {
  const vector = vectorize(() => walk(), 2);
  const buffers = vectorBuffers(vector);
  assertThrows(() => vector.step(Int32Array.of(1, 1), buffers), Error, "yet");
  vector.reset(buffers, { seed: 1 });
  assertThrows(
    () => vector.step(Float32Array.of(1, 1), buffers),
    TypeError,
    "Float32Array actions, expected Int32Array",
  );
  assertThrows(
    () => vector.step(Int32Array.of(1), buffers),
    TypeError,
    "actions of 1 entries, expected 2",
  );
  assertThrows(
    () => vector.step(Int32Array.of(1, 3), buffers),
    RangeError,
    "action 3",
  );
  for (const name of Object.keys(buffers) as (keyof VectorBuffers)[]) {
    const short = { ...buffers, [name]: buffers[name].slice(1) };
    const wanted = `Cannot use ${name} of ${buffers[name].length - 1}`;
    assertThrows(() => vector.reset(short), TypeError, wanted);
    assertThrows(
      () => vector.step(Int32Array.of(1, 1), short),
      TypeError,
      wanted,
    );
  }
});

Deno.test("vectorize() refuses copies that do not belong together", () => {
  for (const count of [0, -1, 1.5, NaN]) {
    assertThrows(() => vectorize(() => walk(), count), RangeError, `${count}`);
  }
  const one = walk();
  assertThrows(() => vectorize(() => one, 2), TypeError, "as several copies");
  assertThrows(
    () => vectorize((i) => walk(i ? "box" : "discrete"), 2),
    TypeError,
    "(copy 1)",
  );
});

Deno.test("vectorize() refuses a mask of another length", () => {
  const vector = vectorize(() => {
    const base = walk();
    return {
      ...base,
      reset: (options) => ({
        ...base.reset(options),
        info: { actionMask: Uint8Array.of(1) },
      }),
    };
  }, 1);
  assertThrows(
    () => vector.reset(vectorBuffers(vector)),
    TypeError,
    "an action mask of Walk-v0 of 1 entries, expected 3",
  );
});
