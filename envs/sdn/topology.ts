/**
 * Networks of switches: who is linked to whom, how fast, how far.
 *
 * @module
 */

/** A host and the switch that it hangs on. */
export interface Host {
  /** Name, such as `h1`. */
  readonly name: string;
  /** Index of its switch. */
  readonly node: number;
}

/** A link between two switches, which carries traffic both ways. */
export interface LinkSpec {
  /** Index of one end. */
  readonly source: number;
  /** Index of the other end. */
  readonly target: number;
  /** Mbit/s in each direction. Default 100. */
  readonly capacity?: number;
  /** Propagation delay in seconds. Default 0. */
  readonly delay?: number;
}

/** A network, as plain values that fit into JSON. */
export interface TopologySpec {
  /** What it is called. */
  readonly name: string;
  /** Names of the switches. */
  readonly nodes: readonly string[];
  /** The links. */
  readonly links: readonly LinkSpec[];
  /**
   * The hosts, between which traffic flows. Default: one a switch, `h1` on the
   * first.
   */
  readonly hosts?: readonly Host[];
}

/**
 * A network in typed arrays. Each link `l` is two arcs: `2 l` from source to
 * target and `2 l + 1` back.
 */
export interface Topology {
  /** What it is called. */
  readonly name: string;
  /** Names of the switches. */
  readonly nodeNames: readonly string[];
  /** Number of switches. */
  readonly nodeCount: number;
  /** Number of links. */
  readonly linkCount: number;
  /** Number of arcs: twice the links. */
  readonly arcCount: number;
  /** The hosts. */
  readonly hosts: readonly Host[];
  /** Mbit/s of each link in each direction. Shape [links]. */
  readonly capacities: Float64Array;
  /** Propagation delays in seconds. Shape [links]. */
  readonly delays: Float64Array;
  /** Where each arc begins. Shape [arcs]. */
  readonly arcTails: Int32Array;
  /** Where each arc ends. Shape [arcs]. */
  readonly arcHeads: Int32Array;
  /**
   * Arcs that leave switch `u` are `outArcs[outStart[u] .. outStart[u + 1]]`.
   * Shape [nodes + 1].
   */
  readonly outStart: Int32Array;
  /** Arcs by the switch that they leave, lowest first. Shape [arcs]. */
  readonly outArcs: Int32Array;
}

function refuse(name: string, reason: string): never {
  throw new RangeError(
    `Cannot build the network ${JSON.stringify(name)}: ${reason}`,
  );
}

function checkIndex(
  { name, nodes }: TopologySpec,
  what: string,
  node: number,
): void {
  if (!Number.isInteger(node) || node < 0 || node >= nodes.length) {
    refuse(
      name,
      `${what} is on switch ${node}, expected an index from 0 to ${
        nodes.length - 1
      }`,
    );
  }
}

function checkLinks(spec: TopologySpec): void {
  const { name, links } = spec;
  for (
    const [i, { source, target, capacity = 100, delay = 0 }] of links.entries()
  ) {
    checkIndex(spec, `link ${i}`, source);
    checkIndex(spec, `link ${i}`, target);
    if (source === target) {
      refuse(name, `link ${i} leads from switch ${source} to itself`);
    }
    if (!(capacity > 0 && capacity < Infinity)) {
      refuse(
        name,
        `link ${i} has a capacity of ${capacity} Mbit/s, expected a number above 0`,
      );
    }
    if (!(delay >= 0 && delay < Infinity)) {
      refuse(
        name,
        `link ${i} has a delay of ${delay} s, expected a number from 0`,
      );
    }
  }
}

function firstDouble(names: readonly string[]): string | undefined {
  return names.find((name, i) => names.indexOf(name) !== i);
}

function checkNames({ name, nodes, hosts = [] }: TopologySpec): void {
  const double = firstDouble(nodes) ??
    firstDouble(hosts.map((host) => host.name));
  if (double !== undefined) {
    refuse(name, `there are two called ${JSON.stringify(double)}`);
  }
}

