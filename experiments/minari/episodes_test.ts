import { assert, assertEquals, assertThrows } from "@std/assert";
import { agentOf } from "../../agents/model.ts";
import { decodeArchive, encodeArchive } from "../../core/archive.ts";
import { box, contains } from "../../core/spaces.ts";
import { tinyModel } from "../models/_tiny_model.ts";
import { episodesOfSteps, type NdArray, playEpisodes } from "./episodes.ts";

const floats = (shape: number[], ...data: number[]): NdArray => ({
  shape,
  data: Float32Array.from(data),
});

/** Three steps: an end after the second. */
const STEPS: Record<string, NdArray> = {
  states: floats([3, 2], 1, 2, 3, 4, 5, 6),
  actions: { shape: [3], data: BigInt64Array.of(0n, 2n, 1n) },
  next_states: floats([3, 2], 3, 4, 9, 9, 7, 8),
  rewards: floats([3], 1, 2, 3),
  terminals: { shape: [3], data: Uint8Array.of(0, 1, 0), boolean: true },
};

Deno.test("episodesOfSteps() parts steps where the task ends, and cuts the rest", () => {
  const { episodes, observationSpace, actionSpace } = episodesOfSteps(STEPS);
  assertEquals(actionSpace, { kind: "discrete", n: 3 });
  assertEquals(
    observationSpace,
    box(-Infinity, Infinity, { shape: [2] }),
  );
  assertEquals(episodes, [
    {
      observations: floats([3, 2], 1, 2, 3, 4, 9, 9),
      actions: { shape: [2], data: BigInt64Array.of(0n, 2n) },
      rewards: Float64Array.of(1, 2),
      terminated: true,
      truncated: false,
    },
    {
      observations: floats([2, 2], 5, 6, 7, 8),
      actions: { shape: [1], data: BigInt64Array.of(1n) },
      rewards: Float64Array.of(3),
      terminated: false,
      truncated: true,
    },
  ]);
});

Deno.test("episodesOfSteps() goes by episode_ids where there are some", () => {
  const { episodes } = episodesOfSteps({
    ...STEPS,
    terminals: { shape: [3], data: new Uint8Array(3), boolean: true },
    episode_ids: { shape: [3], data: Int32Array.of(0, 1, 1) },
  });
  assertEquals(episodes.map(({ rewards }) => rewards.length), [1, 2]);
});

Deno.test("episodesOfSteps() says what is missing or does not fit", () => {
  const { next_states: _, ...withoutNext } = STEPS;
  const cases: [Record<string, NdArray>, string][] = [
    [{}, "it holds no states"],
    [withoutNext, "its next_states are missing, expected 3 rows"],
    [{ ...STEPS, rewards: floats([2], 1, 2) }, "its rewards have the shape"],
    [{ ...STEPS, next_states: floats([3, 1], 1, 2, 3) }, "1 values a row"],
    [
      { ...STEPS, actions: { shape: [3], data: Int32Array.of(0, -1, 0) } },
      "its actions are whole numbers",
    ],
    [{ ...STEPS, obs: STEPS.states }, "both states and obs"],
  ];
  for (const [arrays, reason] of cases) {
    assertThrows(() => episodesOfSteps(arrays), TypeError, reason);
  }
});

Deno.test("playEpisodes() plays whole episodes, the same from the same seed", async () => {
  const agent = agentOf(
    decodeArchive(encodeArchive(tinyModel()), { name: "tiny" }),
  );
  const options = { episodes: 2, seed: 5, maximumSteps: 7 };
  const played = await playEpisodes(agent, options);
  assertEquals(played, await playEpisodes(agent, options));
  const [first, second] = played.episodes;
  assertEquals(first.observations.shape, [8, 9]);
  assertEquals(first.actions.shape, [7]);
  assertEquals([first.terminated, first.truncated], [false, true]);
  assert(first.seed !== second.seed);
  assert(
    contains(
      played.observationSpace,
      (first.observations.data as Float32Array).slice(-9),
    ),
  );
  const one = await playEpisodes(agent, { ...options, after: () => false });
  assertEquals(one.episodes.length, 1);
});
