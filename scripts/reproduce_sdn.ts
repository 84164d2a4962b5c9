/**
 * Regenerates the published scores of learned routing.
 *
 * @module
 */
import { integerOption } from "../core/options.ts";
import { asUsageError, runScript, trainingOptions } from "../core/script.ts";
import { studySeed } from "../experiments/routing/reproduction.ts";
import {
  studyLines,
  studySize,
  studyTable,
  studyVerdicts,
} from "../experiments/routing/study_report.ts";

await runScript({
  name: "reproduce_sdn",
  task: "reproduce:sdn",
  description:
    "Learns to route in NSFNET with three classes of capacity, over several seeds of traffic and agent: imitation, TD3 from it, TD3+BC from mixed data. Tests on other days, paired over matrices.",
  options: {
    seeds: integerOption({
      description: "Seeds, from --seed.",
      default: 5,
      minimum: 1,
    }),
    steps: integerOption({
      description: "Environment steps of TD3; other efforts go with it.",
      default: 20_000,
      minimum: 1,
      unit: "steps",
    }),
    device: trainingOptions.device,
  },
}, async (options, context) => {
  const { seed, seeds, steps, device, out } = options;
  const size = asUsageError(() => studySize(steps));
  const folder = out ?? await Deno.makeTempDir();
  const studies = [];
  for (let i = 0; i < seeds; i++) {
    const study = { seed: seed + i, folder, device, size, context };
    studies.push(await studySeed(study));
    context.note(`Finished seed ${seed + i}`);
  }
  const lines = studyLines(studies);
  const verdicts = studyVerdicts(lines);
  return {
    tables: [studyTable(lines)],
    lines: verdicts.map(({ text, reached }) =>
      `${reached ? "reached" : "NOT reached"}: ${text}`
    ),
    json: { lines, verdicts, studies },
  };
});
