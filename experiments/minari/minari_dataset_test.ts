import { assertEquals, assertRejects, assertThrows } from "@std/assert";
import { findPython } from "../../core/_test_python.ts";
import { box, discrete, multiDiscrete } from "../../core/spaces.ts";
import { withFolder } from "../_test_folder.ts";
import { episodesOfSteps } from "./episodes.ts";
import {
  minariFolders,
  serializeSpace,
  writeMinariDataset,
} from "./minari_dataset.ts";

const NOTES = { id: "test/tiny-v3", algorithm: "none", description: "{}" };

function recorded(episodes: number) {
  const rows = 2 * episodes;
  const states = new Float32Array(rows * 2).map((_, i) => i);
  return episodesOfSteps({
    states: { shape: [rows, 2], data: states },
    next_states: { shape: [rows, 2], data: states.map((x) => x + 2) },
    actions: { shape: [rows, 1], data: new Float32Array(rows).fill(0.5) },
    rewards: { shape: [rows], data: new Float32Array(rows).map((_, i) => i) },
    terminals: {
      shape: [rows],
      data: Uint8Array.from({ length: rows }, (_, i) => i % 4 === 1 ? 1 : 0),
    },
    timeouts: {
      shape: [rows],
      data: Uint8Array.from({ length: rows }, (_, i) => i % 4 === 3 ? 1 : 0),
    },
  }, { actionSpace: box(-1, 1, { shape: [1] }) });
}

Deno.test("serializeSpace() writes spaces as Minari does", () => {
  assertEquals(
    serializeSpace(box([0, -1], [Infinity, 0.5])),
    '{"type": "Box", "dtype": "float32", "shape": [2], "low": [0.0, -1.0], "high": [Infinity, 0.5]}',
  );
  assertEquals(
    serializeSpace(box(-1, 1, { shape: [2, 1] })).match(/"low": .*/)![0],
    '"low": [[-1.0], [-1.0]], "high": [[1.0], [1.0]]}',
  );
  assertEquals(
    serializeSpace(discrete(3)),
    '{"type": "Discrete", "dtype": "int64", "start": 0, "n": 3}',
  );
  assertEquals(
    serializeSpace(multiDiscrete([2, 3])),
    '{"type": "MultiDiscrete", "dtype": "int64", "nvec": [2, 3], "start": [0, 0]}',
  );
});

Deno.test("minariFolders() refuses ids that Minari cannot read", () => {
  assertEquals(minariFolders("a-v0"), ["a-v0"]);
  assertEquals(minariFolders("lab/x/a_b-v12"), ["lab", "x", "a_b-v12"]);
  for (
    const id of [
      "",
      "a",
      "a-v",
      "/a-v0",
      "x//a-v0",
      "../a-v0",
      "a b-v0",
      "x/a-v0",
    ]
  ) {
    assertThrows(() => minariFolders(id), RangeError, JSON.stringify(id));
  }
});

Deno.test("writeMinariDataset() replaces none unasked, and writes none of nothing", async () => {
  await withFolder(async (folder) => {
    const written = await writeMinariDataset(folder, recorded(1), NOTES);
    assertEquals(written, `${folder}/test/tiny-v3`);
    await assertRejects(
      () => writeMinariDataset(folder, recorded(1), NOTES),
      Error,
      "expected another id, or --overwrite",
    );
    await writeMinariDataset(folder, recorded(2), NOTES, { overwrite: true });
    const text = await Deno.readTextFile(`${written}/data/metadata.json`);
    assertEquals(JSON.parse(text).total_episodes, 2);
    await assertRejects(
      () =>
        writeMinariDataset(folder, { ...recorded(1), episodes: [] }, {
          ...NOTES,
          id: "none-v0",
        }),
      RangeError,
      "no episodes",
    );
  });
});

const python = await findPython("numpy", "h5py", "minari");

const LOAD = `
import json, os, sys
os.environ["MINARI_DATASETS_PATH"] = sys.argv[1]
import minari, numpy as np
from minari.data_collector import EpisodeBuffer
d = minari.load_dataset("test/tiny-v3")
assert list(minari.list_local_datasets()) == ["test/tiny-v3"]
episodes = list(d.iterate_episodes())
for e in episodes:
    assert e.terminations.dtype == bool and e.observations.dtype == np.float32
    assert d.spec.action_space.contains(e.actions[0])
first, second = episodes[:2]
print(json.dumps([d.total_episodes, int(d.total_steps), str(d.spec.observation_space),
  first.observations.tolist(), first.rewards.tolist(), first.terminations.tolist(),
  second.terminations.tolist(), second.truncations.tolist(), d.storage.metadata["algorithm_name"]]))
d.update_dataset_from_buffer([EpisodeBuffer(observations=first.observations,
  actions=first.actions, rewards=first.rewards, terminations=first.terminations,
  truncations=first.truncations)])
again = minari.load_dataset("test/tiny-v3")
assert again.total_episodes == d.total_episodes and len(again.filter_episodes(lambda e: True)) == again.total_episodes
`;

Deno.test({
  name: `minari.load_dataset loads what writeMinariDataset() writes${
    python ? "" : " [skipped: no minari]"
  }`,
  ignore: !python,
  async fn() {
    await withFolder(async (folder) => {
      await writeMinariDataset(folder, recorded(50), NOTES);
      assertEquals(JSON.parse(await python!.run(LOAD, folder)), [
        50,
        100,
        "Box(-inf, inf, (2,), float32)",
        [[0, 1], [2, 3], [4, 5]],
        [0, 1],
        [false, true],
        [false, false],
        [false, true],
        "none",
      ]);
    });
  },
});
