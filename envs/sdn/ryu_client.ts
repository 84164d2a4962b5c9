/**
 * Talking to a controller over HTTP.
 *
 * @module
 */
import type { FlowFilter } from "./switch_network.ts";
import { excerpt, isUnconnected, reasonOf } from "./_request_errors.ts";
import { readStatsReply, readWeightsReply } from "./_ryu_replies.ts";
import {
  dpidText,
  type FlowCommand,
  type RyuAggregate,
  type RyuDescription,
  type RyuFlow,
  type RyuFlowEntry,
  type RyuPortDescription,
  type RyuPortStats,
  type RyuTopologyHost,
  type RyuTopologyLink,
  type RyuTopologySwitch,
  type StatsReply,
  type WeightsReply,
  type WeightsRequest,
} from "./ryu_messages.ts";

export type {
  FlowCommand,
  FlowFilter,
  RyuAggregate,
  RyuDescription,
  RyuFlow,
  RyuFlowEntry,
  RyuPortDescription,
  RyuPortStats,
  RyuTopologyHost,
  RyuTopologyLink,
  RyuTopologySwitch,
  StatsReply,
  WeightsReply,
  WeightsRequest,
};

/** Options of {@linkcode RyuClient}. */
export interface RyuClientOptions {
  /** How long a request may take, in milliseconds. Default 3000. */
  readonly timeoutMs?: number;
  /**
   * How often a request is made again that could not be answered, where that
   * cannot do it twice. Default 2.
   */
  readonly retries?: number;
  /** Pause before each time, in milliseconds; doubled. Default 100. */
  readonly retryDelayMs?: number;
}

/** What a controller did wrong, or that there is none. */
export class ControllerError extends Error {
  /** Always `ControllerError`. */
  override name = "ControllerError";
  /** The status of its answer; undefined where none came. */
  readonly status: number | undefined;

  /**
   * An error with the answer's status.
   *
   * @param message What could not be done.
   * @param options Status and cause.
   */
  constructor(
    message: string,
    options: ErrorOptions & { status?: number } = {},
  ) {
    super(message, options);
    this.status = options.status;
  }
}

/** A request. */
interface Call {
  readonly method: "GET" | "POST" | "DELETE";
  readonly path: string;
  readonly body?: unknown;
  /** Whether it may be done twice. */
  readonly repeatable: boolean;
}

/** Status codes by which a server says: later. */
const LATER = new Set([502, 503, 504]);

/**
 * A controller's address without slashes at its end.
 *
 * @param base Such as `http://127.0.0.1:8080/`. Throws `RangeError` for what
 * is no address.
 */
export function controllerAddress(base: string): string {
  let url: URL | undefined;
  try {
    url = new URL(base);
  } catch {
    // Refused below.
  }
  if (url === undefined || !/^https?:$/.test(url.protocol)) {
    throw new RangeError(
      `Cannot talk to the controller ${
        JSON.stringify(base)
      }: expected an address such as http://127.0.0.1:8080`,
    );
  }
  return base.replace(/\/+$/, "");
}

/**
 * A client of Ryu's ofctl_rest and rest_topology and of the original's three
 * end points. Whatever goes wrong is a {@linkcode ControllerError}: nobody
 * listens, the answer does not come in time, is an error, or is not what it
 * should be.
 *
 * @example Asking the emulator
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { ControllerEmulator } from "./controller_emulator.ts";
 * import { RyuClient } from "./ryu_client.ts";
 *
 * await using controller = new ControllerEmulator({ port: 0 });
 * const client = new RyuClient(controller.url);
 * await client.setLinkWeights({ deltas: new Array(10).fill(0.1) });
 * const { weights } = await client.weights() ?? {};
 * assertEquals(weights?.[0], 1.1);
 * ```
 */
export class RyuClient {
  /** The controller's address. */
  readonly base: string;
  readonly #timeoutMs: number;
  readonly #retries: number;
  readonly #retryDelayMs: number;

