/**
 * Command-line options of the scripts that scale a service.
 *
 * @module
 */
import {
  booleanOption,
  choiceOption,
  integerListOption,
  integerOption,
  numberOption,
  type Option,
  pathOption,
} from "../../core/options.ts";
import { asUsageError, UsageError } from "../../core/usage_error.ts";
import type { JsonRecord } from "../../core/state_json.ts";
import { PATTERN_NAMES } from "../../envs/autoscaling/patterns.ts";
import {
  type PreparedTrace,
  prepareTrace,
} from "../../envs/autoscaling/trace_preparation.ts";
import { readTrace } from "../../envs/autoscaling/traces.ts";
import { type EnvironmentSpec, makeEnvironment } from "../../envs/registry.ts";
import type { NamedEnvironment } from "../training/training_run.ts";

/** Options that choose load and service, by name. */
export type AutoscalingScriptOptions = {
  /** Built-in load. */
  pattern: Option<string>;
  /** Recorded load. */
  trace: Option<string | undefined>;
  /** Whole days held out of the trace. */
  "test-days": Option<number | undefined>;
  /** Changes that actions stand for. */
  actions: Option<readonly number[]>;
  /** Distribution of boot delays. */
  "boot-delay": Option<string | undefined>;
  /** Mean boot delay. */
  "boot-seconds": Option<number | undefined>;
  /** Steps between changes. */
  cooldown: Option<number>;
  /** Whether invalid actions are masked. */
  "mask-actions": Option<boolean>;
  /** What is rewarded. */
  reward: Option<string>;
};

/** Options that choose load and service: spread them into a script's own. */
export const autoscalingScriptOptions: AutoscalingScriptOptions = {
  pattern: choiceOption(PATTERN_NAMES, {
    description: "Load pattern.",
    default: "SINE_CURVE",
  }),
  trace: pathOption({
    description:
      "Recorded load in place of a pattern: CSV minute,requests, Azure Functions 2019 or WorldCup98.",
  }),
  "test-days": integerOption({
    description: "Whole days at the end of the trace that are held out.",
    minimum: 1,
    unit: "days",
  }),
  actions: integerListOption({
    description: "Changes in instances that actions stand for.",
    default: [-1, 0, 1],
  }),
  "boot-delay": choiceOption(["constant", "exponential", "lognormal"], {
    description:
      "Distribution of boot delays, in place of exactly one step for all changes.",
  }),
  "boot-seconds": numberOption({
    description: "Mean boot delay, with --boot-delay. Default: 97.",
    minimum: 0,
    unit: "s",
  }),
  cooldown: integerOption({
    description: "Steps after a change in which another is refused.",
    default: 0,
    minimum: 0,
    unit: "steps",
  }),
  "mask-actions": booleanOption({
    description: "Keeps the agent from actions that would be refused.",
  }),
  reward: choiceOption(["reference", "cost"], {
    description:
      "The original's reward, or minus dollars for instances and late requests.",
    default: "reference",
  }),
};

/** Values of {@linkcode autoscalingScriptOptions}. */
export interface AutoscalingScriptValues {
  /** Built-in load. */
  pattern: string;
  /** Recorded load. */
  trace?: string;
  /** Whole days held out of the trace. */
  testDays?: number;
  /** Changes that actions stand for. */
  actions: readonly number[];
  /** Distribution of boot delays. */
  bootDelay?: string;
  /** Mean boot delay, seconds. */
  bootSeconds?: number;
  /** Steps between changes. */
  cooldown: number;
  /** Whether invalid actions are masked. */
  maskActions: boolean;
  /** What is rewarded. */
  reward: string;
}

/** The environments of an autoscaling experiment. */
export interface AutoscalingExperiment {
  /** What its load is called in names of files. */
  readonly loadName: string;
  /** What agents learn in: episodes begin anywhere. */
  readonly training: EnvironmentSpec;
  /** What policies are compared in, each once from its beginning. */
  readonly tests: readonly NamedEnvironment[];
  /** What the user should know about the load. */
  readonly notes: readonly string[];
}

/** Steps of 300 s a day. */
const DAY_STEPS = 288;

/** Mean boot delay of a cloud instance, seconds. */
const BOOT_SECONDS = 97;

