import { assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import { Random } from "../../core/random.ts";
import { createDdpgLearner, type DdpgLearner } from "./ddpg_learner.ts";
import { type DdpgSettings, ddpgSettings } from "./ddpg_settings.ts";
import { createReplayBatch, type ReplayBatch } from "../replay.ts";
import type { SavedTrainer } from "../trainer.ts";
import { useBackend } from "../_test_trainers.ts";

const OBSERVATIONS = 3;
const ACTIONS = 2;
const ROWS = 4;
const SEED = 7;

type Arrays = Record<string, number[]>;

function learnerOf(given: Partial<DdpgSettings>): DdpgLearner {
  return createDdpgLearner({
    observationSize: OBSERVATIONS,
    actionSize: ACTIONS,
    settings: ddpgSettings("td3", {
      netArch: [5],
      batchSize: ROWS,
      tau: 0.1,
      ...given,
    }),
    random: new Random(SEED),
  });
}

function exampleBatch(): ReplayBatch {
  const sizes = {
    capacity: 1,
    observationSize: OBSERVATIONS,
    actionSize: ACTIONS,
    actionCount: 0,
  };
  const batch = createReplayBatch(ROWS, sizes);
  const random = new Random(11);
  for (
    const name of ["observations", "rewards", "nextObservations"] as const
  ) {
    batch[name].forEach((_, i) => batch[name][i] = random.normal());
  }
  batch.actions.forEach((_, i) => batch.actions[i] = random.uniform(-1, 1));
  batch.discounts.set([0.9, 0, 0.9, 0.9]);
  return batch;
}

function numbers(
  arrays: SavedTrainer["tensors"][string],
  prefix = "",
): Arrays {
  return Object.fromEntries(
    Object.entries(arrays)
      .filter(([name]) => name.startsWith(prefix))
      .map((
        [name, { data }],
      ) => [name.slice(prefix.length), [...data as Float32Array]]),
  );
}

/** A network of one hidden layer, in plain numbers. */
function forward(arrays: Arrays, name: string, input: number[]): number[] {
  let values = input;
  for (const layer of [0, 1]) {
    const weight = arrays[`${name}.${layer}.weight`];
    const bias = arrays[`${name}.${layer}.bias`];
    values = bias.map((start, out) => {
      const sum = values.reduce(
        (total, value, i) => total + value * weight[i * bias.length + out],
        start,
      );
      return layer === 0 ? Math.max(0, sum) : sum;
    });
  }
  return values;
}

const act = (arrays: Arrays, seen: number[]) =>
  forward(arrays, "actor", seen).map(Math.tanh);

function rowsOf(values: Float32Array, width: number): number[][] {
  return Array.from(
    { length: ROWS },
    (_, i) => [...values.subarray(i * width, (i + 1) * width)],
  );
}

const average = (values: number[]) =>
  values.reduce((sum, value) => sum + value, 0) / values.length;

/** The noise that a learner of this seed draws first. */
function firstNoise(settings: DdpgSettings): number[] {
  const random = new Random(SEED);
  random.split();
  const stream = random.split();
  const { targetPolicyNoise, targetNoiseClip } = settings;
  return Array.from({ length: ROWS * ACTIONS }, () => {
    const value = targetPolicyNoise * stream.normal();
    return Math.min(targetNoiseClip, Math.max(-targetNoiseClip, value));
  });
}

/** Loss of the critics, in plain numbers. */
function criticLoss(
  weights: Arrays,
  { target, batch, settings }: {
    target: Arrays;
    batch: ReplayBatch;
    settings: DdpgSettings;
  },
): number {
  const noise = firstNoise(settings);
  const names = ["critic1", "critic2"].slice(0, settings.critics);
  const next = rowsOf(batch.nextObservations, OBSERVATIONS);
  const goals = next.map((seen, row) => {
    const tried = act(target, seen).map((value, i) =>
      Math.max(-1, Math.min(1, value + noise[row * ACTIONS + i]))
    );
    const values = names.map((name) =>
      forward(target, name, [...seen, ...tried])[0]
    );
    return batch.rewards[row] + batch.discounts[row] * Math.min(...values);
  });
  const seen = rowsOf(batch.observations, OBSERVATIONS);
  const done = rowsOf(batch.actions, ACTIONS);
  return names.map((name) =>
    average(seen.map((observation, row) => {
      const [value] = forward(weights, name, [...observation, ...done[row]]);
      return (value - goals[row]) ** 2;
    }))
  ).reduce((a, b) => a + b);
}

/** Loss of the policy, in plain numbers; lambda is that of `fixed`. */
function actorLoss(
  weights: Arrays,
  { fixed, batch, settings }: {
    fixed: Arrays;
    batch: ReplayBatch;
    settings: DdpgSettings;
  },
): number {
  const seen = rowsOf(batch.observations, OBSERVATIONS);
  const done = rowsOf(batch.actions, ACTIONS);
  const valueOf = (arrays: Arrays) => (observation: number[]) =>
    forward(fixed, "critic1", [...observation, ...act(arrays, observation)])[0];
  const worth = average(seen.map(valueOf(weights)));
  const alpha = settings.behaviourCloning;
  if (alpha === null) return -worth;
  const size = average(seen.map(valueOf(fixed)).map(Math.abs));
  const distance = average(
    seen.flatMap((observation, row) =>
      act(weights, observation).map((value, i) => (value - done[row][i]) ** 2)
    ),
  );
  return distance - alpha / size * worth;
}

/** Fails unless a learner's first gradients are those of a loss. */
function assertGradients(
  loss: (weights: Arrays) => number,
  { weights, optimizer, prefix }: {
    weights: Arrays;
    optimizer: Arrays;
    prefix: string;
  },
): void {
  const h = 1e-5;
  for (const [name, values] of Object.entries(weights)) {
    if (!name.startsWith(prefix)) continue;
    values.forEach((value, i) => {
      const at = (moved: number) => {
        const changed = { ...weights, [name]: values.with(i, moved) };
        return loss(changed);
      };
      const slope = (at(value + h) - at(value - h)) / (2 * h);
      // Adam's running mean after one step is (1 - beta1) times the gradient.
      assertAlmostEquals(optimizer[name][i] / 0.1, slope, 2e-4, name);
    });
  }
}

const KINDS: [string, Partial<DdpgSettings>][] = [
  ["DDPG", { critics: 1, policyDelay: 1, targetPolicyNoise: 0 }],
  ["TD3", { policyDelay: 1, targetPolicyNoise: 0.9, targetNoiseClip: 0.4 }],
  ["TD3+BC", { policyDelay: 1, behaviourCloning: 2.5 }],
];

for (const [kind, given] of KINDS) {
  Deno.test(`createDdpgLearner() follows the gradients of ${kind}'s losses`, async () => {
    for (const device of ["native", "cpu"] as const) {
      await useBackend(device);
      const settings = ddpgSettings("td3", given);
      const learner = learnerOf(given);
      const batch = exampleBatch();
      const before = await learner.save();
      const results = learner.update(batch, 1);
      const after = await learner.save();
      const optimizer = numbers(after.optimizer, "mean.");
      const first = numbers(before.weights);
      const target = numbers(before.target);

      const ofCritics = (weights: Arrays) =>
        criticLoss(weights, { target, batch, settings });
      assertAlmostEquals(results.loss.dataSync()[0], ofCritics(first), 1e-5);
      assertGradients(ofCritics, {
        weights: first,
        optimizer,
        prefix: "critic",
      });

      // The policy climbs the critics as they are after their update.
      const ofActorBefore = Object.entries(first).filter(([name]) =>
        name.startsWith("actor")
      );
      const fixed = {
        ...numbers(after.weights),
        ...Object.fromEntries(ofActorBefore),
      };
      const ofActor = (weights: Arrays) =>
        actorLoss(weights, { fixed, batch, settings });
      assertAlmostEquals(
        results.actorLoss!.dataSync()[0],
        ofActor(fixed),
        1e-5,
      );
      assertGradients(ofActor, { weights: fixed, optimizer, prefix: "actor" });

      for (const [name, values] of Object.entries(numbers(after.target))) {
        values.forEach((value, i) =>
          assertAlmostEquals(
            value,
            0.9 * target[name][i] + 0.1 * numbers(after.weights)[name][i],
            1e-6,
          )
        );
      }
      learner.dispose();
    }
  });
}

Deno.test("createDdpgLearner() moves policy and targets every second update where asked", async () => {
  await useBackend("native");
  const learner = learnerOf({ policyDelay: 2 });
  const batch = exampleBatch();
  const saved = [await learner.save()];
  for (let i = 0; i < 2; i++) {
    const { actorLoss } = learner.update(batch, 1);
    assertEquals(actorLoss === undefined, i === 0);
    saved.push(await learner.save());
  }
  const [start, one, two] = saved;
  assertEquals(one.target, start.target);
  assertEquals(
    one.weights["actor.0.weight"],
    start.weights["actor.0.weight"],
  );
  const changed = (a: typeof one, b: typeof one, name: string) =>
    `${a.weights[name].data}` !== `${b.weights[name].data}`;
  assertEquals(changed(start, one, "critic1.0.weight"), true);
  assertEquals(changed(one, two, "critic1.0.weight"), true);
  assertEquals(changed(one, two, "actor.0.weight"), true);
  learner.dispose();
});

Deno.test("createDdpgLearner() takes over a policy, in its target too", async () => {
  await useBackend("native");
  const learner = learnerOf({});
  const { weights } = await createOther();
  learner.startFrom(weights);
  const { weights: now, target } = await learner.save();
  assertEquals(now["actor.1.bias"], weights["actor.1.bias"]);
  assertEquals(target["actor.1.bias"], weights["actor.1.bias"]);
  assertThrows(
    () => learner.startFrom({}),
    TypeError,
    'array "actor.0.weight"',
  );
  learner.dispose();
});

async function createOther(): Promise<
  Awaited<ReturnType<DdpgLearner["save"]>>
> {
  const other = createDdpgLearner({
    observationSize: OBSERVATIONS,
    actionSize: ACTIONS,
    settings: ddpgSettings("td3", { netArch: [5], batchSize: ROWS }),
    random: new Random(SEED + 1),
  });
  const saved = await other.save();
  other.dispose();
  return saved;
}
