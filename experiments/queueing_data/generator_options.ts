/**
 * Command-line options of the scripts that generate queueing data.
 *
 * @module
 */
import {
  booleanOption,
  choiceOption,
  integerOption,
  numberOption,
  type Option,
  type OptionValues,
  parsedOption,
} from "../../core/options.ts";
import { UsageError } from "../../core/usage_error.ts";
import type {
  ClientOptions,
  FaultOptions,
  QueueingOptions,
  ServerOptions,
  SizeLawOptions,
} from "../../envs/queueing/options.ts";
import { RETRY_MODELS, type RetryModel } from "../../envs/queueing/options.ts";

export type { Option, OptionValues, QueueingOptions, RetryModel };

/** Names of service laws, the original's two first. */
export const SERVICE_NAMES = [
  "exp",
  "wei",
  "lognormal",
  "bimodal",
  "deterministic",
] as const;

/** The name of a service law. */
export type ServiceName = typeof SERVICE_NAMES[number];

/** Options that describe the system, by name. */
export type SystemScriptOptions = {
  /** Length of a run. */
  sim_time: Option<number>;
  /** Waiting room. */
  qsize: Option<number>;
  /** Size of the orbit. */
  rsize: Option<number>;
  /** Who is served next. */
  queue_type: Option<"fifo" | "lifo">;
  /** Mean service time. */
  mean_t: Option<number>;
  /** Load. */
  rho: Option<number>;
  /** Time-out. */
  timeout_t: Option<number>;
  /** Retries of a request. */
  max_retries: Option<number>;
  /** Threads of a server. */
  thread_pool: Option<number>;
  /** Law of service times. */
  dist: Option<ServiceName>;
  /** Shape of Weibull service times. */
  dist_shape: Option<number>;
  /** Squared variation of service times. */
  dist_variation: Option<number>;
  /** How clients retry. */
  retry_model: Option<RetryModel>;
  /** Which version of the original `reference` is. */
  reference_version: Option<"later" | "first">;
  /** Load during the fault. */
  rho_fault: Option<number | undefined>;
  /** Load after the fault. */
  rho_reset: Option<number | undefined>;
  /** Factor on speeds during the fault. */
  service_fault: Option<number>;
  /** Factor on threads during the fault. */
  capacity_fault: Option<number>;
  /** When the fault begins. */
  fault_start: Option<number | undefined>;
  /** How long it lasts. */
  fault_duration: Option<number | undefined>;
  /** Whether servers throttle. */
  throttle: Option<boolean>;
  /** Where the throttle begins. */
  ts: Option<number>;
  /** What the throttle admits. */
  ap: Option<number>;
  /** Delay before the first retry. */
  backoff: Option<number>;
  /** Growth of the delay. */
  backoff_factor: Option<number>;
  /** Longest delay. */
  backoff_max: Option<number | undefined>;
  /** Spread of delays. */
  jitter: Option<"none" | "full" | "equal">;
  /** Retries that a request earns. */
  retry_budget: Option<number | undefined>;
  /** What clients learn of a loss. */
  rejection: Option<"silent" | "answered">;
  /** Rate of the token bucket. */
  token_rate: Option<number | undefined>;
  /** Size of the token bucket. */
  token_capacity: Option<number>;
  /** Longest wait. */
  max_wait: Option<number | undefined>;
};

/** The values that options of a system have. */
export type SystemValues = OptionValues<SystemScriptOptions>;

function readCapacity(text: string): number | undefined {
  if (/^inf(inity)?$/i.test(text)) return Infinity;
  return /^\d+$/.test(text) ? Number(text) : undefined;
}

const positive = (
  description: string,
  initial: number,
) =>
  numberOption({
    description,
    default: initial,
    exclusiveMinimum: 0,
    unit: "time units",
  });

/**
 * Options that describe the system: spread them into a script's own.
 *
 * @param rho The default load.
 */
