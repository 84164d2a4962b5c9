/**
 * Refusing queueing systems that make no sense.
 *
 * @module
 */
import { sizeLaw } from "../load_balancing/job_sizes.ts";
import {
  type ClientOptions,
  type FaultOptions,
  type QueueingOptions,
  RETRY_MODELS,
  type ServerOptions,
} from "./options.ts";
import { TIMEOUT_PROBABILITIES } from "./timeout_probability.ts";

function refuse(what: string, value: unknown, expected: string): never {
  const shown = typeof value === "number" ? value : JSON.stringify(value);
  const message = `Cannot simulate ${what} ${shown}: expected ${expected}`;
  throw typeof value === "number"
    ? new RangeError(message)
    : new TypeError(message);
}

function checkNumber(what: string, value: unknown, least = 0): void {
  if (typeof value === "number" && value >= least && value < Infinity) return;
  refuse(what, value, `a finite number from ${least}`);
}

function checkPositive(what: string, value: unknown): void {
  if (typeof value === "number" && value > 0 && value < Infinity) return;
  refuse(what, value, "a finite number above 0");
}

function checkShare(what: string, value: unknown): void {
  if (typeof value === "number" && value >= 0 && value <= 1) return;
  refuse(what, value, "a number from 0 to 1");
}

function checkCount(what: string, value: unknown, least: number): void {
  if (Number.isSafeInteger(value) && (value as number) >= least) return;
  refuse(what, value, `a whole number from ${least}`);
}

function checkChoice(
  what: string,
  value: unknown,
  choices: readonly string[],
): void {
  if (choices.includes(value as string)) return;
  refuse(what, String(value), `one of ${choices.join(", ")}`);
}

function checkClient(
  client: ClientOptions,
  { index, options }: { index: number; options: QueueingOptions },
): void {
  const name = `client ${index} with`;
  const servers = options.servers?.length ?? 1;
  checkNumber(`${name} an arrival rate of`, client.arrivalRate);
  const { server = 0, timeout = 9, maxRetries = 3, backoff, retryBudget } =
    client;
  if (!Number.isInteger(server) || server < 0 || server >= servers) {
    refuse(`${name} server`, server, `one from 0 to ${servers - 1}`);
  }
  checkPositive(`${name} a time-out of`, timeout);
  if (maxRetries !== Infinity || options.retryModel !== "orbit") {
    checkCount(`${name} a number of retries of`, maxRetries, 0);
  }
  checkShare(
    `${name} an admission probability of`,
    client.admissionProbability ?? 1,
  );
  checkChoice(`${name} rejections`, client.rejection ?? "silent", [
    "silent",
    "answered",
  ]);
  if (backoff !== undefined) {
    checkPositive(`${name} a back-off of`, backoff.base);
    checkNumber(`${name} a back-off factor of`, backoff.factor ?? 2, 1);
    if ((backoff.maximum ?? Infinity) !== Infinity) {
      checkPositive(`${name} a longest back-off of`, backoff.maximum);
    }
    checkChoice(`${name} jitter`, backoff.jitter ?? "full", [
      "none",
      "full",
      "equal",
    ]);
  }
  if (retryBudget !== undefined) {
    if (retryBudget.ratio !== Infinity) {
      checkNumber(`${name} a retry budget ratio of`, retryBudget.ratio);
    }
    checkNumber(`${name} a retry budget burst of`, retryBudget.burst ?? 10);
  }
}

function checkServer(server: ServerOptions, index: number): void {
  const name = `server ${index} with`;
  const { service, threads = 1, queueCapacity = 100, throttle, tokenBucket } =
    server;
  if (service !== undefined) sizeLaw(service);
  checkCount(`${name} a number of threads of`, threads, 1);
  if (queueCapacity !== Infinity) {
    checkCount(`${name} a queue capacity of`, queueCapacity, 0);
  }
  checkChoice(`${name} discipline`, server.discipline ?? "fifo", [
    "fifo",
    "lifo",
  ]);
  if ((server.maximumWait ?? Infinity) !== Infinity) {
    checkNumber(`${name} a maximum wait of`, server.maximumWait);
  }
  if (tokenBucket !== undefined) {
    checkNumber(`${name} a token bucket of`, tokenBucket.capacity, 1);
    checkNumber(`${name} a token refill rate of`, tokenBucket.refillRate);
  }
  if (throttle !== undefined) {
    checkShare(`${name} a throttle threshold of`, throttle.threshold ?? 0.9);
    checkShare(
      `${name} a throttle admitting`,
      throttle.admitProbability ?? 0.5,
    );
    checkNumber(`${name} a throttle from`, throttle.from ?? 0);
  }
}

