/**
 * The REST interface of a controller: Ryu's ofctl_rest and rest_topology, and
 * the original's three end points.
 *
 * @module
 */
import { bodyText } from "./_request_body.ts";
import {
  FLOW_COMMANDS,
  type FlowCommand,
  GROUP_COMMANDS,
  type GroupCommand,
  type RyuAggregate,
  type RyuFlow,
  type RyuFlowEntry,
  type RyuGroupEntry,
  type WeightsRequest,
} from "./ryu_messages.ts";
import type { FlowFilter, SwitchNetwork } from "./switch_network.ts";

export type { SwitchNetwork };

/** A longer body is refused, in bytes. */
const LONGEST_BODY = 1 << 20;

/** An answer that is no success. */
class Refusal extends Error {
  constructor(readonly status: number, message: string) {
    super(message);
  }
}

const JSON_HEADERS = { "content-type": "application/json" };

function reply(value: unknown, status = 200): Response {
  return new Response(JSON.stringify(value), { status, headers: JSON_HEADERS });
}

async function readBody(request: Request): Promise<Record<string, unknown>> {
  const text = await bodyText(request, LONGEST_BODY);
  if (text === undefined) {
    throw new Refusal(
      413,
      `Cannot read a body of more than ${LONGEST_BODY} bytes`,
    );
  }
  if (text === "") return {};
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw new Refusal(
      400,
      `Cannot read the request's body as JSON: ${(error as Error).message}`,
    );
  }
  if (value === null || typeof value !== "object" || Array.isArray(value)) {
    throw new Refusal(
      400,
      `Cannot use the request's body ${
        text.slice(0, 60)
      }: expected a JSON object`,
    );
  }
  return value as Record<string, unknown>;
}

function numberList(
  body: Record<string, unknown>,
  name: string,
): readonly number[] | undefined {
  const value = body[name];
  if (value === undefined) return undefined;
  if (
    !Array.isArray(value) || !value.every((each) => typeof each === "number")
  ) {
    throw new Refusal(
      400,
      `Cannot use ${name} ${
        JSON.stringify(value).slice(0, 60)
      }: expected a list of numbers`,
    );
  }
  return value;
}

function weightsRequest(body: Record<string, unknown>): WeightsRequest {
  const deltas = numberList(body, "deltas");
  const weights = numberList(body, "weights");
  if ((deltas === undefined) === (weights === undefined)) {
    throw new Refusal(
      400,
      'Cannot set link weights: expected {"deltas": [...]} or {"weights": [...]}',
    );
  }
  return { deltas, weights };
}

function seedOf(body: Record<string, unknown>): number | undefined {
  const { seed } = body;
  if (seed === undefined || seed === null) return undefined;
  if (typeof seed !== "number") {
    throw new Refusal(
      400,
      `Cannot restore the baseline with the seed ${
        JSON.stringify(seed).slice(0, 60)
      }: expected a whole number from 0`,
    );
  }
  return seed;
}

/** A switch's number: decimal, or hexadecimal after `0x`, as Ryu reads it. */
function readDpid(given: unknown): number {
  const text = String(given);
  const dpid = /^(?:\d+|0x[0-9a-f]+)$/i.test(text) ? Number(text) : NaN;
  if (!Number.isSafeInteger(dpid)) {
    throw new Refusal(
      400,
      `Cannot find the switch ${
        JSON.stringify(given)?.slice(0, 60)
      }: expected its number`,
    );
  }
  return dpid;
}

async function knownDpid(
  network: SwitchNetwork,
  given: unknown,
): Promise<number> {
  const dpid = readDpid(given);
  const known = await network.switches();
  if (!known.includes(dpid)) {
    throw new Refusal(
      404,
      `Cannot find the switch ${dpid}: expected one of ${known.join(", ")}`,
    );
  }
  return dpid;
}

function aggregate(flows: readonly RyuFlow[]): RyuAggregate {
  return {
    packet_count: flows.reduce((sum, flow) => sum + flow.packet_count, 0),
    byte_count: flows.reduce((sum, flow) => sum + flow.byte_count, 0),
    flow_count: flows.length,
  };
}

function choosePort<T extends { port_no: number | string }>(
  entries: readonly T[],
  port: string | undefined,
): readonly T[] {
  if (port === undefined) return entries;
  const chosen = entries.filter(({ port_no }) => String(port_no) === port);
  if (chosen.length === 0) {
    throw new Refusal(
      404,
      `Cannot find the port ${port}: expected one of ${
        entries.map(({ port_no }) => port_no).join(", ")
      }`,
    );
  }
  return chosen;
}

/** `GET` (or a filter's `POST`) of `/stats/<what>/<dpid>[/<port>]`. */
async function switchStats(
  network: SwitchNetwork,
  [what, given, port]: string[],
  filter: FlowFilter,
): Promise<Response> {
  const dpid = await knownDpid(network, given);
  const keyed = (value: unknown) => reply({ [dpid]: value });
  switch (what) {
    case "desc":
      return keyed(await network.describe(dpid));
    case "port":
      return keyed(choosePort(await network.portStats(dpid), port));
    case "portdesc":
      return keyed(choosePort(await network.portDescriptions(dpid), port));
    case "flow":
      return keyed(await network.flows(dpid, filter));
    case "aggregateflow":
      return keyed([aggregate(await network.flows(dpid, filter))]);
    case "groupdesc":
      if (network.groups === undefined) break;
      return keyed(await network.groups(dpid));
  }
  throw new Refusal(404, `Cannot tell "${what}" of a switch`);
}

