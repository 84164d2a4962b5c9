import { assert, assertEquals, assertThrows } from "@std/assert";
import type { SpaceValue } from "../../core/spaces.ts";
import { type ActionOptions, createActions } from "./actions.ts";

const OPTIONS: ActionOptions = {
  actionType: "discrete",
  equalAction: true,
  weightLevels: [1, 1.5, 2],
  weightRange: { low: 0.5, high: 4 },
};

const WEIGHTS: [Partial<ActionOptions>, SpaceValue, number[]][] = [
  [{}, 0, [6, 1]],
  [{}, 1, [3, 2]],
  [{}, 2, [3, 1]],
  [{ actionType: "weightLevels" }, Int32Array.of(2, 1), [6, 1.5]],
  [{ actionType: "continuous" }, Float32Array.of(0.5, 4), [1.5, 4]],
];

for (const [options, action, expected] of WEIGHTS) {
  const name = options.actionType ?? "discrete";
  Deno.test(`createActions() turns ${name} ${action} into weights`, () => {
    const actions = createActions(2, { ...OPTIONS, ...options });
    assert(actions.contains(action));
    const base = Float64Array.of(3, 1);
    const weights = new Float64Array(2);
    actions.writeWeights(action, base, weights);
    assertEquals([...weights], expected);
    assertEquals([...base], [3, 1]);
  });
}

const MASKS: [Partial<ActionOptions>, number[], string][] = [
  [{}, [1, 1], "111"],
  [{}, [0, 1], "011"],
  [{}, [0, 0], "001"],
  [{ equalAction: false }, [1, 0], "10"],
  [{ equalAction: false }, [0, 0], "11"],
  [{ actionType: "weightLevels" }, [1, 1], "111111"],
  [{ actionType: "weightLevels" }, [0, 1], "100111"],
  [{ actionType: "continuous" }, [0, 1], ""],
];

for (const [options, up, expected] of MASKS) {
  const name = JSON.stringify(options);
  Deno.test(`createActions() masks ${name} with servers [${up}] up`, () => {
    const actions = createActions(2, { ...OPTIONS, ...options });
    const mask = new Uint8Array(actions.maskSize).fill(7);
    actions.writeMask(up, mask);
    assertEquals([...mask].join(""), expected);
  });
}

Deno.test("createActions() knows which actions there are", () => {
  const contains = (options: Partial<ActionOptions>, action: unknown) =>
    createActions(2, { ...OPTIONS, ...options }).contains(action);
  assert(!contains({}, 3) && !contains({}, -1) && !contains({}, 0.5));
  assert(!contains({ equalAction: false }, 2));
  assert(!contains({ actionType: "weightLevels" }, Int32Array.of(0, 3)));
  assert(!contains({ actionType: "weightLevels" }, Int32Array.of(0)));
  assert(!contains({ actionType: "continuous" }, Float32Array.of(0, 1)));
  assert(!contains({ actionType: "continuous" }, Float32Array.of(NaN, 1)));
});

const REFUSED: [Partial<ActionOptions>, string][] = [
  [{ actionType: "weightLevels", weightLevels: [] }, "0 levels"],
  [{ actionType: "weightLevels", weightLevels: [1, 0] }, "level 0"],
  [{ actionType: "weightLevels", weightLevels: [1, NaN] }, "level NaN"],
  [{ actionType: "continuous", weightRange: { low: 0, high: 1 } }, "least 0"],
  [{
    actionType: "continuous",
    weightRange: { low: 1, high: Infinity },
  }, "most Infinity"],
  [{ actionType: "continuous", weightRange: { low: 2, high: 1 } }, "2"],
  [{ actionType: "all" as "discrete" }, '"all"'],
];

for (const [options, words] of REFUSED) {
  Deno.test(`createActions() refuses ${JSON.stringify(options)}`, () => {
    assertThrows(
      () => createActions(2, { ...OPTIONS, ...options }),
      RangeError,
      words,
    );
  });
}
