/**
 * Measures speed: `deno task bench`.
 *
 * @module
 */
import { choiceOption } from "../core/options.ts";
import { runScript } from "../core/script.ts";
import { measureArena } from "./arena.ts";
import { measureAutoscalingEnv } from "./autoscaling_env.ts";
import { measureBinaries } from "./binaries.ts";
import { measureCompiledSteps } from "./compiled_steps.ts";
import { measureKoopman } from "./koopman.ts";
import { measureLearning } from "./learning.ts";
import type { Measurement } from "./measure.ts";
import { measureLoadBalancing } from "./load_balancing.ts";
import { measureLoadBalancingAgents } from "./load_balancing_agents.ts";
import { measurePredict } from "./predict.ts";
import { measureProducts } from "./products.ts";
import { measureQueueing } from "./queueing.ts";
import { measureReservoirs } from "./reservoirs.ts";
import { measureSDN } from "./sdn.ts";
import { measureSharedMemory } from "./shared_memory.ts";
import { measureSimulation } from "./simulation.ts";

const PARTS: Record<string, () => Measurement[] | Promise<Measurement[]>> = {
  arena: measureArena,
  binaries: measureBinaries,
  "compiled-steps": measureCompiledSteps,
  environments: measureAutoscalingEnv,
  koopman: measureKoopman,
  learning: measureLearning,
  "load-balancing": measureLoadBalancing,
  "load-balancing-agents": measureLoadBalancingAgents,
  predict: measurePredict,
  products: measureProducts,
  queueing: measureQueueing,
  reservoirs: measureReservoirs,
  sdn: measureSDN,
  "shared-memory": measureSharedMemory,
  simulation: measureSimulation,
};

await runScript({
  name: "bench",
  task: "bench",
  description:
    "Measures speed on this machine. Run it with nothing else running: noise only makes numbers worse.",
  options: {
    part: choiceOption(["all", ...Object.keys(PARTS)], {
      description: "What to measure.",
      default: "all",
    }),
  },
}, async ({ part }, context) => {
  const measurements: Measurement[] = [];
  for (const [name, measure] of Object.entries(PARTS)) {
    if (part !== "all" && part !== name) continue;
    context.note(`Measuring ${name}`);
    measurements.push(...await measure());
  }
  return {
    tables: [{
      columns: [
        { header: "what" },
        { header: "measured" },
        { header: "target" },
        { header: "unit" },
        { header: "measured / target" },
      ],
      rows: measurements.map(({ name, value, target, unit }) => [
        name,
        value,
        target,
        unit,
        target === undefined ? undefined : value / target,
      ]),
    }],
    json: { measurements },
  };
});
