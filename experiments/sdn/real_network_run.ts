/**
 * A real network that answers over REST while traffic flows through it.
 *
 * @module
 */
import type { ScriptContext } from "../../core/script.ts";
import type { Table } from "../../core/table.ts";
import {
  openRealNetwork,
  type RealNetwork,
} from "../../envs/sdn/real_network/real_network.ts";
import { serveRest } from "../../envs/sdn/rest_server.ts";
import type { StatsReply } from "../../envs/sdn/ryu_messages.ts";
import {
  portsOf,
  portsOfArcs,
  type Topology,
} from "../../envs/sdn/switch_ports.ts";
import type { WantedNetwork } from "./real_network_options.ts";
import { startTraffic, writeTrafficScript } from "./traffic_script.ts";

export type { ScriptContext, StatsReply, Table, Topology, WantedNetwork };

/** What a link has carried. */
export interface LinkTotal {
  /** Its ends, such as `s1-s2`. */
  readonly link: string;
  /** Mbit/s. */
  readonly capacity: number;
  /** Megabytes that it has carried from the first end to the second. */
  readonly thereMegabytes: number;
  /** Megabytes that it has carried back. */
  readonly backMegabytes: number;
}

/** What a run has come to. */
export interface RealNetworkTotals {
  /** Where it listened. */
  readonly url: string;
  /** How long. */
  readonly seconds: number;
  /** What the links have carried. */
  readonly links: readonly LinkTotal[];
  /** What the network carried in the end, since weights were changed last. */
  readonly stats: StatsReply;
}

/** Options of {@linkcode runRealNetwork}. */
export interface RealRunOptions {
  /** Where the REST interface listens; 0 for any free port. */
  readonly port: number;
  /** Ends after so long; undefined: when it is stopped. */
  readonly seconds: number | undefined;
}

const STATUS_MS = 1000;
/** Away from those of flows that users start beside these. */
const FIRST_PORT = 25_201;

async function linkTotals(
  topology: Topology,
  { network }: RealNetwork,
): Promise<LinkTotal[]> {
  const { nodeCount, linkCount, arcHeads, arcTails, capacities } = topology;
  const nodes = Array.from({ length: nodeCount }, (_, node) => node);
  const portOfArc = portsOfArcs(nodes.map((node) => portsOf(topology, node)));
  const counters = await Promise.all(
    nodes.map((node) => network.portStats(node + 1)),
  );
  const megabytes = (arc: number) =>
    (counters[arcHeads[arc]]
      .find(({ port_no }) => port_no === portOfArc.get(arc ^ 1))?.rx_bytes ??
      0) / 1e6;
  return Array.from({ length: linkCount }, (_, l) => ({
    link: `s${arcTails[2 * l] + 1}-s${arcHeads[2 * l] + 1}`,
    capacity: capacities[l],
    thereMegabytes: megabytes(2 * l),
    backMegabytes: megabytes(2 * l + 1),
  }));
}

function statusText({ link_utils, throughput, avg_delay }: StatsReply): string {
  const busiest = Math.max(...link_utils);
  return `${throughput.toFixed(1)} Mbit/s arrive, ${
    avg_delay.toFixed(1)
  } ms, busiest link ${(100 * busiest).toFixed(0)} %`;
}

/** What has been carried, as a table. */
export function linkTable(links: readonly LinkTotal[]): Table {
  return {
    title: "Links",
    columns: [
      { header: "link" },
      { header: "capacity", unit: "Mbit/s" },
      { header: "carried there", unit: "MB" },
      { header: "carried back", unit: "MB" },
    ],
    rows: links.map((each) => [
      each.link,
      each.capacity,
      each.thereMegabytes,
      each.backMegabytes,
    ]),
  };
}

async function startFlows(
  { flows }: WantedNetwork,
  { hostCommand }: RealNetwork,
  path: string,
) {
  if (flows.length === 0) return undefined;
  await writeTrafficScript(path, flows, { firstPort: FIRST_PORT });
  return startTraffic(path, { hostCommand });
}

/**
 * Builds the network, lets traffic flow and answers over REST until it is
 * stopped, the time is over, or something breaks down, which throws `Error`.
 *
 * @param wanted The network and its traffic.
 * @param options Where to listen, and how long.
 * @param context Notes and interruption of the script.
 */
export async function runRealNetwork(
  wanted: WantedNetwork,
  options: RealRunOptions,
  { note, status, signal }: Pick<ScriptContext, "note" | "status" | "signal">,
): Promise<RealNetworkTotals> {
  const { topology, flows } = wanted;
  await using real = await openRealNetwork(topology, {
    splitting: wanted.splitting,
    bufferPackets: wanted.bufferPackets,
    note,
    signal,
  });
  const server = serveRest(real.network, { port: options.port });
  await using _server = { [Symbol.asyncDispose]: () => server.shutdown() };
  const script = await Deno.makeTempFile({ suffix: ".sh" });
  await using _script = {
    [Symbol.asyncDispose]: () => Deno.remove(script),
  };
  await using traffic = await startFlows(wanted, real, script);
  const url = `http://127.0.0.1:${server.addr.port}`;
  note(
    `Listening on ${url}: ${topology.name}, ${topology.nodeCount} switches, ${topology.linkCount} links, ${flows.length} flows; hosts ${
      real.hostNames.join(", ")
    } (ip netns exec ${real.hostNames[0]} ...)`,
  );
  const begin = performance.now();
  using line = status();
  const timer = setInterval(async () => {
    try {
      const stats = await real.network.stats();
      line.show(() => statusText(stats));
    } catch {
      // A switch that is gone has been told of.
    }
  }, STATUS_MS);
  try {
    await stopped(real, traffic, { ...options, signal });
  } finally {
    clearInterval(timer);
  }
  const seconds = (performance.now() - begin) / 1000;
  const stats = await real.network.stats();
  return { url, seconds, links: await linkTotals(topology, real), stats };
}

async function stopped(
  real: RealNetwork,
  traffic: Awaited<ReturnType<typeof startFlows>>,
  { seconds, signal }: RealRunOptions & { readonly signal: AbortSignal },
): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  const timer = seconds === undefined
    ? undefined
    : setTimeout(resolve, 1000 * seconds);
  signal.addEventListener("abort", () => resolve(), { once: true });
  if (signal.aborted) resolve();
  real.failed.then((reason) =>
    reject(new Error(`Cannot keep the network running: ${reason}`))
  );
  traffic?.finished.then(() => {
    if (traffic.failure !== undefined) {
      reject(new Error(`Cannot keep traffic running: ${traffic.failure}`));
    }
  });
  try {
    await promise;
  } finally {
    clearTimeout(timer);
  }
}
