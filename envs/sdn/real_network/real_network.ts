/**
 * A real network on this machine: Open vSwitch in network namespaces, steered
 * by Loadstar's own controller.
 *
 * @module
 */
import { linkDiscovery } from "../openflow/link_discovery.ts";
import { OpenFlowController } from "../openflow/openflow_controller.ts";
import type { SplittingOptions } from "../routing.ts";
import type { WeightRange } from "../routing_controller.ts";
import type { SwitchNetwork } from "../switch_network.ts";
import { makeTopology, type Topology, topologySpec } from "../topology.ts";
import { layCables, SWITCHES } from "./_cabling.ts";
import { startOpenVSwitch } from "./_open_vswitch.ts";
import { realSwitches } from "./_real_switches.ts";
import { missingRequirement } from "./requirements.ts";
import { type Slot, takeSlot } from "./_slots.ts";

export type { SplittingOptions, SwitchNetwork, Topology, WeightRange };

/** Options of {@linkcode openRealNetwork}. */
export interface RealNetworkOptions extends SplittingOptions {
  /** Full-sized packets for which a link has room. Default 32. */
  readonly bufferPackets?: number;
  /** Lowest and highest weight. Default 0.1 to 10. */
  readonly weightRange?: WeightRange;
  /** Told what happens that is worth knowing. */
  readonly note?: (message: string) => void;
  /** Gives up. */
  readonly signal?: AbortSignal;
}

/** A running network; disposing of it leaves nothing behind. */
export interface RealNetwork extends AsyncDisposable {
  /** What the REST interface asks. */
  readonly network: SwitchNetwork;
  /**
   * Words that, put before a host's name and a command, run the command on the
   * host: `sh /run/loadstar-sdn/0/on h1 iperf3 -s`.
   */
  readonly hostCommand: string;
  /** Names by which `ip netns exec` knows hosts. */
  readonly hostNames: readonly string[];
  /** Settles with the reason when the network breaks down. */
  readonly failed: Promise<string>;
}

/** How often the delay of links is measured. */
const PROBE_MS = 1000;
/** Names in scripts and of namespaces. */
const HOST_NAME = /^[\w.-]{1,64}$/;

function checkHosts({ name, hosts }: Topology): void {
  const wrong = hosts.find((host) => !HOST_NAME.test(host.name));
  if (wrong !== undefined) {
    throw new RangeError(
      `Cannot build the network ${JSON.stringify(name)}: its host ${
        JSON.stringify(wrong.name)
      } cannot name a namespace, expected letters, digits, dots and hyphens`,
    );
  }
}

/**
 * A network with other capacities, so that a machine can carry it.
 *
 * @param topology The network.
 * @param scale What capacities are multiplied by.
 */
export function scaledTopology(topology: Topology, scale: number): Topology {
  const spec = topologySpec(topology);
  return makeTopology({
    ...spec,
    links: spec.links.map((link) => ({
      ...link,
      capacity: link.capacity! * scale,
    })),
  });
}

/** A script that runs a command on a host; `/run` may forbid programs. */
async function writeHostScript(slot: Slot): Promise<string> {
  const path = `${slot.folder}/on`;
  const name = slot.namespace('"$host"');
  await Deno.writeTextFile(
    path,
    `host=$1; shift; exec ip netns exec ${name} "$@"\n`,
  );
  return `sh ${path}`;
}

async function nameHosts(
  { hosts }: Topology,
  { slot, note }: { slot: Slot; note: (message: string) => void },
): Promise<string[]> {
  return await Promise.all(hosts.map(async ({ name }) => {
    if (await slot.alias(name)) return name;
    note(
      `There is another namespace called ${name}: this host is ${
        slot.namespace(name)
      }`,
    );
    return slot.namespace(name);
  }));
}

/**
 * Builds a network and fills its switches with the shortest paths.
 *
 * @param topology The network. Link capacities, in Mbit/s, are those of token
 * buckets; propagation delays are not reproduced.
 * @param options Throws `RangeError` for values that make no sense, and
 * `Error` where the machine cannot have the network.
 */
export async function openRealNetwork(
  topology: Topology,
  options: RealNetworkOptions = {},
): Promise<RealNetwork> {
  const {
    bufferPackets = 32,
    weightRange = { low: 0.1, high: 10 },
    note = () => {},
    signal,
  } = options;
  checkHosts(topology);
  const missing = await missingRequirement();
  if (missing !== undefined) {
    throw new Error(`Cannot build a real network: ${missing}`);
  }
  await using open = new AsyncDisposableStack();
  const slot = open.use(
    await takeSlot(({ namespaces, processes }) =>
      note(
        `Removed what a killed run left: ${namespaces.length} namespaces, ${processes.length} processes`,
      )
    ),
  );
  await layCables(topology, { slot, bufferPackets });
  signal?.throwIfAborted();

  let isBegun = false;
  const say = (error: unknown) => isBegun && note((error as Error).message);
  const path = `${slot.folder}/controller.sock`;
  const controller = open.use(
    new OpenFlowController(Deno.listen({ transport: "unix", path }), {
      onPacketIn: (from, packet) => discovery.handle(from, packet),
      onPortStatus: () => isBegun && switches.reroute().catch(say),
      onError: (from, message) => note(`Switch ${from.datapathId}: ${message}`),
      onSwitch: ({ datapathId }) =>
        isBegun && switches.refill(datapathId).catch(say),
      onGone: (datapathId, reason) =>
        isBegun && note(`Switch ${datapathId} has gone: ${reason}`),
    }),
  );
  const discovery = linkDiscovery(controller.switches);
  const switches = realSwitches({
    ...options,
    topology,
    controller,
    discovery,
    weightRange,
    note,
  });
  const { failed } = open.use(
    await startOpenVSwitch(topology, {
      folder: slot.folder,
      namespace: slot.namespace(SWITCHES),
      controller: `unix:${path}`,
    }),
  );
  await controller.waitFor(topology.nodeNames.map((_, node) => node + 1), {
    signal,
  });
  await switches.begin();
  isBegun = true;
  const stopProbing = repeat(switches.measureDelays, PROBE_MS);
  open.defer(async () => {
    isBegun = false;
    await stopProbing();
  });
  const hostNames = await nameHosts(topology, { slot, note });
  const hostCommand = await writeHostScript(slot);
  const running = open.move();
  return {
    network: switches.network,
    hostCommand,
    hostNames,
    failed,
    [Symbol.asyncDispose]: () => running.disposeAsync(),
  };
}

/** Does something again and again; returns how to stop. */
function repeat(work: () => Promise<void>, everyMs: number) {
  let last: Promise<void> = Promise.resolve();
  let isBusy = false;
  const timer = setInterval(() => {
    if (isBusy) return;
    isBusy = true;
    // A switch that is gone is told of elsewhere.
    last = work().catch(() => {}).finally(() => {
      isBusy = false;
    });
  }, everyMs);
  return () => {
    clearInterval(timer);
    return last;
  };
}