  /**
   * A client; nothing is asked yet.
   *
   * @param base Such as `http://127.0.0.1:8080`. Throws `RangeError` for what
   * is no address.
   * @param options Time-outs and retries.
   */
  constructor(base: string, options: RyuClientOptions = {}) {
    this.base = controllerAddress(base);
    this.#timeoutMs = options.timeoutMs ?? 3000;
    this.#retries = options.retries ?? 2;
    this.#retryDelayMs = options.retryDelayMs ?? 100;
  }

  async #attempt({ method, path, body }: Call): Promise<Response> {
    return await fetch(this.base + path, {
      method,
      signal: AbortSignal.timeout(this.#timeoutMs),
      ...(body === undefined ? {} : {
        body: JSON.stringify(body),
        headers: { "content-type": "application/json" },
      }),
    });
  }

  /** The answer's text, with retries. */
  async #text(call: Call): Promise<string> {
    const doing = `${call.method} ${this.base}${call.path}`;
    for (let tries = 0;; tries++) {
      const isLast = tries === this.#retries;
      try {
        const response = await this.#attempt(call);
        const text = await response.text();
        if (response.ok) return text;
        if (isLast || !call.repeatable || !LATER.has(response.status)) {
          throw new ControllerError(
            `Cannot ${doing}: the controller answers ${response.status}${
              text === "" ? "" : ` (${excerpt(text)})`
            }`,
            { status: response.status },
          );
        }
      } catch (error) {
        if (error instanceof ControllerError) throw error;
        if (error instanceof Deno.errors.NotCapable) {
          throw new ControllerError(
            `Cannot ${doing}: the script may talk to this machine only, run it with --allow-net=${
              new URL(this.base).host
            }`,
            { cause: error },
          );
        }
        if (isLast || !(call.repeatable || isUnconnected(error))) {
          throw new ControllerError(
            `Cannot ${doing}: ${reasonOf(error, this.#timeoutMs)}`,
            { cause: error },
          );
        }
      }
      await new Promise((resolve) =>
        setTimeout(resolve, this.#retryDelayMs * 2 ** tries)
      );
    }
  }

