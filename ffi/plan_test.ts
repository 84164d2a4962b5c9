import { assertEquals, assertThrows } from "@std/assert";
import {
  LOAD_MEMORY,
  OP_ADD,
  OP_EXP,
  PLAN_GATHER,
  PLAN_MAGIC,
  PLAN_MAP,
  PLAN_VERSION,
  STORE_F32,
  STORE_SUM_F32,
} from "./_symbols.ts";
import { nativeLibrary } from "./library.ts";
import { NativePlan } from "./plan.ts";

const library = nativeLibrary()!;
const ignore = library === undefined;
const LENGTH = 100;
/** Two arrays, their sum, and the sum of that. */
const ARENA = 3 * LENGTH + 1;

/** A plan's words: instructions are an opcode and what follows its length. */
function planWords(arena: number, ...instructions: number[][]) {
  return Uint32Array.of(
    PLAN_MAGIC,
    PLAN_VERSION,
    arena,
    instructions.length,
    ...instructions.flatMap(([opcode, ...payload]) => [
      opcode,
      payload.length + 2,
      ...payload,
    ]),
  );
}

/** c = a + b of arrays one after the other, then the sum of c. */
const ADDITION = planWords(
  ARENA,
  // deno-fmt-ignore
  [
    PLAN_MAP, 1, 2, 0, 1, 2, 3, LENGTH,
    0, LOAD_MEMORY, 0, 1,
    1, LOAD_MEMORY, LENGTH, 1,
    OP_ADD, 2, 0, 1, 0,
    2, STORE_F32, 2 * LENGTH, 1,
    2, STORE_SUM_F32, 3 * LENGTH, 0,
  ],
);

function addition() {
  const arena = new Uint32Array(ARENA);
  const floats = new Float32Array(arena.buffer);
  for (let i = 0; i < 2 * LENGTH; i++) floats[i] = i;
  return { arena, floats };
}

Deno.test({
  name: "NativePlan.run() computes in the arena",
  ignore,
  fn: () => {
    using plan = new NativePlan(library, ADDITION);
    const { arena, floats } = addition();
    plan.run(arena);
    const wanted = Array.from({ length: LENGTH }, (_, i) => 2 * i + LENGTH);
    assertEquals([...floats.subarray(2 * LENGTH, 3 * LENGTH)], wanted);
    assertEquals(floats[3 * LENGTH], wanted.reduce((a, b) => a + b));
    assertEquals([...floats.subarray(0, 3)], [0, 1, 2]);
  },
});

Deno.test({
  name: "NativePlan() refuses words that are no plan",
  ignore,
  fn: () => {
    const changed = (at: number, word: number) => {
      const words = ADDITION.slice();
      words[at] = word;
      return words;
    };
    const table = [
      new Uint32Array(),
      Uint32Array.of(PLAN_MAGIC),
      ADDITION.subarray(0, -1),
      changed(0, 1),
      changed(1, PLAN_VERSION + 1),
      // An arena that is a word too short, and an op that there is not.
      changed(2, ARENA - 1),
      changed(ADDITION.indexOf(OP_ADD, 20), 99),
      planWords(0, [77]),
    ];
    for (const words of table) {
      assertThrows(
        () => new NativePlan(library, words),
        TypeError,
        "Cannot make a plan: the words are no plan, or touch what lies outside of the arena",
      );
    }
  },
});

Deno.test({
  name: "NativePlan.run() refuses an arena of another length",
  ignore,
  fn: () => {
    using plan = new NativePlan(library, ADDITION);
    for (const length of [0, ARENA - 1, ARENA + 1]) {
      for (const method of ["run", "runChecked"] as const) {
        assertThrows(
          () => plan[method](new Uint32Array(length)),
          TypeError,
          "Cannot run a plan: the arena is not as long as the plan says",
        );
      }
    }
  },
});

