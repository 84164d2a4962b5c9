import { assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import { SDNEnv } from "../../envs/sdn/sdn_env.ts";
import { hourlyAction, weightsByHour } from "./hourly_expert.ts";

const OPTIONS = {
  topology: "ring:4",
  actionMode: "absolute",
  actionScale: Math.log(10),
} as const;

Deno.test("hourlyAction() lies between the weights of two parts of the day", () => {
  const env = new SDNEnv(OPTIONS);
  env.reset({ seed: 3 });
  const weights = [1, 4].map((weight) => new Float64Array(4).fill(weight));
  const { interval } = env.emulator!;
  const action = hourlyAction(env, weights);
  const { info } = env.step(action);
  // The parts' middles, at a quarter and three quarters of the day, have
  // their own weights; between them, logarithms are in proportion.
  const place = (interval % 288 + 0.5) / 288 * 2 - 0.5;
  const share = place < 0 ? -place : place > 1 ? 2 - place : place;
  assertAlmostEquals(Math.log(info.weights[0]), share * Math.log(4), 1e-6);
});

Deno.test("weightsByHour() finds the same weights again, one set for each part", () => {
  const search = {
    parts: 3,
    trainingDays: 2,
    matricesADay: 1,
    evaluations: 30,
    start: new Float64Array(4).fill(1),
    seed: 1,
  };
  const weights = weightsByHour(OPTIONS, search);
  assertEquals(weights.length, 3);
  assertEquals(weightsByHour(OPTIONS, search), weights);
});

Deno.test("hourlyAction() needs a network that tells the time", () => {
  const env = { emulator: undefined, settings: { ryuBase: "http://x" } };
  assertThrows(
    () => hourlyAction(env as unknown as SDNEnv, []),
    RangeError,
    "http://x",
  );
});
