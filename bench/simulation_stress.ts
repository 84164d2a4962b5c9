/**
 * Kills runs and managers a hundred times: `deno task stress:simulation`.
 *
 * @module
 */
import { integerOption } from "../core/options.ts";
import { Random } from "../core/random.ts";
import { runScript } from "../core/script.ts";
import { killAtRandom } from "../experiments/simulation/_chaos.ts";

const RUNS_OF_A_TREE = 20;

await runScript({
  name: "simulation_stress",
  task: "stress:simulation",
  description:
    "Kills runs and their managers at random, and checks that no run is lost, counted twice or falsely finished, and that all have the right numbers.",
  options: {
    kills: integerOption({
      description: "Kills in all.",
      default: 100,
      minimum: 1,
    }),
  },
}, async ({ kills, seed }, { progress }) => {
  const random = new Random(seed);
  const total = { trees: 0, managers: 0, runs: 0, attempts: 0 };
  const shown = progress({ total: kills, label: "Killing", unit: "kills" });
  while (total.managers + total.runs < kills) {
    const folder = await Deno.makeTempDir();
    const report = await killAtRandom({
      folder,
      kills: kills - total.managers - total.runs,
      runs: RUNS_OF_A_TREE,
      random,
    });
    await Deno.remove(folder, { recursive: true });
    total.trees++;
    total.managers += report.managers;
    total.runs += report.runs;
    total.attempts += report.attempts;
    shown.update(total.managers + total.runs);
  }
  return {
    tables: [{
      columns: [
        { header: "trees" },
        { header: "runs in them" },
        { header: "managers killed" },
        { header: "runs killed" },
        { header: "runs begun anew" },
      ],
      rows: [[
        total.trees,
        total.trees * RUNS_OF_A_TREE,
        total.managers,
        total.runs,
        total.attempts,
      ]],
    }],
    lines: [
      "Every run finished once, with the numbers of a run that was not disturbed.",
    ],
    json: total,
  };
});
