/**
 * Several compiled steps over the same variables, while others assign them.
 *
 * @module
 */
import { assertEquals } from "@std/assert";
import { Random } from "../../core/random.ts";
import { selectDevice } from "../devices.ts";
import * as tf from "../tensorflow.ts";
import { compile, type CompiledStep } from "./compile.ts";
import { useNative } from "./_testing.ts";

/** Whole numbers small enough that all devices compute the same. */
type Vectors = number[][];

/** A step on vectors of three, and on tensors. */
interface Kind {
  plain(state: Vectors, x: number[]): number[];
  step(state: readonly tf.Variable[], x: tf.Tensor): tf.Tensor;
  /** Places of variables that it uses. */
  uses: readonly number[];
}

const wrap = (x: number) => ((x % 7) + 7) % 7;
const wrapped = (x: tf.Tensor) => tf.mod(x, 7) as tf.Tensor1D;
const pairwise = (a: number[], b: number[]) => a.map((x, i) => wrap(x + b[i]));

/** Steps that read, add, exchange, turn round, and share. */
const KINDS: Kind[] = [
  {
    uses: [0, 1],
    plain(state, x) {
      state[0] = pairwise(state[0], x);
      return pairwise(state[0], state[1]);
    },
    step(state, x) {
      state[0].assign(wrapped(tf.add(state[0], x)));
      return wrapped(tf.add(state[0], state[1]));
    },
  },
  {
    uses: [1, 2],
    plain(state) {
      [state[1], state[2]] = [state[2], state[1]];
      return state[1];
    },
    step(state) {
      const old = tf.clone(state[1]);
      state[1].assign(state[2]);
      state[2].assign(old);
      return state[1];
    },
  },
  {
    uses: [0, 1, 2],
    plain: (state) => pairwise(pairwise(state[0], state[1]), state[2]),
    step: (state) => wrapped(tf.addN([state[0], state[1], state[2]])),
  },
  {
    uses: [2, 0],
    plain(state, x) {
      state[0] = [...state[2]].reverse();
      state[2] = pairwise(state[2], x);
      state[0] = pairwise(state[0], x);
      return state[2];
    },
    step(state, x) {
      state[0].assign(tf.reverse(state[2] as tf.Tensor1D));
      state[2].assign(wrapped(tf.add(state[2], x)));
      state[0].assign(wrapped(tf.add(state[0], x)));
      return state[2];
    },
  },
  {
    uses: [1],
    plain(state) {
      state[1] = state[1].map(() => wrap(state[1][0] + state[1][1]));
      return state[1];
    },
    step(state) {
      const sum = tf.sum(tf.slice(state[1], [0], [2]));
      state[1].assign(wrapped(tf.add(tf.zeros([3]), sum)));
      return state[1];
    },
  },
];

/** Runs something, every other time inside of `tf.tidy`. */
function inside(random: Random, run: () => void): void {
  if (random.uniform() < 0.5) tf.tidy(run);
  else run();
}

