import {
  assert,
  assertAlmostEquals,
  assertEquals,
  assertLess,
  assertThrows,
} from "@std/assert";
import { Random } from "../../core/random.ts";
import { box, discrete, multiDiscrete } from "../../core/spaces.ts";
import { createPerceptron } from "../../learning/perceptron.ts";
import { type Actor, createActor, createActorPolicy } from "./actor.ts";

/** An actor of one observation, 0, whose outputs are those given. */
function discreteActor(logits: number[]): Actor {
  return createActor(discrete(logits.length), {
    network: createPerceptron([1, logits.length], "tanh", {
      parameters: Float32Array.from([...logits.map(() => 0), ...logits]),
    }),
    logStd: new Float32Array(0),
  });
}

function draw(
  actor: Actor,
  rows: number,
  { mask, size = 1, seed = 1 }: {
    mask: number[];
    size?: number;
    seed?: number;
  },
) {
  const actions = new Float32Array(rows * size);
  const logProbabilities = new Float32Array(rows).fill(99);
  const masks = new Uint8Array(rows * mask.length);
  for (let row = 0; row < rows; row++) masks.set(mask, row * mask.length);
  actor.sample(new Float32Array(rows), masks, {
    random: new Random(seed),
    actions,
    logProbabilities,
  });
  return { actions, logProbabilities };
}

Deno.test("createActor() draws by softmax over the allowed logits", () => {
  // 60,000 draws. Chi-square with 3 degrees of freedom exceeds 30.7 with
  // probability 1e-6, with 2 degrees 27.7; drawing over all logits under a
  // mask, or by equal chances, would give thousands.
  const logits = [0.5, -1, 2, 1];
  const cases = [
    { mask: [1, 1, 1, 1], limit: 30.7 },
    { mask: [1, 1, 0, 1], limit: 27.7 },
  ];
  for (const { mask, limit } of cases) {
    const rows = 60_000;
    const { actions, logProbabilities } = draw(discreteActor(logits), rows, {
      mask,
    });
    const raised = logits.map((logit, i) => mask[i] * Math.exp(logit));
    const total = raised.reduce((sum, one) => sum + one, 0);
    let chiSquare = 0;
    raised.forEach((one, action) => {
      const expected = rows * one / total;
      const count = actions.filter((drawn) => drawn === action).length;
      if (mask[action] === 0) assertEquals(count, 0);
      else chiSquare += (count - expected) ** 2 / expected;
    });
    assertLess(chiSquare, limit);
    for (let row = 0; row < 200; row++) {
      const expected = Math.log(raised[actions[row]] / total);
      assertAlmostEquals(logProbabilities[row], expected, 1e-6);
    }
  }
});

Deno.test("createActor() never draws what is forbidden, however likely", () => {
  const actor = discreteActor([1000, -1000, 1e30, 0]);
  for (const mask of [[0, 1, 0, 0], [0, 1, 0, 1], [1, 1, 0, 0]]) {
    const { actions, logProbabilities } = draw(actor, 5000, { mask });
    assert(actions.every((action) => mask[action] === 1));
    assert(logProbabilities.every((value) => Number.isFinite(value)));
    const best = new Int32Array(1);
    actor.best(new Float32Array(1), Uint8Array.from(mask), best);
    assertEquals(mask[best[0]], 1);
  }
});

Deno.test("createActor() handles rows by themselves", () => {
  // Logits are the observation and its opposite.
  const actor = createActor(discrete(2), {
    network: createPerceptron([1, 2], "relu", {
      parameters: Float32Array.of(1, -1, 0, 0),
    }),
    logStd: new Float32Array(0),
  });
  assertEquals([actor.observationSize, actor.actionSize], [1, 1]);
  const observations = Float32Array.of(40, -40, 0.5);
  const actions = new Float32Array(3);
  const logProbabilities = new Float32Array(3);
  const masks = new Uint8Array(6).fill(1);
  const random = new Random(1);
  actor.sample(observations, masks, { random, actions, logProbabilities });
  assertEquals([...actions.subarray(0, 2)], [0, 1]);
  assertAlmostEquals(logProbabilities[0], 0, 1e-6);
  const p = 1 / (1 + Math.exp(actions[2] === 0 ? -1 : 1));
  assertAlmostEquals(logProbabilities[2], Math.log(p), 1e-6);
  const best = new Int32Array(3);
  actor.best(observations, masks, best);
  assertEquals([...best], [0, 1, 0]);
  const clipped = new Int32Array(3);
  actor.clip(actions, clipped);
  assertEquals([...clipped], [...actions]);
});

