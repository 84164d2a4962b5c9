import { assert, assertEquals, assertThrows } from "@std/assert";
import type { SpaceValue } from "../core/spaces.ts";
import type { State } from "../core/state.ts";
import { walk, type WalkKind } from "./_walk.ts";
import { assertEnv, checkEnv } from "./check_env.ts";
import type { Environment, StepResult } from "./environment.ts";
import {
  makeReferenceEnvironment,
  REFERENCE_ENVIRONMENTS,
} from "./reference/registry.ts";
import { withTimeLimit } from "./time_limit.ts";

type Walk = Environment<Float32Array, SpaceValue>;
type Result = StepResult<Float32Array>;

/** The walk with some of its parts replaced. */
function walkWith(
  parts: (base: Walk) => Partial<Walk>,
  kind?: WalkKind,
): () => Walk {
  return () => {
    const base = walk(kind);
    return { ...base, ...parts(base) };
  };
}

/** The walk whose steps' results are changed. */
function resultsWith(
  change: (result: Result, action: SpaceValue) => object,
  kind?: WalkKind,
): () => Walk {
  return walkWith((base) => ({
    step(action) {
      const result = base.step(action);
      return { ...result, ...change(result, action) } as Result;
    },
  }), kind);
}

/** The walk whose saved states are changed, and changed back. */
function savedWith(
  save: (state: State) => unknown,
  load: (state: State) => State = (state) => state,
): () => Walk {
  return walkWith((base) => ({
    saveState: () => save(base.saveState()) as State,
    loadState: (state) => base.loadState(load(state)),
  }));
}

let everything = 0;