/** Refuses links to nowhere, doubled links and circles. */
function checkGraph(servers: readonly ServerOptions[]): void {
  servers.forEach(({ next = [] }, index) => {
    for (const follower of next) {
      if (
        !Number.isInteger(follower) || follower < 0 ||
        follower >= servers.length || follower === index
      ) {
        refuse(
          `server ${index} followed by server`,
          follower,
          `another one from 0 to ${servers.length - 1}`,
        );
      }
    }
    if (new Set(next).size < next.length) {
      refuse(`server ${index} followed by servers`, next, "each server once");
    }
  });
  const rest = new Set(servers.keys());
  for (let found = true; found;) {
    found = false;
    for (const index of rest) {
      if (servers[index].next?.some((follower) => rest.has(follower))) continue;
      rest.delete(index);
      found = true;
    }
  }
  if (rest.size > 0) {
    throw new RangeError(
      `Cannot simulate servers ${
        [...rest].join(", ")
      } that lead to each other in a circle: expected a graph without one`,
    );
  }
}

/** Probability that a request comes past a server, by what leads to it. */
function visitedBy(servers: readonly ServerOptions[], first: number) {
  const seen = new Set([first]);
  for (const index of seen) {
    for (const follower of servers[index].next ?? []) seen.add(follower);
  }
  return seen;
}

/** Product of the factors of the faults that never end. */
function lastingFactor(
  { faults = [] }: QueueingOptions,
  target: FaultOptions["target"],
  place: number,
): number {
  return faults.reduce(
    (product, fault) =>
      fault.target === target && fault.duration === Infinity &&
        (fault.index ?? place) === place
        ? product * fault.factor
        : product,
    1,
  );
}

/**
 * Load of a server, retries not counted: at first, or with all faults that
 * never end.
 */
function loadOf(
  options: QueueingOptions,
  index: number,
  lasting: boolean,
): number {
  const { clients, servers = [{}] } = options;
  const factor = (target: FaultOptions["target"], place: number) =>
    lasting ? lastingFactor(options, target, place) : 1;
  const { service = { law: "exponential", mean: 0.1 }, threads = 1 } =
    servers[index];
  const rate = clients.reduce(
    (sum, { server = 0, arrivalRate }, client) =>
      visitedBy(servers, server).has(index)
        ? sum + arrivalRate * factor("arrivalRate", client)
        : sum,
    0,
  );
  const capacity = Math.floor(threads * factor("capacity", index)) *
    factor("serviceRate", index);
  return rate === 0 ? 0 : rate * sizeLaw(service).mean / capacity;
}

/** A queue without bound needs a load below 1, retries not counted. */
function checkStability(options: QueueingOptions): void {
  options.servers?.forEach((server, index) => {
    if (server.queueCapacity !== Infinity) return;
    for (const lasting of [false, true]) {
      const load = loadOf(options, index, lasting);
      if (load < 1) continue;
      throw new RangeError(
        `Cannot simulate server ${index} at a load of ${
          Number(load.toPrecision(6))
        }${
          lasting ? " that lasts" : ""
        } with a queue without bound: expected a load below 1 or a queueCapacity`,
      );
    }
  });
}

function checkFaults(options: QueueingOptions): void {
  const counts = {
    arrivalRate: options.clients.length,
    serviceRate: options.servers?.length ?? 1,
    capacity: options.servers?.length ?? 1,
  };
  options.faults?.forEach((fault: FaultOptions, i) => {
    const name = `fault ${i} with`;
    checkChoice(`${name} target`, fault.target, Object.keys(counts));
    checkNumber(`${name} a start of`, fault.start);
    if (fault.duration !== Infinity) {
      checkPositive(`${name} a duration of`, fault.duration);
    }
    checkNumber(`${name} a factor of`, fault.factor);
    const { index = 0 } = fault;
    const count = counts[fault.target];
    if (!Number.isInteger(index) || index < 0 || index >= count) {
      refuse(`${name} index`, index, `one from 0 to ${count - 1}`);
    }
  });
}