Deno.test({
  name: "NativePlan.run() refuses an index outside of its axis",
  ignore,
  fn: () => {
    using plan = new NativePlan(
      library,
      planWords(8, [PLAN_GATHER, 1, 1, 1, 4, 0, 4, 0, 5]),
    );
    const arena = Uint32Array.of(7, 8, 9, 10, 2, 0, 0, 0);
    plan.run(arena);
    assertEquals(arena[5], 9);
    arena[4] = 4;
    assertThrows(() => plan.run(arena), RangeError, "Cannot run a plan: an");
  },
});

Deno.test({
  name: "NativePlan.runChecked() finds what stored no finite number",
  ignore,
  fn: () => {
    const exp = (from: number, to: number) => [
      ...[PLAN_MAP, 1, 1, 0, 1, 1, 1, 4, 0, LOAD_MEMORY, from, 1],
      ...[OP_EXP, 0, 0, 0, 0, 0, STORE_F32, to, 1],
    ];
    using plan = new NativePlan(
      library,
      planWords(12, exp(0, 4), exp(4, 8)),
    );
    const arena = new Uint32Array(12);
    const floats = new Float32Array(arena.buffer);
    assertEquals(plan.runChecked(arena), undefined);
    floats[3] = 10;
    assertEquals(plan.runChecked(arena), 1);
    floats[2] = NaN;
    assertEquals(plan.runChecked(arena), 0);
    plan.run(arena);
  },
});

Deno.test({
  name: "NativePlan.close() ends a plan once",
  ignore,
  fn: () => {
    const plan = new NativePlan(library, ADDITION);
    plan.close();
    plan.close();
    plan[Symbol.dispose]();
    for (const method of ["run", "runChecked"] as const) {
      assertThrows(
        () => plan[method](new Uint32Array(ARENA)),
        TypeError,
        "Cannot run a plan: the handle is closed, or was never given out",
      );
    }
    // The next one may lie in the same place.
    using next = new NativePlan(library, ADDITION);
    assertThrows(() => plan.run(new Uint32Array(ARENA)), TypeError);
    next.run(new Uint32Array(ARENA));
  },
});

Deno.test({
  name: "NativePlan() refuses to be one too many",
  ignore,
  fn: () => {
    const words = planWords(0);
    const plans: NativePlan[] = [];
    try {
      assertThrows(
        () => {
          for (let i = 0; i <= 16384; i++) {
            plans.push(new NativePlan(library, words));
          }
        },
        RangeError,
        "Cannot make a plan: too many plans are open, expected 16384 at most",
      );
    } finally {
      for (const plan of plans) plan.close();
    }
    using plan = new NativePlan(library, words);
    plan.run(new Uint32Array());
  },
});

/** Runs plans of its own in a worker, and tells how many sums were wrong. */
const WORKER = `
  import { requireLibrary } from ${url("./library.ts")};
  import { NativePlan } from ${url("./plan.ts")};
  onmessage = ({ data: { words, length, runs } }) => {
    const library = requireLibrary("run a plan");
    const arena = new Uint32Array(3 * length + 1);
    const floats = new Float32Array(arena.buffer);
    let wrong = 0;
    for (let run = 0; run < runs; run++) {
      using plan = new NativePlan(library, words);
      using other = new NativePlan(library, words);
      for (const each of [plan, other, plan]) {
        floats.fill(run, 0, 2 * length);
        each.run(arena);
        if (floats[3 * length] !== 2 * length * run) wrong++;
      }
    }
    postMessage(wrong);
    self.close();
  };
`;

function url(path: string): string {
  return JSON.stringify(new URL(path, import.meta.url).href);
}

Deno.test({
  name: "NativePlan.run() runs in several workers at once",
  ignore,
  fn: async () => {
    const source = URL.createObjectURL(
      new Blob([WORKER], { type: "application/typescript" }),
    );
    try {
      const results = await Promise.all(
        [0, 1].map(() =>
          new Promise((resolve, reject) => {
            const worker = new Worker(source, { type: "module" });
            worker.onmessage = ({ data }) => resolve(data);
            worker.onerror = reject;
            worker.postMessage({ words: ADDITION, length: LENGTH, runs: 2000 });
          })
        ),
      );
      assertEquals(results, [0, 0]);
    } finally {
      URL.revokeObjectURL(source);
    }
  },
});
