/**
 * Trains an agent to bring a collapsed service back.
 *
 * @module
 */
import {
  choiceOption,
  integerOption,
  numberOption,
  stringOption,
} from "../core/options.ts";
import { runScript, trainingOptions } from "../core/script.ts";
import { QueueingControlEnv } from "../envs/queueing/control_env.ts";
import { controlRules } from "../experiments/queueing_control/control_rules.ts";
import {
  CONTROL_TASK,
  LEVERS,
  type QueueingControlOptions,
  trainControl,
} from "../experiments/queueing_control/control_training.ts";
import {
  agentPolicy,
  controlTable,
  evaluateControl,
  soonerShare,
} from "../experiments/queueing_control/recovery_evaluation.ts";

await runScript({
  name: "train_queueing_control",
  task: CONTROL_TASK,
  description:
    "Trains an agent that chooses admission, retry budget and extra threads to bring a service back that retries hold down, and compares it with doing nothing, throttles and hand-written rules.",
  options: {
    agent: choiceOption(["ppo", "dqn"], {
      description: "The algorithm.",
      default: "ppo",
    }),
    timesteps: integerOption({
      description: "Environment steps to train for.",
      default: 20_000,
      minimum: 1,
      unit: "steps",
    }),
    name: stringOption({
      description: "Name of the model; the seed is added.",
      default: "queueing_control",
    }),
    levers: choiceOption(["all", "admission"], {
      description:
        "What the agent may choose: admission, retry budget and extra threads, or admission alone.",
      default: "all",
    }),
    rate: numberOption({
      description: "Requests per time unit; the server completes 10.",
      default: 9,
      exclusiveMinimum: 0,
    }),
    rejection_cost: numberOption({
      description: "Reward lost for each refused attempt, over a request's.",
      default: 0.1,
      minimum: 0,
    }),
    thread_cost: numberOption({
      description:
        "Reward lost for an extra thread, over that of as many requests as come in its time.",
      default: 0.2,
      minimum: 0,
    }),
    episodes: integerOption({
      description: "Episodes that policies are compared on.",
      default: 100,
      minimum: 1,
    }),
    ...trainingOptions,
  },
  examples: [
    "",
    "--agent dqn --seeds 5",
    "--levers admission",
    "--rate 8.5 --timesteps 60000",
  ],
}, async (options, context) => {
  const finished = await trainControl({
    ...options,
    options: {
      ...LEVERS[options.levers],
      arrivalRate: options.rate,
      rejectionCost: options.rejectionCost,
      threadCost: options.threadCost,
    },
  }, context);
  // The run's own: one that was resumed has that of its checkpoint.
  const environment: QueueingControlOptions =
    finished[0].run.environment.options;
  const env = new QueueingControlEnv(environment);
  const actions = env.actionSpace.kind === "discrete" ? env.actionSpace.n : 0;
  const test = {
    episodes: options.episodes,
    firstSeed: 20_000,
    options: environment,
  };
  const rules = controlRules(env.settings).map((rule) =>
    evaluateControl(rule, test)
  );
  const agents = finished.map(({ run, bestPolicy }) =>
    evaluateControl(agentPolicy(run.name, bestPolicy, actions), test)
  );
  const lines = agents.flatMap((agent) =>
    rules.map((rule) =>
      `${agent.name} recovers sooner than "${rule.name}" in ${
        (100 * soonerShare(agent, rule)).toFixed(0)
      } % of episodes`
    )
  );
  const title =
    `Bringing the service back after a trigger, ${options.episodes} episodes`;
  return {
    tables: [controlTable([...rules, ...agents], title)],
    lines: [
      ...lines,
      ...finished.map(({ paths }) => `Wrote ${paths?.best ?? paths?.model}`),
    ],
    json: {
      outcomes: [...rules, ...agents].map(({ times, recovery, ...rest }) => ({
        ...rest,
        recovery: { ...recovery, curve: undefined },
        times: times.map(({ time, censored }) => censored ? null : time),
      })),
      models: finished.map(({ paths }) => paths?.best),
    },
  };
});