export function systemScriptOptions(rho: number): SystemScriptOptions {
  return {
    sim_time: positive("Length of a run.", 10_000),
    qsize: parsedOption(readCapacity, {
      description: "Waiting room of each server, jobs in service not counted.",
      expected: "a whole number from 0, or inf",
      default: "100",
      unit: "jobs",
    }),
    rsize: integerOption({
      description:
        "Size O of the orbit, which holds up to O - 1 jobs; with the retry model orbit only, as others bound no retries.",
      default: 20,
      minimum: 1,
      unit: "jobs",
    }),
    queue_type: choiceOption(["fifo", "lifo"], {
      description: "Who is served next: the longest waiting or the latest.",
      default: "fifo",
    }),
    mean_t: positive("Mean service time.", 0.1),
    rho: numberOption({
      description:
        "Load: arrival rate times mean service time over threads. Requests come at rho * thread_pool / mean_t.",
      default: rho,
      exclusiveMinimum: 0,
    }),
    timeout_t: positive("Time that clients wait for an attempt.", 9),
    max_retries: integerOption({
      description: "Retries of a request.",
      default: 3,
      minimum: 0,
    }),
    thread_pool: integerOption({
      description: "Jobs that a server serves at a time.",
      default: 1,
      minimum: 1,
    }),
    dist: choiceOption(SERVICE_NAMES, {
      description: "Service times: exponential, Weibull, lognormal and so on.",
      default: "exp",
    }),
    dist_shape: numberOption({
      description: "Shape of Weibull service times.",
      default: 1,
      exclusiveMinimum: 0,
    }),
    dist_variation: numberOption({
      description:
        "Variance over squared mean of lognormal and bimodal service times.",
      default: 4,
      minimum: 0,
    }),
    retry_model: choiceOption(RETRY_MODELS, {
      description:
        "How clients retry: a timer on each attempt, as the original does, or as the Markov chain assumes.",
      default: "attempt",
    }),
    reference_version: choiceOption(["later", "first"], {
      description:
        "Of the retry model reference with several servers: retries at the first server, or at each in turn and each a service time late.",
      default: "later",
    }),
    rho_fault: numberOption({
      description: "Load during the fault. Default: 10 times rho.",
      minimum: 0,
    }),
    rho_reset: numberOption({
      description: "Load after the fault. Default: rho.",
      minimum: 0,
    }),
    service_fault: numberOption({
      description: "Factor on the speed of all servers during the fault.",
      default: 1,
      minimum: 0,
    }),
    capacity_fault: numberOption({
      description: "Factor on the threads of all servers during the fault.",
      default: 1,
      minimum: 0,
    }),
    fault_start: numberOption({
      description: "When the fault begins. Default: 0.45 of sim_time.",
      minimum: 0,
      unit: "time units",
    }),
    fault_duration: numberOption({
      description: "How long it lasts. Default: 0.01 of sim_time.",
      exclusiveMinimum: 0,
      unit: "time units",
    }),
    throttle: booleanOption({
      description:
        "Admits by chance while the queue is nearly full; from the fault on with the retry model reference.",
    }),
    ts: numberOption({
      description: "Share of the waiting room from which the throttle acts.",
      default: 0.9,
      minimum: 0,
      maximum: 1,
    }),
    ap: numberOption({
      description: "Probability with which the throttle admits.",
      default: 0.5,
      minimum: 0,
      maximum: 1,
    }),
    backoff: numberOption({
      description: "Delay before the first retry; 0 for none.",
      default: 0,
      minimum: 0,
      unit: "time units",
    }),
    backoff_factor: numberOption({
      description: "Growth of the delay from retry to retry.",
      default: 2,
      minimum: 1,
    }),
    backoff_max: numberOption({
      description: "Longest delay before a retry. Default: no bound.",
      exclusiveMinimum: 0,
      unit: "time units",
    }),
    jitter: choiceOption(["none", "full", "equal"], {
      description: "Spread of delays: none, from 0, or from half on.",
      default: "full",
    }),
    retry_budget: numberOption({
      description: "Retries that each request earns. Default: no limit.",
      minimum: 0,
    }),
    rejection: choiceOption(["silent", "answered"], {
      description: "Whether clients learn of a loss before their timer ends.",
      default: "silent",
    }),
    token_rate: numberOption({
      description: "Jobs that a server's token bucket admits per time unit.",
      minimum: 0,
    }),
    token_capacity: numberOption({
      description: "Tokens that the bucket holds.",
      default: 10,
      minimum: 1,
    }),
    max_wait: numberOption({
      description:
        "Servers discard jobs that have waited longer. Default: never.",
      minimum: 0,
      unit: "time units",
    }),
  };
}

