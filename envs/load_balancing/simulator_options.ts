/**
 * What is simulated: servers, balancers, hops, time-outs, outages.
 *
 * @module
 */
import type { Arrival, ArrivalSource } from "./arrival.ts";
import type { ChooseServer } from "./dispatch.ts";
import type { Observers } from "./observers.ts";

export type { Arrival, ArrivalSource, ChooseServer, Observers };

/**
 * How a server shares its cores: `fifo` in order of arrival, one flow a core;
 * `ps` all flows at once, in equal shares; `lps` (limited processor sharing)
 * in equal shares among `workers` flows, the others wait in order of arrival.
 */
export type Discipline = "fifo" | "ps" | "lps";

/** A server. */
export interface ServerOptions {
  /** Cores; a flow uses one at most. Default 1. */
  readonly cores?: number;
  /** Speed of each core: work done a second, above 0. Default 1. */
  readonly speed?: number;
  /** Speed of the disk, which is shared equally; above 0. Default 1. */
  readonly diskSpeed?: number;
  /** Default "ps". */
  readonly discipline?: Discipline;
  /**
   * Flows served at once under `lps`, as Apache's prefork has processes: a
   * flow keeps its worker while it is on the disk. Needed there, and nowhere
   * else.
   */
  readonly workers?: number;
  /**
   * Flows inside at most, those in service included; further ones are reset.
   * Default: no limit.
   */
  readonly maximumFlows?: number;
}

/** A delay in seconds: constant, or uniform between two bounds. */
export type Delay = number | { readonly low: number; readonly high: number };

/** A server that is down for a while. */
export interface Outage {
  /** Server, from 0. */
  readonly server: number;
  /** When it goes down, in seconds. The flows inside are lost. */
  readonly from: number;
  /** When it comes back, in seconds. Default: never. */
  readonly to?: number;
}

/** Options of `createSimulator`. */
export interface SimulatorOptions {
  /** At least one. */
  readonly servers: readonly ServerOptions[];
  /** Traffic; read one flow ahead, and by this simulator alone. */
  readonly arrivals: ArrivalSource;
  /**
   * How many balancers share all servers, or the servers that each balancer
   * has. Default 1.
   */
  readonly balancers?: number | readonly (readonly number[])[];
  /**
   * Balancer of an arrival, a function of nothing else. Default: each is as
   * likely.
   */
  readonly assignBalancer?: (arrival: Arrival) => number;
  /**
   * Server of a flow. Default: the least (flows + 1) / weight of the
   * balancer's own counts.
   */
  readonly choose?: ChooseServer;
  /**
   * Weight of each server at first, for all balancers. Default: cores times
   * speed.
   */
  readonly weights?: ArrayLike<number>;
  /** Seed of routing, delays and samples. Default 0. */
  readonly seed?: number;
  /** Hop between client and balancer, each way. Default 0. */
  readonly clientHop?: Delay;
  /** Hop between balancer and server, each way. Default 0. */
  readonly serverHop?: Delay;
  /**
   * Seconds until the notice of a refusal leaves the server: 0 where it resets
   * connections, 40 where they run into the balancer's time-out. Default 0.
   */
  readonly refusalDelay?: number;
  /** Seconds after which a client gives up. Default: never. */
  readonly clientTimeout?: number;
  /**
   * Whether the server stops working for a client that has given up (its
   * reset is taken to arrive at once), or works on for nobody. Default true.
   */
  readonly cancelOnTimeout?: boolean;
  /** Servers that go down; those of one server do not overlap. Default none. */
  readonly outages?: readonly Outage[];
  /**
   * Seconds until balancers know that a server is down, or up again, and the
   * default dispatch leaves it out, or takes it in. Default 0.
   */
  readonly detectionDelay?: number;
  /**
   * Samples a second of each established flow, at times of a Poisson process,
   * for {@linkcode Observers.onSample}. Default 0.
   */
  readonly sampleRate?: number;
  /** Called on events. Default: nobody. */
  readonly observers?: Observers;
}

function refuse(what: string, value: unknown, wanted: string): never {
  const message = `Cannot simulate ${what} ${
    typeof value === "string" ? JSON.stringify(value) : String(value)
  }, expected ${wanted}`;
  throw typeof value === "number"
    ? new RangeError(message)
    : new TypeError(message);
}

/** Throws unless the value is a finite number above 0. */
function checkPositive(what: string, value: unknown): void {
  if (typeof value !== "number" || !(value > 0 && value < Infinity)) {
    refuse(what, value, "a finite number above 0");
  }
}

/** Throws unless the value is a finite number from 0. */
function checkFromZero(what: string, value: unknown): void {
  if (typeof value !== "number" || !(value >= 0 && value < Infinity)) {
    refuse(what, value, "a finite number from 0");
  }
}

/** Throws unless the value is a whole number from 1. */
function checkCount(what: string, value: unknown): void {
  if (
    typeof value !== "number" || !Number.isInteger(value) || value < 1 ||
    value > 2 ** 30
  ) refuse(what, value, "a whole number from 1 to 2^30");
}

