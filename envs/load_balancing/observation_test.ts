import { assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import type { LoadBalanceOptions } from "./env_options.ts";
import { LoadBalanceEnv } from "./load_balance_env.ts";
import { serverFeatures } from "./observation.ts";

Deno.test("LoadBalanceEnv sees what a direct computation gives", () => {
  for (const observation of ["seed", "paper"] as const) {
    const size = 40;
    const env = new LoadBalanceEnv({
      numServers: 3,
      observation,
      sampling: { kind: "window", size, discount: 0.8, percentile: 75 },
      observationUnits: { flows: 10, seconds: 0.5 },
      traffic: { type: "poisson", rate: 60 },
    });
    env.reset({ seed: 2 });
    const { observers } = env.simulator;
    const seen = {
      durations: [[], [], []],
      completions: [[], [], []],
    } as Record<string, { time: number; value: number }[][]>;
    const { onSample, onFinish } = observers;
    observers.onSample = (report) => {
      onSample!(report);
      const { server, time, elapsed: value } = report;
      seen.durations[server].push({ time, value });
    };
    observers.onFinish = (report) => {
      onFinish?.(report);
      const { server, time, elapsed: value } = report;
      seen.completions[server].push({ time, value });
    };
    let steps = 0;
    for (let step = 0; step < 60; step++) {
      const { observation: row, info } = env.step(step % 3);
      for (let server = 0; server < 3; server++) {
        const durations = seen.durations[server].slice(-size);
        const completions = seen.completions[server].slice(-size);
        const of = (samples: typeof durations) =>
          directFeatures(samples, { now: info.time, size });
        const d = of(durations);
        const c = of(completions);
        const flows = env.simulator.counts(0)[server] / 10;
        const expected = observation === "seed"
          ? [
            c.mean,
            c.percentile,
            d.mean,
            d.percentile,
          ]
          : [
            d.mean,
            d.percentile,
            d.deviation,
            d.discountedMean,
            d.discountedPercentile,
          ];
        const width = expected.length + 1;
        const own = row.subarray(server * width, (server + 1) * width);
        assertAlmostEquals(own[0], flows, 1e-6);
        expected.forEach((value, i) =>
          assertAlmostEquals(own[i + 1], value / 0.5, 1e-6 + 1e-6 * value)
        );
        steps++;
      }
    }
    assertEquals(steps, 180);
  }
});

/** Features by their definitions, discount 0.8 a second, percentile 75. */
function directFeatures(
  samples: { time: number; value: number }[],
  { now, size }: { now: number; size: number },
) {
  const quantile = (values: number[]) => {
    const sorted = values.toSorted((a, b) => a - b);
    const position = 0.75 * (sorted.length - 1);
    const below = Math.floor(position);
    const above = sorted[Math.min(below + 1, sorted.length - 1)];
    return sorted[below] + (position - below) * (above - sorted[below]);
  };
  const sum = (values: number[]) => values.reduce((a, b) => a + b, 0);
  if (samples.length === 0) {
    const names = "mean percentile deviation discountedMean " +
      "discountedPercentile";
    return Object.fromEntries(names.split(" ").map((name) => [name, 0]));
  }
  const values = samples.map(({ value }) => value);
  const weights = samples.map(({ time }) => 0.8 ** (now - time));
  const products = values.map((value, i) => value * weights[i]);
  const mean = sum(values) / values.length;
  return {
    mean,
    percentile: quantile(values),
    deviation: Math.sqrt(
      sum(values.map((v) => (v - mean) ** 2)) / values.length,
    ),
    discountedMean: sum(products) / size,
    discountedPercentile: quantile(products),
  };
}

Deno.test("LoadBalanceEnv rewards the paper's product fairness of a moving average", () => {
  const contexts: { values: number[]; latest: number[] }[] = [];
  const options: LoadBalanceOptions = { numServers: 3, episodeSeconds: 5 };
  const own = new LoadBalanceEnv({
    ...options,
    rewardMetric: ({ values, latest }) => {
      contexts.push({ values: [...values], latest: [...latest] });
      return 0;
    },
  });
  const env = new LoadBalanceEnv(options);
  own.reset({ seed: 3 });
  env.reset({ seed: 3 });
  let average: number[] | undefined;
  for (let step = 0; step < 20; step++) {
    assertEquals(own.step(step % 3).reward, 0);
    const { reward } = env.step(step % 3);
    const { values, latest } = contexts[step];
    average = latest.map((tau, i) =>
      average === undefined ? tau : 0.1 * average[i] + 0.9 * tau
    );
    values.forEach((value, i) => assertAlmostEquals(value, average![i], 1e-12));
    const largest = Math.max(...average);
    const product = average.reduce((all, tau) => all * tau / largest, 1);
    assertAlmostEquals(reward, largest > 0 ? product : 1, 1e-12);
  }
});

Deno.test("LoadBalanceEnv sees the same bytes with and without the library", () => {
  for (const observation of ["seed", "paper"] as const) {
    const run = (native: boolean | undefined) => {
      const env = new LoadBalanceEnv({
        numServers: 3,
        observation,
        sampling: { native },
      });
      env.reset({ seed: 1 });
      return Array.from({ length: 12 }, (_, step) => {
        const { observation, reward } = env.step(step % 3);
        return [observation, reward];
      });
    };
    assertEquals(run(false), run(undefined));
  }
});

Deno.test("serverFeatures() names what is seen of a server", () => {
  const names = (...of: Parameters<typeof serverFeatures>) =>
    serverFeatures(...of).map(({ name }) => name);
  assertEquals(names("seed").length, 5);
  assertEquals(names("paper").length, 6);
  assertEquals(names("paper", { oracle: true }).slice(-2), [
    "flowsInside",
    "remainingWork",
  ]);
  assertThrows(
    () => serverFeatures("all" as "seed"),
    RangeError,
    "seed, paper",
  );
});

Deno.test("createObservation() refuses units that are none", () => {
  for (const units of [{ flows: 0 }, { seconds: NaN }]) {
    assertThrows(
      () => new LoadBalanceEnv({ observationUnits: units }),
      RangeError,
      "in units of",
    );
  }
});