function serviceOf(values: SystemValues): SizeLawOptions {
  const { dist, meanT: mean, distShape, distVariation } = values;
  const squaredVariation = distVariation;
  switch (dist) {
    case "exp":
      return { law: "exponential", mean };
    case "wei":
      return { law: "weibull", mean, shape: distShape };
    case "lognormal":
      return { law: "lognormal", mean, squaredVariation };
    case "bimodal":
      return { law: "hyperExponential", mean, squaredVariation };
    case "deterministic":
      return { law: "deterministic", mean };
  }
}

/**
 * When the fault begins and ends.
 *
 * @param values Throws `UsageError` where it does not lie within the run.
 */
export function faultTimes(values: SystemValues): [number, number] {
  const { simTime } = values;
  const start = values.faultStart ?? 0.45 * simTime;
  const end = start + (values.faultDuration ?? 0.01 * simTime);
  if (start >= simTime || end > simTime) {
    throw new UsageError(
      `Cannot let a fault last from ${start} to ${end}: expected it to lie within the run, which ends at ${simTime}`,
    );
  }
  return [start, end];
}

function faultsOf(values: SystemValues): FaultOptions[] {
  const { rho, serviceFault, capacityFault } = values;
  const { rhoFault = 10 * rho, rhoReset = rho } = values;
  const [start, end] = faultTimes(values);
  const duration = end - start;
  const faults: FaultOptions[] = [
    { target: "arrivalRate", start, duration, factor: rhoFault / rho },
    { target: "serviceRate", start, duration, factor: serviceFault },
    { target: "capacity", start, duration, factor: capacityFault },
  ];
  if (rhoReset !== rho) {
    faults.push({
      target: "arrivalRate",
      start: end,
      duration: Infinity,
      factor: rhoReset / rho,
    });
  }
  return faults.filter(({ factor }) => factor !== 1);
}

/**
 * The system that options describe: a line of servers with one client.
 *
 * @param values The options' values.
 * @param servers How many servers there are, one behind the other. Default 1.
 */
export function systemOf(values: SystemValues, servers = 1): QueueingOptions {
  const { rho, meanT, threadPool, retryModel, backoff, retryBudget } = values;
  const [faultStart] = faultTimes(values);
  const client: ClientOptions = {
    arrivalRate: rho * threadPool / meanT,
    timeout: values.timeoutT,
    maxRetries: values.maxRetries,
    rejection: values.rejection,
    ...(backoff > 0 && {
      backoff: {
        base: backoff,
        factor: values.backoffFactor,
        maximum: values.backoffMax,
        jitter: values.jitter,
      },
    }),
    ...(retryBudget !== undefined && { retryBudget: { ratio: retryBudget } }),
  };
  const server: ServerOptions = {
    service: serviceOf(values),
    threads: threadPool,
    queueCapacity: values.qsize,
    discipline: values.queueType,
    maximumWait: values.maxWait,
    ...(values.tokenRate !== undefined && {
      tokenBucket: {
        capacity: values.tokenCapacity,
        refillRate: values.tokenRate,
      },
    }),
    ...(values.throttle && {
      throttle: {
        threshold: values.ts,
        admitProbability: values.ap,
        from: retryModel === "reference" ? faultStart : 0,
      },
    }),
  };
  return {
    clients: [client],
    servers: Array.from(
      { length: servers },
      (_, i) => i + 1 < servers ? { ...server, next: [i + 1] } : server,
    ),
    retryModel,
    ...(values.referenceVersion !== "later" &&
      { referenceVersion: values.referenceVersion }),
    orbit: { capacity: values.rsize - 1 },
    faults: faultsOf(values),
  };
}