/** Environments that break the contract, and what is said of them. */
const BROKEN: Record<string, [() => Environment, string]> = {
  "has no name": [walkWith(() => ({ id: "" })), "id is "],
  "names too few numbers": [
    walkWith(() => ({ observationNames: ["place"] })),
    'observationNames are ["place"], expected 2 that differ',
  ],
  "leaves the space": [
    resultsWith(() => ({ observation: Float32Array.of(0, 2) })),
    "observation Float32Array(0,2) lies outside Box(2)",
  ],
  "begins outside the space": [
    walkWith((base) => ({
      reset: (options) => ({
        ...base.reset(options),
        observation: Float32Array.of(0, -1),
      }),
    })),
    "observation Float32Array(0,-1) lies outside Box(2)",
  ],
  "sees 64-bit floats": [
    resultsWith(() => ({ observation: Float64Array.of(0, 0) })),
    "observation Float64Array(0,0) lies outside",
  ],
  "sees a list": [
    resultsWith(() => ({ observation: [0, 0] })),
    "observation Array(0,0) lies outside",
  ],
  "sees too much": [
    resultsWith(() => ({ observation: new Float32Array(3) })),
    "observation Float32Array(0,0,0) lies outside",
  ],
  "returns the same array": [
    () => {
      const kept = new Float32Array(2);
      return resultsWith(({ observation }) => {
        kept.set(observation);
        return { observation: kept };
      })();
    },
    "not fresh",
  ],
  "returns the same mask": [
    () => {
      const kept = new Uint8Array(3);
      return resultsWith(({ info }) => {
        kept.set(info.actionMask!);
        return { info: { actionMask: kept } };
      })();
    },
    "not fresh",
  ],
  "goes on from the array returned": [
    () => {
      let last = new Float32Array(2);
      return walkWith((base) => ({
        reset(options) {
          const result = base.reset(options);
          last = new Float32Array(result.observation);
          return { ...result, observation: last };
        },
        step(action) {
          const result = base.step(action);
          const reward = last[1];
          last = new Float32Array(result.observation);
          return { ...result, reward, observation: last };
        },
      }))();
    },
    "overwriting a returned observation or mask changes later steps",
  ],
  "draws without the seed": [
    resultsWith(() => ({ reward: everything++ })),
    "one seed gives another trajectory in a new environment",
  ],
  "keeps something through a reset": [
    () => {
      let count = 0;
      return resultsWith(() => ({ reward: count++ }))();
    },
    "one seed gives another trajectory in the same environment",
  ],
  "begins anywhere when unseeded": [
    walkWith((base) => ({
      reset: (options) => base.reset(options ?? { seed: everything++ }),
    })),
    "never seeded begin differently",
  ],
  "steps before the first reset": [
    () => {
      const base = walk();
      base.reset();
      return base;
    },
    "step() before the first reset does not throw",
  ],
  "steps on after the end": [
    () => {
      let last: Result | undefined;
      return walkWith((base) => ({
        reset(options) {
          last = undefined;
          return base.reset(options);
        },
        step(action) {
          if (last?.terminated) return last;
          last = base.step(action);
          return last;
        },
      }))();
    },
    "step() after the episode's end does not throw",
  ],
  "forgets that it has ended": [
    savedWith((state) => ({ ...state, running: true })),
    "saved after the episode's end can be stepped from",
  ],
  "takes any action": [
    walkWith((base) => ({ step: (action) => base.step(Number(action) % 1) })),
    "step() with action 3 does not throw, expected RangeError",
  ],
  "throws the wrong error": [
    walkWith((base) => ({
      step(action) {
        if (action === 3) throw new TypeError("no");
        return base.step(action);
      },
    })),
    "step() with action 3 throws TypeError: no, expected RangeError",
  ],
  "takes torque beyond the bounds": [
    walkWith((base) => ({
      step: (action) => base.step((action as Float32Array).map((x) => x % 1)),
    }), "box"),
    "a number above the bound in entry 0 does not throw",
  ],
  "takes any choice": [
    walkWith((base) => ({
      step(action) {
        const [first, second] = action as Int32Array;
        return base.step(Int32Array.of(first, second & 1));
      },
    }), "multi-discrete"),
    "step() with choice 2 in entry 1 does not throw",
  ],
  "moves before it refuses": [
    walkWith((base) => ({
      step(action) {
        if (action === 3) base.step(1);
        return base.step(action);
      },
    })),
    "step() with action 3 throws, but changes the environment",
  ],
  "changes the action": [
    resultsWith((_, action) => {
      (action as Float32Array)[0] = 0;
      return {};
    }, "box"),
    "step() changes the action given",
  ],
  "rewards with NaN": [
    resultsWith(() => ({ reward: NaN })),
    "reward is NaN, expected a finite number",
  ],
  "rewards with text": [
    resultsWith(() => ({ reward: "1" })),
    "reward is 1, expected a finite number",
  ],
  "ends with a number": [
    resultsWith(({ terminated }) => ({ terminated: Number(terminated) })),
    "terminated is 0, expected true or false",
  ],
  "does not say whether it was cut": [
    resultsWith(() => ({ truncated: undefined })),
    "truncated is undefined, expected true or false",
  ],
  "ends twice": [
    resultsWith(({ terminated }) => ({ truncated: terminated })),
    "both terminated and truncated",
  ],
  "has no info": [resultsWith(() => ({ info: null })), "info"],
  "masks now and then": [
    resultsWith(({ reward, info }) => (reward < 0.5 ? { info: {} } : { info })),
    "action mask at some times only",
  ],
  "masks too little": [
    resultsWith(() => ({ info: { actionMask: Uint8Array.of(1, 1) } })),
    "action mask is Uint8Array(1,1), expected Uint8Array of 3",
  ],
  "masks with a list": [
    resultsWith(() => ({ info: { actionMask: [1, 1, 1] } })),
    "action mask is Array(1,1,1), expected Uint8Array of 3",
  ],
  "masks with numbers": [
    resultsWith(() => ({ info: { actionMask: Uint8Array.of(0, 1, 2) } })),
    "action mask 0,1,2 has entries other than 0 and 1",
  ],
  "allows nothing": [
    resultsWith(() => ({ info: { actionMask: new Uint8Array(3) } })),
    "action mask 0,0,0 allows nothing",
  ],
  "refuses masked actions at whim": [
    () => {
      let place = 0;
      let steps = 0;
      return walkWith((base) => ({
        reset(options) {
          place = steps = 0;
          return base.reset(options);
        },
        step(action) {
          if (place === 0 && action === 0 && steps > 3) {
            throw new RangeError("not now");
          }
          const result = base.step(action);
          place = result.observation[0];
          steps++;
          return result;
        },
        saveState: () => ({ ...base.saveState(), place, steps }),
        loadState(state) {
          base.loadState(state);
          place = state.place as number;
          steps = state.steps as number;
        },
      }))();
    },
    "masked actions are refused sometimes and taken at other times",
  ],
  "throws the wrong error for masked actions": [
    walkWith((base) => ({
      step(action) {
        if (action === 0 && (base.saveState().state as Float64Array)[0] <= 0) {
          throw new Error("masked");
        }
        return base.step(action);
      },
    })),
    "a masked action throws Error: masked, expected RangeError",
  ],
  "saves a live view": [
    () => {
      const live = new Float64Array(2);
      return walkWith((base) => ({
        step(action) {
          const result = base.step(action);
          live.set(base.saveState().state as Float64Array);
          return result;
        },
        reset(options) {
          const result = base.reset(options);
          live.set(base.saveState().state as Float64Array);
          return result;
        },
        saveState: () => ({ ...base.saveState(), state: live }),
        loadState(state) {
          base.loadState(state);
          live.set(state.state as Float64Array);
        },
      }))();
    },
    "saveState() is no copy: later steps change it",
  ],
  "goes on in the state given": [
    () => {
      let loaded: State = {};
      return walkWith((base) => ({
        step(action) {
          if (loaded.state) (loaded.state as Float64Array)[1] = 0.5;
          return base.step(action);
        },
        loadState(state) {
          loaded = state;
          base.loadState(state);
        },
      }))();
    },
    "loadState() makes no copy",
  ],
  "does not save its stream": [
    savedWith((state) => ({ ...state, random: Uint32Array.of(1, 2, 3, 4) })),
    "the same environment goes on differently from a restored state",
  ],
  "does not save what the seed made": [
    () => {
      let bonus = 0;
      return walkWith((base) => ({
        reset(options) {
          bonus = options?.seed === undefined ? bonus : 1;
          return base.reset(options);
        },
        step(action) {
          const result = base.step(action);
          return { ...result, reward: result.reward + bonus };
        },
      }))();
    },
    "a new environment goes on differently from a restored state",
  ],
  "does not restore a count": [
    () => {
      let count = 0;
      return walkWith((base) => ({
        reset(options) {
          count = 0;
          return base.reset(options);
        },
        step(action) {
          count++;
          return base.step(action);
        },
        saveState: () => ({ ...base.saveState(), count }),
      }))();
    },
    "a state restored into the same environment is saved differently",
  ],
  "saves differently each time": [
    savedWith((state) => ({ ...state, count: everything++ })),
    "saving twice gives different states",
  ],
  "saves a function": [
    savedWith((state) => ({ ...state, next: () => 1 })),
    'saved state has function at "next"',
  ],
  "cannot be cloned": [
    savedWith((state) => ({ ...state, next: () => 1 })),
    "structuredClone() of the saved state throws",
  ],
  "saves a map": [
    savedWith((state) => ({ ...state, deep: { places: [new Map()] } })),
    'saved state has Map at "deep.places.0"',
  ],
  "forgets that it has not begun": [
    savedWith((state) => ({ ...state, running: true, begun: true })),
    "saved before the first reset can be stepped from",
  ],
  "breaks down": [
    resultsWith(() => {
      throw new Error("boom");
    }),
    "taking random actions throws Error: boom",
  ],
};