function checkServer(server: ServerOptions, index: number): void {
  const { cores = 1, speed = 1, diskSpeed = 1, discipline = "ps" } = server;
  checkCount(`server ${index} with cores`, cores);
  checkPositive(`server ${index} with a speed of`, speed);
  checkPositive(`server ${index} with a disk speed of`, diskSpeed);
  if (!["fifo", "ps", "lps"].includes(discipline)) {
    refuse(`server ${index} under`, discipline, "one of fifo, ps, lps");
  }
  if (discipline === "lps") {
    checkCount(`server ${index} with workers`, server.workers);
  } else if (server.workers !== undefined) {
    refuse(
      `server ${index} under ${discipline} with workers`,
      server.workers,
      'none, for only "lps" limits them',
    );
  }
  if (server.maximumFlows !== undefined && server.maximumFlows !== Infinity) {
    checkCount(`server ${index} with maximum flows`, server.maximumFlows);
  }
}

function checkServers(servers: readonly ServerOptions[]): void {
  if (!Array.isArray(servers)) {
    refuse("servers", servers, "an array of servers");
  }
  if (servers.length === 0) {
    throw new RangeError(
      "Cannot simulate 0 servers, expected at least 1",
    );
  }
  servers.forEach(checkServer);
}

/** The servers of each balancer, checked. */
export function serversOfBalancers(options: SimulatorOptions): Int32Array[] {
  const { servers, balancers = 1 } = options;
  if (typeof balancers === "number") {
    checkCount("balancers", balancers);
    return Array.from(
      { length: balancers },
      () => Int32Array.from(servers, (_, server) => server),
    );
  }
  if (!Array.isArray(balancers) || balancers.length === 0) {
    refuse("balancers", balancers, "a count, or the servers of each");
  }
  return balancers.map((members: readonly number[], balancer: number) => {
    if (members.length === 0) {
      throw new RangeError(
        `Cannot simulate balancer ${balancer} with 0 servers, expected at least 1`,
      );
    }
    const seen = new Set<number>();
    for (const server of members) {
      if (!Number.isInteger(server) || server < 0 || server >= servers.length) {
        refuse(
          `balancer ${balancer} with server`,
          server,
          `one from 0 to ${servers.length - 1}`,
        );
      }
      if (seen.has(server)) {
        refuse(
          `balancer ${balancer} with server`,
          server,
          "each server once",
        );
      }
      seen.add(server);
    }
    return Int32Array.from(members);
  });
}

function checkDelay(what: string, delay: Delay): void {
  if (typeof delay === "object" && delay !== null) {
    checkFromZero(`${what} from`, delay.low);
    checkFromZero(`${what} up to`, delay.high);
    if (delay.high < delay.low) {
      refuse(`${what} up to`, delay.high, `at least its low end ${delay.low}`);
    }
  } else checkFromZero(`${what} of`, delay);
}

function checkOutages(
  outages: readonly Outage[],
  servers: number,
): void {
  if (!Array.isArray(outages)) {
    throw new TypeError(
      `Cannot simulate the outages ${
        JSON.stringify(outages)
      }, expected a list of them`,
    );
  }
  const ends = new Map<number, number>();
  const inOrder = outages.toSorted((a, b) => a.from - b.from);
  for (const { server, from, to = Infinity } of inOrder) {
    if (!Number.isInteger(server) || server < 0 || server >= servers) {
      refuse("an outage of server", server, `one from 0 to ${servers - 1}`);
    }
    checkFromZero("an outage from", from);
    if (!(to > from)) {
      refuse(`an outage from ${from} to`, to, "a later time");
    }
    if (from < (ends.get(server) ?? 0)) {
      refuse(
        `an outage of server ${server} from`,
        from,
        `one after the outage before, which ends at ${ends.get(server)}`,
      );
    }
    ends.set(server, to);
  }
}

/**
 * Checks everything but weights, balancers and the seed, which are checked
 * where they are used.
 *
 * @param options Throws `TypeError` for values of another kind, `RangeError`
 * for numbers outside their range.
 */
export function checkSimulatorOptions(options: SimulatorOptions): void {
  checkServers(options.servers);
  if (typeof options.arrivals?.next !== "function") {
    refuse("arrivals from", options.arrivals, "a source of arrivals");
  }
  checkDelay("a client hop", options.clientHop ?? 0);
  checkDelay("a server hop", options.serverHop ?? 0);
  checkFromZero("a refusal delay of", options.refusalDelay ?? 0);
  checkFromZero("a detection delay of", options.detectionDelay ?? 0);
  checkFromZero("a sample rate of", options.sampleRate ?? 0);
  if (
    options.clientTimeout !== undefined && options.clientTimeout !== Infinity
  ) checkPositive("a client time-out of", options.clientTimeout);
  checkOutages(options.outages ?? [], options.servers.length);
}