  async #json(call: Call): Promise<unknown> {
    const text = await this.#text(call);
    try {
      return JSON.parse(text);
    } catch (error) {
      throw new ControllerError(
        `Cannot use the answer to ${call.method} ${this.base}${call.path}: expected JSON, got ${
          text === "" ? "nothing" : JSON.stringify(excerpt(text))
        }`,
        { cause: error },
      );
    }
  }

  #get(path: string): Promise<unknown> {
    return this.#json({ method: "GET", path, repeatable: true });
  }

  /** The value under a switch's number in a reply of ofctl_rest. */
  async #ofSwitch(
    what: string,
    dpid: number,
    filter?: FlowFilter,
  ): Promise<unknown> {
    const path = `/stats/${what}/${dpid}`;
    const reply = filter === undefined
      ? await this.#get(path)
      : await this.#json({
        method: "POST",
        path,
        body: filter,
        repeatable: true,
      });
    const value = (reply as Record<string, unknown> | null)?.[String(dpid)];
    if (value === undefined) {
      throw new ControllerError(
        `Cannot use the answer to ${this.base}${path}: expected an object with the key "${dpid}", got ${
          excerpt(JSON.stringify(reply))
        }`,
      );
    }
    return value;
  }

  async #list<T>(reply: Promise<unknown>, what: string): Promise<T[]> {
    const value = await reply;
    if (!Array.isArray(value)) {
      throw new ControllerError(
        `Cannot use ${what} of ${this.base}: expected a list, got ${
          excerpt(JSON.stringify(value))
        }`,
      );
    }
    return value;
  }

  /**
   * What the network carries.
   *
   * @param linkCount How many links are expected; a shorter or longer list is
   * an error.
   */
  async getStats(linkCount: number): Promise<StatsReply> {
    const reply = await this.#get("/stats");
    return refusing(this.base, () => readStatsReply(reply, linkCount));
  }

  /** Changes the links' weights; never twice. */
  async setLinkWeights(request: WeightsRequest): Promise<void> {
    await this.#text({
      method: "POST",
      path: "/set_link_weights",
      body: request,
      repeatable: false,
    });
  }

  /**
   * Brings back the weights of the beginning.
   *
   * @param seed Where the traffic of Loadstar's emulator begins; controllers
   * that know no seeds ignore it.
   */
  async restoreBaseline(seed?: number): Promise<void> {
    await this.#text({
      method: "POST",
      path: "/restore_baseline",
      body: seed === undefined ? {} : { seed },
      repeatable: seed !== undefined,
    });
  }

  /**
   * Weights, baseline and range; undefined where the controller has no `GET
   * /weights`.
   */
  async weights(): Promise<WeightsReply | undefined> {
    try {
      const reply = await this.#get("/weights");
      return refusing(this.base, () => readWeightsReply(reply));
    } catch (error) {
      if (error instanceof ControllerError && error.status === 404) {
        return undefined;
      }
      throw error;
    }
  }

  /** Numbers of the switches. */
  switches(): Promise<number[]> {
    return this.#list(this.#get("/stats/switches"), "the switches");
  }

  /** What a switch is. */
  async describe(dpid: number): Promise<RyuDescription> {
    return await this.#ofSwitch("desc", dpid) as RyuDescription;
  }

  /** Counters of a switch's ports. */
  portStats(dpid: number): Promise<RyuPortStats[]> {
    return this.#list(this.#ofSwitch("port", dpid), "the ports");
  }

  /** A switch's ports. */
  portDescriptions(dpid: number): Promise<RyuPortDescription[]> {
    return this.#list(this.#ofSwitch("portdesc", dpid), "the ports");
  }

  /** A switch's flows. */
  flows(dpid: number, filter?: FlowFilter): Promise<RyuFlow[]> {
    return this.#list(this.#ofSwitch("flow", dpid, filter), "the flows");
  }

  /** A switch's flows together. */
  async aggregateFlows(dpid: number): Promise<RyuAggregate> {
    const [sum] = await this.#list<RyuAggregate>(
      this.#ofSwitch("aggregateflow", dpid),
      "the flows",
    );
    return sum;
  }

  /** Changes a switch's flows; never twice. */
  async changeFlow(command: FlowCommand, entry: RyuFlowEntry): Promise<void> {
    const path = `/stats/flowentry/${command}`;
    await this.#text({ method: "POST", path, body: entry, repeatable: false });
  }

  /** Takes out all of a switch's flows. */
  async clearFlows(dpid: number): Promise<void> {
    const path = `/stats/flowentry/clear/${dpid}`;
    await this.#text({ method: "DELETE", path, repeatable: true });
  }

  #topology<T>(what: string, dpid: number | undefined): Promise<T[]> {
    const place = dpid === undefined ? "" : `/${dpidText(dpid)}`;
    return this.#list(this.#get(`/v1.0/topology/${what}${place}`), what);
  }

  /** Switches with their ports: all, or one. */
  topologySwitches(dpid?: number): Promise<RyuTopologySwitch[]> {
    return this.#topology("switches", dpid);
  }

  /** Links, one object a direction: all, or those that leave a switch. */
  topologyLinks(dpid?: number): Promise<RyuTopologyLink[]> {
    return this.#topology("links", dpid);
  }

  /** Hosts: all, or those of a switch. */
  topologyHosts(dpid?: number): Promise<RyuTopologyHost[]> {
    return this.#topology("hosts", dpid);
  }
}

/** What is wrong in a reply is the controller's error. */
function refusing<T>(base: string, read: () => T): T {
  try {
    return read();
  } catch (error) {
    throw new ControllerError(
      `Cannot use the answer of ${base}: ${(error as Error).message}`,
      { cause: error },
    );
  }
}