Deno.test("checkEnv() finds nothing in environments that keep the contract", () => {
  for (const kind of ["discrete", "multi-discrete", "box"] as const) {
    assertEquals(checkEnv(() => walk(kind)), [], kind);
    assertEquals(checkEnv(() => withTimeLimit(walk(kind), 5)), [], kind);
  }
  for (const id of REFERENCE_ENVIRONMENTS) {
    assertEquals(checkEnv(() => makeReferenceEnvironment(id)), [], id);
  }
});

Deno.test("checkEnv() accepts masked actions that are always refused", () => {
  const strict = walkWith((base) => ({
    step(action) {
      if (action === 0 && (base.saveState().state as Float64Array)[0] <= 0) {
        throw new RangeError("masked");
      }
      return base.step(action);
    },
  }));
  assertEquals(checkEnv(strict), []);
});

for (const [name, [make, problem]] of Object.entries(BROKEN)) {
  Deno.test(`checkEnv() finds an environment that ${name}`, () => {
    const problems = checkEnv(make, { steps: 100 });
    assert(
      problems.some((found) => found.includes(problem)),
      `expected "${problem}", found:\n${problems.join("\n")}`,
    );
  });
}

Deno.test("assertEnv() throws with all problems", () => {
  assertEnv(() => walk(), { steps: 20, seed: 5 });
  assertThrows(
    () => assertEnv(BROKEN["rewards with NaN"][0]),
    Error,
    "Cannot accept Walk-v0 as an environment, found:\n- reward is NaN",
  );
});
