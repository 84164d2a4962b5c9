/**
 * Steers a data plane through shared memory, by a trained model or a rule.
 *
 * @module
 */
import { loadAgent } from "../agents/model.ts";
import {
  choiceOption,
  integerOption,
  numberListOption,
  numberOption,
  pathOption,
  stringOption,
} from "../core/options.ts";
import { asUsageError, runScript, UsageError } from "../core/script.ts";
import { createController } from "../experiments/control/controller.ts";
import {
  controllerLine,
  controllerTable,
} from "../experiments/control/controller_report.ts";
import { runSide } from "../experiments/control/run_side.ts";
import { openControllerLog } from "../experiments/control/side_logs.ts";
import {
  modelPolicy,
  rehearse,
  rulePolicy,
  WEIGHT_RULES,
} from "../experiments/control/weight_policy.ts";
import { selectDevice } from "../learning/devices.ts";

await runScript({
  name: "rl_controller",
  task: "rl-controller",
  description:
    "Reads from shared memory how a data plane's servers are, lets a trained model or a rule decide, and writes weights; falls back to the weights of SED where it cannot, until it can again.",
  options: {
    model: pathOption({ description: "The model that decides." }),
    rule: choiceOption(WEIGHT_RULES, {
      description:
        "A rule in place of a model: capacities (SED) or equal weights (LSQ).",
    }),
    shm: stringOption({
      description: "Name of the shared memory.",
      default: "lb_rl_shm",
      placeholder: "NAME",
    }),
    balancer: integerOption({
      description:
        "Which agent of a team the shared memory is for. Default: all, one after the other.",
      minimum: 0,
    }),
    capacities: numberListOption({
      description:
        "Work that each server does a second, for SED. Default: the model's.",
      exclusiveMinimum: 0,
    }),
    interval: numberOption({
      description: "Time between two decisions.",
      default: 0.25,
      minimum: 0.001,
      unit: "s",
    }),
    "stall-timeout": numberOption({
      description:
        "Silence of the data plane after which the weights are SED's. Default: 4 intervals, 1 s at least.",
      exclusiveMinimum: 0,
      unit: "s",
    }),
    duration: numberOption({
      description: "How long to run. Default: until Ctrl-C.",
      exclusiveMinimum: 0,
      unit: "s",
    }),
    "log-interval": numberOption({
      description: "Time between two lines where there is no terminal.",
      default: 10,
      exclusiveMinimum: 0,
      unit: "s",
    }),
  },
  examples: [
    "--model models/sac_gru.zip",
    "--model models/qmix.zip --shm lb_rl_shm_1 --balancer 1",
    "--rule sed --capacities 2,4,2,4",
  ],
}, async (options, context) => {
  const { model, rule, balancer, shm, interval, duration } = options;
  if ((model === undefined) === (rule === undefined)) {
    throw new UsageError("Cannot steer, expected either --model or --rule");
  }
  const capacities = options.capacities &&
    Float64Array.from(options.capacities);
  await selectDevice("native", { parameters: 1, batchSize: 1 });
  const agent = model === undefined
    ? undefined
    : await loadAgent(model, { compiled: true });
  const policy = agent === undefined
    ? rulePolicy(rule!, capacities)
    : asUsageError(() => modelPolicy(agent, { balancer }));
  rehearse(policy);
  const note = (text: string) =>
    context.note(`${new Date().toISOString()} ${text}`);
  const controller = createController({
    name: shm,
    policy,
    capacities,
    intervalSeconds: interval,
    stallSeconds: options.stallTimeout,
    note,
  });
  using log = options.out ? openControllerLog(options.out) : undefined;
  using status = context.status({ everySeconds: options.logInterval });
  const end = performance.now() + 1000 * (duration ?? Infinity);
  let summary = controller.summary();
  try {
    await runSide(controller, {
      signal: context.signal,
      isOver: () => performance.now() >= end,
      onStep(wrote) {
        if (wrote) log?.add(controller.summary());
        status.show(() => controllerLine(controller.summary()));
      },
    });
    summary = controller.summary();
  } finally {
    controller.close();
  }
  status.finish();
  return {
    tables: [controllerTable(summary)],
    json: summary,
    // Ctrl-C is the usual end, unless another was asked for.
    ...duration === undefined ? { exitCode: 0 } : {},
  };
});