/** What a model has none of must not be asked of it. */
function checkLeftOut(
  model: string,
  client: ClientOptions,
  more: readonly [string, unknown][] = [],
): void {
  const { rejection } = client;
  const given: [string, unknown][] = [
    ["a back-off", client.backoff],
    ["a retry budget", client.retryBudget],
    ["rejections", rejection === "answered" ? rejection : undefined],
    ...more,
  ];
  for (const [what, value] of given) {
    if (value !== undefined) {
      refuse(`${model} with ${what} of`, value, "none, as the model has none");
    }
  }
}

/** The original's first version knows lines only. */
function checkVersion(options: QueueingOptions): void {
  const { servers = [{}], retryModel, referenceVersion = "later" } = options;
  checkChoice("the reference version", referenceVersion, ["later", "first"]);
  if (referenceVersion === "later") return;
  if (retryModel !== "reference") {
    refuse("the reference version", "first", 'the retry model "reference"');
  }
  servers.forEach(({ next = [] }, index) => {
    if (
      next.length > 1 ||
      servers.filter((each) => each.next?.includes(index)).length > 1
    ) {
      refuse(
        `server ${index} in the reference's first version followed by`,
        next,
        "servers in a line",
      );
    }
  });
}

/** What the chain's own assumptions leave no room for. */
function checkOrbit(options: QueueingOptions): void {
  const { clients: [client], servers: [server] = [{}], orbit = {} } = options;
  if (options.clients.length > 1 || (options.servers?.length ?? 1) > 1) {
    throw new RangeError(
      `Cannot simulate ${options.clients.length} clients and ${
        options.servers?.length ?? 1
      } servers as an orbit: expected one of each`,
    );
  }
  const law = server.service?.law ?? "exponential";
  checkChoice("an orbit with service times", law, ["exponential"]);
  checkLeftOut("an orbit", client, [
    ["a throttle", server.throttle],
    ["a token bucket", server.tokenBucket],
    ["a maximum wait", server.maximumWait],
    ["an admission probability", client.admissionProbability],
  ]);
  if (server.queueCapacity === Infinity) {
    refuse("an orbit with a queue capacity of", Infinity, "a finite one");
  }
  checkShare("an orbit with an alpha of", orbit.alpha ?? 0.25);
  const { capacity = 19 } = orbit;
  if (capacity !== Infinity) checkCount("an orbit of capacity", capacity, 0);
  checkChoice("an orbit with a full queue to", orbit.whenFull ?? "lose", [
    "lose",
    "spawn",
    "return",
  ]);
  checkChoice(
    "an orbit with the time-out probability",
    orbit.timeoutProbability ?? "erlang",
    Object.keys(TIMEOUT_PROBABILITIES),
  );
}

function checkInitial(options: QueueingOptions): void {
  const { jobs = [], orbit = 0 } = options.initial ?? {};
  const { servers = [{}] } = options;
  jobs.forEach((count, i) => {
    checkCount(`server ${i} that begins with`, count, 0);
    const { queueCapacity = 100, threads = 1 } = servers[i] ?? {};
    if (i >= servers.length || count > queueCapacity + threads) {
      refuse(`server ${i} that begins with`, count, "no more than it holds");
    }
  });
  checkCount("an orbit that begins with", orbit, 0);
  if (orbit > 0 && options.retryModel !== "orbit") {
    refuse("an orbit that begins with", orbit, 'none but as model "orbit"');
  }
  if (orbit > (options.orbit?.capacity ?? 19)) {
    refuse("an orbit that begins with", orbit, "no more than it holds");
  }
}

/**
 * Checks all options but the seed.
 *
 * @param options Throws `TypeError` for values of another kind, `RangeError`
 * for numbers outside their range.
 */
export function checkQueueingOptions(options: QueueingOptions): void {
  const { clients, servers = [{}], retryModel = "attempt" } = options;
  for (const [name, list] of Object.entries({ clients, servers })) {
    if (!Array.isArray(list) || list.length === 0) {
      refuse(name, list ?? null, `an array of at least one of the ${name}`);
    }
  }
  checkChoice("the retry model", retryModel, RETRY_MODELS);
  servers.forEach(checkServer);
  checkGraph(servers);
  clients.forEach((client, index) => checkClient(client, { index, options }));
  checkVersion(options);
  checkFaults(options);
  checkInitial(options);
  if (retryModel === "orbit") checkOrbit(options);
  if (retryModel === "reference") {
    clients.forEach((client) => checkLeftOut("the reference", client));
  }
  checkStability(options);
}