/** Index of a switch that cannot be reached from the first, or -1. */
function unreachable(topology: Topology): number {
  const seen = new Uint8Array(topology.nodeCount);
  const waiting = [0];
  seen[0] = 1;
  for (let u = waiting.pop(); u !== undefined; u = waiting.pop()) {
    for (let i = topology.outStart[u]; i < topology.outStart[u + 1]; i++) {
      const v = topology.arcHeads[topology.outArcs[i]];
      if (seen[v] === 0) {
        seen[v] = 1;
        waiting.push(v);
      }
    }
  }
  return seen.indexOf(0);
}

/**
 * A network from its description.
 *
 * @param spec Switches, links and hosts. Throws `RangeError` where a link or a
 * host hangs on no switch, a link leads to where it began, a capacity or a
 * delay makes no sense, a name stands twice, or the network falls apart.
 *
 * @example Two ways from a to c
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { makeTopology } from "./topology.ts";
 *
 * const { linkCount, arcCount } = makeTopology({
 *   name: "triangle",
 *   nodes: ["a", "b", "c"],
 *   links: [
 *     { source: 0, target: 1, capacity: 10 },
 *     { source: 1, target: 2, capacity: 10 },
 *     { source: 0, target: 2, capacity: 1 },
 *   ],
 * });
 * assertEquals([linkCount, arcCount], [3, 6]);
 * ```
 */
export function makeTopology(spec: TopologySpec): Topology {
  const { name, nodes, links } = spec;
  if (nodes.length < 2) {
    refuse(name, `it has ${nodes.length} switches, expected 2 or more`);
  }
  const hosts = spec.hosts ??
    nodes.map((_, node) => ({ name: `h${node + 1}`, node }));
  checkNames({ ...spec, hosts });
  checkLinks(spec);
  for (const host of hosts) checkIndex(spec, `host ${host.name}`, host.node);
  if (new Set(hosts.map(({ node }) => node)).size < 2) {
    refuse(name, "its hosts are on one switch, expected hosts on two or more");
  }
  const arcCount = 2 * links.length;
  const arcTails = new Int32Array(arcCount);
  const arcHeads = new Int32Array(arcCount);
  links.forEach(({ source, target }, l) => {
    arcTails.set([source, target], 2 * l);
    arcHeads.set([target, source], 2 * l);
  });
  const outStart = new Int32Array(nodes.length + 1);
  for (const tail of arcTails) outStart[tail + 1]++;
  for (let u = 0; u < nodes.length; u++) outStart[u + 1] += outStart[u];
  const outArcs = Int32Array.from(arcTails.keys())
    .sort((a, b) => arcTails[a] - arcTails[b] || a - b);
  const topology: Topology = {
    name,
    nodeNames: [...nodes],
    nodeCount: nodes.length,
    linkCount: links.length,
    arcCount,
    hosts,
    capacities: Float64Array.from(links, ({ capacity = 100 }) => capacity),
    delays: Float64Array.from(links, ({ delay = 0 }) => delay),
    arcTails,
    arcHeads,
    outStart,
    outArcs,
  };
  const lost = unreachable(topology);
  if (lost >= 0) {
    refuse(
      name,
      `no way leads from ${nodes[0]} to ${nodes[lost]}, expected one piece`,
    );
  }
  return topology;
}

/**
 * The description of a network, from which {@linkcode makeTopology} makes it
 * again.
 *
 * @param topology The network.
 */
export function topologySpec(topology: Topology): TopologySpec {
  const { name, nodeNames, hosts, capacities, delays, arcTails, arcHeads } =
    topology;
  return {
    name,
    nodes: [...nodeNames],
    links: Array.from(capacities, (capacity, l) => ({
      source: arcTails[2 * l],
      target: arcHeads[2 * l],
      capacity,
      delay: delays[l],
    })),
    hosts: hosts.map((host) => ({ ...host })),
  };
}

/**
 * The switches on which hosts are, in the order of their indices: traffic
 * begins and ends there.
 *
 * @param topology The network.
 */
export function edgeNodes(topology: Topology): number[] {
  return [...new Set(topology.hosts.map(({ node }) => node))]
    .sort((a, b) => a - b);
}
