/**
 * Writes recorded episodes as a data set that Minari loads.
 *
 * @module
 */
import { basename, extname } from "@std/path";
import {
  booleanOption,
  integerOption,
  pathOption,
  stringOption,
} from "../core/options.ts";
import { asUsageError, InterruptedError, runScript } from "../core/script.ts";
import {
  minariFolders,
  writeMinariDataset,
} from "../experiments/minari/minari_dataset.ts";
import { readEpisodes } from "../experiments/minari/source.ts";
import { useNoLibrary } from "../ffi/library.ts";

// Nothing here is made faster by it, and the task may not open it.
useNoLibrary();

await runScript({
  name: "export_minari",
  task: "export-minari",
  description:
    "Writes the steps of a .npz, or episodes that a model plays, as a data set that Python's minari.load_dataset loads.",
  positionals: {
    source: pathOption({
      description: "Recorded steps (.npz, .pkl), or a model, which plays.",
      required: true,
    }),
  },
  options: {
    "dataset-id": stringOption({
      description:
        "The data set's name, in place of loadstar/NAME-v0 by the source's.",
      placeholder: "NAMESPACE/NAME-vN",
    }),
    out: pathOption({
      description: "Folder of all data sets: MINARI_DATASETS_PATH to Python.",
      default: "minari_datasets",
      placeholder: "DIR",
    }),
    episodes: integerOption({
      description: "How many a model plays.",
      default: 10,
      minimum: 1,
    }),
    "max-steps": integerOption({
      description: "Cuts a model's episodes after so many steps.",
      minimum: 1,
    }),
    overwrite: booleanOption({
      description: "Replaces a data set of that name.",
    }),
  },
  examples: [
    "expert_dataset.npz --dataset-id loadstar/sdn/expert-v0",
    "models/dqn.zip --episodes 100",
  ],
}, async (options, { progress, breathe, signal }) => {
  const { source, out, episodes, overwrite } = options;
  const stem = basename(source, extname(source)).replace(/[^-\w]/g, "-");
  const id = options.datasetId ?? `loadstar/${stem}-v0`;
  asUsageError(() => minariFolders(id));
  using shown = progress({
    total: episodes,
    label: "Playing",
    unit: "episodes",
  });
  const { recorded, algorithm, description } = await readEpisodes(source, {
    episodes,
    seed: options.seed,
    maximumSteps: options.maxSteps,
    after: async (count) => {
      shown.update(count);
      await breathe();
      return !signal.aborted;
    },
  });
  shown.finish();
  if (signal.aborted) {
    throw new InterruptedError("Interrupted; no data set was written");
  }
  const folder = await writeMinariDataset(
    out,
    recorded,
    { id, algorithm, description },
    { overwrite },
  );
  const steps = recorded.episodes.reduce(
    (sum, { rewards }) => sum + rewards.length,
    0,
  );
  return {
    lines: [
      `Saved ${recorded.episodes.length} episodes of ${steps} steps to ${folder}`,
      `Python: MINARI_DATASETS_PATH=${out} python -c 'import minari; print(minari.load_dataset("${id}"))'`,
    ],
    json: { id, folder, episodes: recorded.episodes.length, steps, algorithm },
  };
});