/** Means 0.5 and -2, log standard deviations -1 and 0.5. */
function gaussianActor(): Actor {
  return createActor(box([-1, -1], [1, 3]), {
    network: createPerceptron([1, 2], "tanh", {
      parameters: Float32Array.of(0, 0, 0.5, -2),
    }),
    logStd: Float32Array.of(-1, 0.5),
  });
}

Deno.test("createActor() draws Gaussian actions with their densities", () => {
  // 40,000 draws of each entry. The mean's z and that of the mean square
  // (variance 2) exceed 5.2 with probability 2e-7 each. A standard deviation
  // taken for a variance would be off by 60 and more.
  const rows = 40_000;
  const { actions, logProbabilities } = draw(gaussianActor(), rows, {
    mask: [],
    size: 2,
  });
  const means = [0.5, -2];
  const deviations = [Math.exp(-1), Math.exp(0.5)];
  for (const entry of [0, 1]) {
    let sum = 0;
    let squares = 0;
    for (let row = 0; row < rows; row++) {
      const z = (actions[2 * row + entry] - means[entry]) / deviations[entry];
      sum += z;
      squares += z * z;
    }
    assertLess(Math.abs(sum / Math.sqrt(rows)), 5.2);
    assertLess(Math.abs((squares - rows) / Math.sqrt(2 * rows)), 5.2);
  }
  for (let row = 0; row < 200; row++) {
    let expected = 0;
    for (const entry of [0, 1]) {
      const z = (actions[2 * row + entry] - means[entry]) / deviations[entry];
      expected += Math.log(
        Math.exp(-0.5 * z * z) / (deviations[entry] * Math.sqrt(2 * Math.PI)),
      );
    }
    assertAlmostEquals(logProbabilities[row], expected, 1e-4);
  }
});

Deno.test("createActor() clips actions to the box, and its means too", () => {
  const actor = gaussianActor();
  assertEquals([actor.observationSize, actor.actionSize], [1, 2]);
  const clipped = new Float32Array(4);
  actor.clip(Float32Array.of(-5, -5, 5, 2.5), clipped);
  assertEquals([...clipped], [-1, -1, 1, 2.5]);
  const best = new Float32Array(4);
  actor.best(new Float32Array(2), new Uint8Array(0), best);
  assertEquals([...best], [0.5, -1, 0.5, -1]);
});

Deno.test("createActor() follows its stream and its live parameters", () => {
  const parameters = new Float32Array(4);
  const actor = createActor(discrete(2), {
    network: createPerceptron([1, 2], "tanh", { parameters }),
    logStd: new Float32Array(0),
  });
  const of = (seed: number) => draw(actor, 64, { mask: [1, 1], seed }).actions;
  assertEquals(of(1), of(1));
  assert(of(1).some((action, i) => action !== of(2)[i]));
  parameters.set([0, 0, -50, 50]);
  assert(of(1).every((action) => action === 1));
});

Deno.test("createActor() throws for spaces it cannot act in", () => {
  assertThrows(
    () =>
      createActor(multiDiscrete([2, 2]), {
        network: createPerceptron([1, 2], "tanh", {
          parameters: new Float32Array(4),
        }),
        logStd: new Float32Array(0),
      }),
    TypeError,
    "Cannot act in a space of kind multi-discrete: expected discrete or box",
  );
});

Deno.test("createActorPolicy() acts on what look() makes of the observations", () => {
  const actor = createActor(discrete(2), {
    network: createPerceptron([1, 2], "tanh", {
      parameters: Float32Array.of(1, -1, 0, 0),
    }),
    logStd: new Float32Array(0),
  });
  const policy = createActorPolicy(actor, (from, into) => {
    from.forEach((value, i) => into[i] = value - 10);
  });
  const observations = Float32Array.of(9, 11);
  const actions = new Int32Array(2);
  policy.act(observations, new Uint8Array(4).fill(1), actions);
  assertEquals([...actions], [1, 0]);
  assertEquals([...observations], [9, 11]);
  assertEquals([policy.observationSize, policy.actionSize], [1, 1]);
});