function bootDelay(values: AutoscalingScriptValues): JsonRecord | undefined {
  const { bootDelay: distribution, bootSeconds } = values;
  if (distribution !== undefined) {
    return { distribution, meanSeconds: bootSeconds ?? BOOT_SECONDS };
  }
  if (bootSeconds !== undefined) {
    throw new UsageError(
      "Cannot set --boot-seconds without --boot-delay: instances boot in one step",
    );
  }
}

function serviceOptions(values: AutoscalingScriptValues): JsonRecord {
  return {
    actionDeltas: values.actions,
    bootDelay: bootDelay(values),
    cooldownSteps: values.cooldown,
    maskActions: values.maskActions,
    reward: values.reward,
  };
}

function spec(options: JsonRecord): EnvironmentSpec {
  // What is undefined would be lost in a model and then differ.
  const entries = Object.entries(options).filter(([, value]) =>
    value !== undefined
  );
  return { id: "Autoscaling-v1", options: Object.fromEntries(entries) };
}

/**
 * The environments that the options ask for.
 *
 * With a pattern the test is its first 200 steps. With a trace agents learn on
 * its earlier days, an episode a day, and are tested on each held-out day.
 *
 * @param values From the command line. Throws `UsageError` where they do not
 * fit together, and a one-line error for a trace that cannot be read.
 */
export async function autoscalingExperiment(
  values: AutoscalingScriptValues,
): Promise<AutoscalingExperiment> {
  const experiment = await plannedExperiment(values);
  // Says at once what the environment refuses.
  asUsageError(() => makeEnvironment(experiment.training));
  return experiment;
}

async function plannedExperiment(
  values: AutoscalingScriptValues,
): Promise<AutoscalingExperiment> {
  const service = serviceOptions(values);
  if (values.trace === undefined) {
    if (values.testDays !== undefined) {
      throw new UsageError("Cannot hold out --test-days without --trace");
    }
    const options = { ...service, pattern: values.pattern };
    return {
      loadName: values.pattern,
      training: spec({ ...options, randomStart: true }),
      tests: [{ name: values.pattern, spec: spec(options) }],
      notes: [],
    };
  }
  const trace = await readTrace(values.trace);
  const { testDays } = values;
  const prepare = () => prepareTrace(trace, { testDays });
  const prepared = testDays === undefined ? prepare() : asUsageError(prepare);
  if (prepared.test.requests.length < DAY_STEPS) {
    const days = trace.requests.length * trace.secondsPerSample / 86_400;
    throw new RangeError(
      `Cannot test on trace "${trace.name}" of ${
        days.toFixed(2)
      } days: expected two whole days or more, of which one is held out`,
    );
  }
  return traceExperiment(trace.name, prepared, service);
}

function traceExperiment(
  name: string,
  { train, test }: PreparedTrace,
  service: JsonRecord,
): AutoscalingExperiment {
  const days = Math.floor(test.requests.length / DAY_STEPS);
  const day = (index: number) => [
    ...test.requests.subarray(index * DAY_STEPS, (index + 1) * DAY_STEPS),
  ];
  const options = {
    ...service,
    episodeSteps: DAY_STEPS,
    // A step with a long queue costs one: failing is never better than going on.
    failurePenalty: service.reward === "cost" ? undefined : DAY_STEPS,
  };
  return {
    loadName: name,
    training: spec({
      ...options,
      pattern: { name, requests: [...train.requests] },
      randomStart: true,
    }),
    tests: Array.from({ length: days }, (_, index) => ({
      name: `held-out day ${index + 1}`,
      spec: spec({
        ...options,
        pattern: { name, requests: day(index) },
        service: { initialInstances: instancesFor(day(index)[0]) },
      }),
    })),
    notes: [
      `${name}: ${train.requests.length} steps to learn on, ${test.requests.length} held out (${days} days); ${
        test.requests.filter((items) => items === 0).length
      } of those are without a request, ${test.samplesAbovePeak} above the largest load`,
    ],
  };
}

/** Instances that serve a load at 80 %, so that no test begins in a crisis. */
function instancesFor(items: number): number {
  return Math.min(100, Math.max(2, Math.ceil(items / 87 / 0.8)));
}