async function interleave(seed: number): Promise<void> {
  const random = new Random(seed);
  const draw = () => Array.from({ length: 3 }, () => random.integer(0, 6));
  const plain: Vectors = [draw(), draw(), draw()];
  const device = random.choice(["native", "wasm"] as const);
  await selectDevice(device, { parameters: 1, batchSize: 1 });
  const state = plain.map((values) =>
    tf.tidy(() => tf.variable(tf.tensor1d(values)))
  );
  await useNative();
  const kept: { tensor: tf.Tensor; values: number[] }[] = [];
  const plans: {
    kind: Kind;
    run: CompiledStep<{ readonly x: readonly [3] }, tf.Tensor>;
  }[] = [];
  const make = () => {
    const kind = random.choice(KINDS);
    const uses = kind.uses.map((v) => state[v]);
    const build = () =>
      compile(({ x }) => kind.step(state, x), {
        inputs: { x: [3] },
        variables: random.uniform() < 0.5 ? uses : state,
      });
    inside(random, () => void plans.push({ kind, run: build() }));
  };
  const events: (() => void | Promise<void>)[] = [
    make,
    ...new Array(6).fill(() => {
      if (plans.length === 0) make();
      const { kind, run } = random.choice(plans);
      const x = draw();
      const expected = kind.plain(plain, x);
      inside(random, () => {
        const given = tf.tensor1d(x);
        const result = run({ x: random.uniform() < 0.5 ? x : given });
        assertEquals(Array.from(result.dataSync()), expected);
        given.dispose();
      });
    }),
    () => {
      const [a, b] = [random.integer(0, 2), random.integer(0, 2)];
      if (a === b) return;
      state[a].assign(state[b]);
      plain[a] = plain[b];
    },
    () => {
      const v = random.integer(0, 2);
      plain[v] = draw();
      tf.tidy(() => state[v].assign(tf.tensor1d(plain[v])));
    },
    () => {
      const v = random.integer(0, 2);
      const tensor = random.choice([
        () => tf.clone(state[v]),
        () => tf.reshape(state[v], [3, 1]),
        () => tf.slice(state[v], [0], [3]),
      ])();
      kept.push({ tensor, values: plain[v] });
    },
    () => {
      if (plans.length === 0) return;
      const [{ run }] = plans.splice(random.integer(0, plans.length - 1), 1);
      run.dispose();
    },
    // Elsewhere variables are read, and sometimes assigned.
    async () => {
      const device = random.choice(["wasm", "cpu"] as const);
      await selectDevice(device, { parameters: 1, batchSize: 1 });
      const v = random.integer(0, 2);
      tf.tidy(() => {
        const sum = tf.add(state[v], 1);
        sum.dataSync();
        if (random.uniform() < 0.5) return;
        state[v].assign(wrapped(sum));
        plain[v] = plain[v].map((x) => wrap(x + 1));
      });
      if (random.uniform() < 0.3) state[v].dataSync();
      await useNative();
    },
  ];
  for (let i = 0; i < 60; i++) {
    await random.choice(events)();
    const looked = random.integer(0, 2);
    assertEquals(Array.from(state[looked].dataSync()), plain[looked]);
    for (const { tensor, values } of kept) {
      assertEquals(Array.from(tensor.dataSync()), values);
    }
  }
  const early = random.uniform() < 0.5;
  if (early) tf.dispose(state);
  for (const { run } of plans) run.dispose();
  if (!early) {
    state.forEach((variable, v) =>
      assertEquals(Array.from(variable.dataSync()), plain[v])
    );
    tf.dispose(state);
  }
  tf.dispose(kept.map(({ tensor }) => tensor));
}

const SEEDS = 60;

Deno.test("compiled steps, eager assignments and other devices share variables in any order", async () => {
  await useNative();
  const { numTensors } = tf.memory();
  for (let seed = 0; seed < SEEDS; seed++) {
    try {
      await interleave(seed);
    } catch (error) {
      throw new Error(`seed ${seed}: ${(error as Error).message}`);
    }
    assertEquals(tf.memory().numTensors, numTensors, `seed ${seed}`);
  }
});

Deno.test("a compiled step updates a variable that was shared and read elsewhere", async () => {
  await useNative();
  const total = tf.variable(tf.tensor1d([1, 2]));
  using add = compile(({ terms }) => {
    total.assign(tf.add(total, terms) as tf.Tensor1D);
  }, { inputs: { terms: [2] }, variables: [total] });
  add({ terms: [1, 1] });
  const kept = tf.clone(total);
  await selectDevice("wasm", { parameters: 1, batchSize: 1 });
  tf.tidy(() => tf.add(total, 1).dataSync());
  await useNative();
  add({ terms: [1, 1] });
  assertEquals(Array.from(total.dataSync()), [3, 4]);
  assertEquals(Array.from(kept.dataSync()), [2, 3]);
});