function commandOf<Command extends string>(
  given: string,
  what: string,
  commands: readonly Command[],
): Command {
  const found = commands.find((each) => each === given);
  if (found === undefined) {
    throw new Refusal(
      404,
      `Cannot ${given} ${what}: expected one of ${commands.join(", ")}`,
    );
  }
  return found;
}

/** `POST` of `/stats/flowentry/<command>` and `/stats/groupentry/<command>`. */
async function changeEntry(
  network: SwitchNetwork,
  [what, given]: string[],
  body: Record<string, unknown>,
): Promise<Response> {
  if (what === "flowentry") {
    const command = commandOf<FlowCommand>(given, "flows", FLOW_COMMANDS);
    const dpid = await knownDpid(network, body.dpid);
    await network.changeFlow(command, { ...body, dpid } as RyuFlowEntry);
  } else {
    const command = commandOf<GroupCommand>(given, "groups", GROUP_COMMANDS);
    const dpid = await knownDpid(network, body.dpid);
    const entry = { ...body, dpid } as RyuGroupEntry;
    await network.changeGroup!(command, entry);
  }
  return new Response(null, { status: 200 });
}

async function topology(
  network: SwitchNetwork,
  [what, dpid]: string[],
): Promise<Response> {
  if (dpid !== undefined && !/^[0-9a-f]{16}$/.test(dpid)) {
    throw new Refusal(
      404,
      `Cannot find the switch ${dpid}: expected 16 lower-case hexadecimal digits`,
    );
  }
  const isMeant = (of: string) => dpid === undefined || of === dpid;
  switch (what) {
    case "switches": {
      const all = await network.topologySwitches();
      return reply(all.filter((each) => isMeant(each.dpid)));
    }
    case "links": {
      const all = await network.topologyLinks();
      return reply(all.filter(({ src }) => isMeant(src.dpid)));
    }
    case "hosts": {
      const all = await network.topologyHosts();
      return reply(all.filter(({ port }) => isMeant(port.dpid)));
    }
  }
  throw new Refusal(404, `Cannot tell "${what}" of the topology`);
}

async function answer(
  network: SwitchNetwork,
  request: Request,
): Promise<Response> {
  const { method } = request;
  const start = request.url.indexOf("/", 8);
  const path = request.url.slice(start).split("?")[0];
  const isGet = method === "GET";
  const isPost = method === "POST";
  if (isGet && path === "/stats") return reply(await network.stats());
  if (isPost && path === "/set_link_weights") {
    const wanted = weightsRequest(await readBody(request));
    return reply(await network.setLinkWeights(wanted));
  }
  if (isPost && path === "/restore_baseline") {
    await network.restoreBaseline(seedOf(await readBody(request)));
    return reply(await network.weights());
  }
  if (isGet && path === "/weights") return reply(await network.weights());
  if (isGet && path === "/stats/switches") {
    return reply(await network.switches());
  }
  const parts = path.split("/").slice(1);
  if (parts[0] === "v1.0" && parts[1] === "topology" && isGet) {
    return await topology(network, parts.slice(2));
  }
  const isEntry = parts[1] === "flowentry" ||
    (parts[1] === "groupentry" && network.changeGroup !== undefined);
  if (parts[0] === "stats" && isEntry) {
    if (isPost && parts.length === 3) {
      return await changeEntry(
        network,
        parts.slice(1),
        await readBody(request),
      );
    }
    const isClear = parts[1] === "flowentry" && parts[2] === "clear";
    if (method === "DELETE" && isClear && parts.length === 4) {
      const dpid = await knownDpid(network, parts[3]);
      await network.changeFlow("delete", { dpid });
      return new Response(null, { status: 200 });
    }
  }
  if (parts[0] === "stats" && parts.length >= 3 && parts.length <= 4) {
    const takesFilter = parts[1] === "flow" || parts[1] === "aggregateflow";
    if (isGet || (isPost && takesFilter)) {
      const filter = isPost ? await readBody(request) : {};
      return await switchStats(network, parts.slice(1), filter);
    }
  }
  throw new Refusal(404, `Cannot ${method} ${path}: there is nothing there`);
}

function refusalOf(error: unknown): Response {
  const message = error instanceof Error ? error.message : String(error);
  const status = error instanceof Refusal
    ? error.status
    : error instanceof RangeError || error instanceof TypeError ||
        error instanceof SyntaxError
    ? 400
    : error instanceof Deno.errors.NotSupported
    ? 501
    : 500;
  return reply({ error: message }, status);
}

/**
 * A handler for `Deno.serve`. What it cannot do is answered with a status of
 * 400 or more and `{"error": message}`.
 *
 * @param network What is asked.
 *
 * @example Asking without a server
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { emulatedSwitches } from "./emulated_switches.ts";
 * import { emulatorSettings } from "./emulator_options.ts";
 * import { FluidEmulator } from "./fluid_emulator.ts";
 * import { restHandler } from "./rest_api.ts";
 *
 * const emulator = new FluidEmulator(emulatorSettings());
 * const handle = restHandler(emulatedSwitches(emulator));
 * const answer = await handle(new Request("http://localhost/stats/switches"));
 * assertEquals(await answer.json(), [1, 2, 3, 4, 5, 6, 7]);
 * ```
 */
export function restHandler(
  network: SwitchNetwork,
): (request: Request) => Promise<Response> {
  return async (request) => {
    try {
      return await answer(network, request);
    } catch (error) {
      return refusalOf(error);
    }
  };
}
