import { assertEquals, assertRejects, assertThrows } from "@std/assert";
import { join } from "@std/path";
import { findPython } from "../../core/_test_python.ts";
import type { NdArray } from "../../core/nd_array.ts";
import { withFolder } from "../_test_folder.ts";
import { readRecordedSteps } from "../training/offline_files.ts";
import { episodesOfSteps } from "./episodes.ts";
import { writeMinariDataset } from "./minari_dataset.ts";
import { decodeMinariSteps, stepsOfMinari } from "./minari_steps.ts";

const ROWS = 30;
const STEPS: Record<string, NdArray> = {
  states: {
    shape: [ROWS, 3],
    data: Float32Array.from({ length: 3 * ROWS }, (_, i) => i / 7),
  },
  next_states: {
    shape: [ROWS, 3],
    data: Float32Array.from({ length: 3 * ROWS }, (_, i) => (i + 3) / 7),
  },
  actions: {
    shape: [ROWS, 1],
    data: Float32Array.from({ length: ROWS }, (_, i) => Math.sin(i)),
  },
  rewards: {
    shape: [ROWS],
    data: Float32Array.from({ length: ROWS }, (_, i) => Math.cos(i)),
  },
  // Eleven episodes and more: their names are not in the order of numbers.
  terminals: {
    shape: [ROWS],
    data: Uint8Array.from({ length: ROWS }, (_, i) => i % 4 === 1 ? 1 : 0),
  },
  timeouts: {
    shape: [ROWS],
    data: Uint8Array.from({ length: ROWS }, (_, i) => i % 4 === 3 ? 1 : 0),
  },
};
const IDS = Int32Array.from({ length: ROWS }, (_, i) => Math.floor(i / 2));

async function assertSteps(path: string): Promise<void> {
  const { data, episodeIds } = await readRecordedSteps(path);
  assertEquals(data.observations, STEPS.states.data);
  assertEquals(data.nextObservations, STEPS.next_states.data);
  assertEquals(data.actions, STEPS.actions.data);
  assertEquals(data.rewards, STEPS.rewards.data);
  assertEquals(data.terminals, STEPS.terminals.data);
  assertEquals(episodeIds, IDS);
}

Deno.test("readRecordedSteps() reads a data set that was exported, and its environment", async () => {
  await withFolder(async (root) => {
    const options = { linkCount: 1 };
    const folder = await writeMinariDataset(root, episodesOfSteps(STEPS), {
      id: "test/steps-v0",
      algorithm: "none",
      description: JSON.stringify({ id: "SDN-v1", options }),
    });
    await assertSteps(folder);
    const file = join(folder, "data", "main_data.hdf5");
    await assertSteps(file);
    const steps = await readRecordedSteps(file);
    assertEquals(steps.options, options);
    const bytes = await Deno.readFile(file);
    await Deno.writeFile(file, bytes.subarray(0, bytes.length - 200));
    const error = await assertRejects(
      () => readRecordedSteps(folder),
      SyntaxError,
      "main_data.hdf5",
    );
    assertEquals(error.message.includes("\n"), false);
    await Deno.remove(file);
    await assertRejects(() => readRecordedSteps(folder), Error, file);
  });
});

Deno.test("stepsOfMinari() says what does not fit", async () => {
  const row = (length: number) => ({
    shape: [length],
    data: new Float64Array(length),
  });
  const episode = {
    "episode_0/rewards": row(2),
    "episode_0/observations": row(3),
    "episode_0/actions": row(2),
    "episode_0/terminations": row(2),
    "episode_0/truncations": row(2),
  };
  assertEquals(stepsOfMinari(episode).episode_ids.data.length, 2);
  const cases: [Record<string, NdArray>, string][] = [
    [{}, "it holds no episodes"],
    [{ "episode_0/rewards": row(2) }, "observations are missing"],
    [{ ...episode, "episode_0/actions": row(3) }, "expected 2 rows"],
    [{ ...episode, "episode_0/observations": row(2) }, "expected 3 rows"],
    [
      { "episode_0/rewards": row(2), "episode_0/observations/x": row(3) },
      "several arrays, expected one",
    ],
    [
      {
        ...episode,
        ...Object.fromEntries(
          Object.entries(episode).map(([name, array]) => [
            name.replace("0", "1"),
            name.endsWith("observations")
              ? { shape: [3, 1], data: new Float64Array(3) }
              : array,
          ]),
        ),
      },
      "expected rows of one length",
    ],
  ];
  for (const [arrays, reason] of cases) {
    assertThrows(() => stepsOfMinari(arrays), TypeError, reason);
  }
  await assertRejects(
    () => decodeMinariSteps(new Uint8Array(100), "x.hdf5"),
    SyntaxError,
    '"x.hdf5"',
  );
});

const python = await findPython("numpy", "h5py", "minari");

const CREATE = `
import json, os, sys
os.environ["MINARI_DATASETS_PATH"] = sys.argv[1]
import minari, numpy as np
from gymnasium.spaces import Box
from minari.data_collector import EpisodeBuffer
steps = json.loads(sys.argv[2])
array = lambda name, *shape: np.array(steps[name], np.float32).reshape(-1, *shape)
states, following = array("states", 3), array("next_states", 3)
buffers = [EpisodeBuffer(id=i, observations=np.append(states[a:a + 2], following[a + 1:a + 2], 0),
    actions=array("actions", 1)[a:a + 2], rewards=array("rewards")[a:a + 2],
    terminations=array("terminals")[a:a + 2] > 0, truncations=array("timeouts")[a:a + 2] > 0)
    for i, a in enumerate(range(0, len(states), 2))]
minari.create_dataset_from_buffers(dataset_id="test/theirs-v0", buffer=buffers, algorithm_name="none",
    author="me", author_email="a@b", code_permalink="x",
    observation_space=Box(-99, 99, (3,)), action_space=Box(-1, 1, (1,)))
`;

Deno.test({
  name: `readRecordedSteps() reads a data set that Minari wrote${
    python ? "" : " [skipped: no minari]"
  }`,
  ignore: !python,
  async fn() {
    await withFolder(async (root) => {
      const steps = Object.fromEntries(
        Object.entries(STEPS).map((
          [name, { data }],
        ) => [name, Array.from(data as Float32Array)]),
      );
      await python!.run(CREATE, root, JSON.stringify(steps));
      await assertSteps(join(root, "test", "theirs-v0"));
    });
  },
});
