/**
 * Networks by name.
 *
 * @module
 */
import { nearestName } from "../../core/nearest_name.ts";
import { Random } from "../../core/random.ts";
import {
  type Host,
  type LinkSpec,
  makeTopology,
  type Topology,
  type TopologySpec,
} from "./topology.ts";

export type { Topology, TopologySpec };

/** Light in fibre covers so much a second. */
const FIBRE_KM_PER_SECOND = 200_000;
const EARTH_RADIUS_KM = 6371;

function numbered(count: number, prefix = "s"): string[] {
  return Array.from({ length: count }, (_, i) => `${prefix}${i + 1}`);
}

/** Links from a list such as `0-1 0-2`. */
function links(
  list: string,
  capacity: number | readonly number[],
): LinkSpec[] {
  return list.split(" ").map((link, i) => {
    const [source, target] = link.split("-").map(Number);
    return {
      source,
      target,
      capacity: typeof capacity === "number" ? capacity : capacity[i],
    };
  });
}

/**
 * Seven switches around one another, ten links: the network whose observation
 * has 12 numbers and whose action has 10.
 */
function seed10(): TopologySpec {
  const on = (name: string, node: number): Host => ({ name, node });
  return {
    name: "seed10",
    nodes: numbered(7),
    links: links(
      "0-1 1-2 2-3 3-4 4-5 5-0 0-6 2-6 4-6 1-4",
      [400, 200, 200, 400, 200, 200, 100, 400, 100, 100],
    ).map((link) => ({ ...link, delay: 0.001 })),
    hosts: [on("h1", 0), on("h2", 2), on("h3", 4), on("h4", 6)],
  };
}

/** Two switches with two hosts each and one link between them. */
function seed2(): TopologySpec {
  return {
    name: "seed2",
    nodes: numbered(2),
    links: [{ source: 0, target: 1, capacity: 100 }],
    hosts: [0, 0, 1, 1].map((node, i) => ({ name: `h${i + 1}`, node })),
  };
}

const NSFNET =
  "0-1 0-2 0-3 1-2 1-7 2-5 3-8 3-4 4-5 4-6 5-12 5-13 6-7 7-10 8-9 8-11 9-10 9-12 10-11 10-13 11-12";

/** Three classes of capacity, Mbit/s; each has seven of the 21 links. */
const NSFNET_CLASSES = [
  200,
  50,
  100,
  50,
  100,
  200,
  50,
  100,
  50,
  200,
  100,
  50,
  200,
  200,
  100,
  50,
  100,
  200,
  100,
  50,
  200,
];

const GEANT2 =
  "0-1 0-2 1-3 1-6 1-9 2-3 2-4 3-6 4-7 5-3 5-8 6-9 6-8 7-11 7-8 8-11 8-20 8-17 8-18 8-12 9-10 9-13 9-12 10-13 11-20 11-14 12-13 12-19 12-21 14-15 15-16 16-17 17-18 18-21 19-23 21-22 22-23";

/** City, longitude, latitude. */
const ABILENE_NODES: readonly [string, number, number][] = [
  ["New York", -74.01, 40.71],
  ["Chicago", -87.63, 41.88],
  ["Washington DC", -77.04, 38.91],
  ["Seattle", -122.33, 47.61],
  ["Sunnyvale", -122.04, 37.37],
  ["Los Angeles", -118.24, 34.05],
  ["Denver", -104.98, 39.74],
  ["Kansas City", -94.58, 39.1],
  ["Houston", -95.37, 29.76],
  ["Atlanta", -84.39, 33.75],
  ["Indianapolis", -86.16, 39.77],
];

const ABILENE = "0-1 0-2 1-10 2-9 3-4 3-6 4-5 4-6 5-8 6-7 7-8 7-10 8-9 9-10";

/**
 * Propagation delay of a straight fibre between two places, in seconds.
 *
 * @param from Longitude and latitude in degrees.
 * @param to Likewise.
 */
export function fibreDelay(
  from: readonly [number, number],
  to: readonly [number, number],
): number {
  const radians = (degrees: number) => degrees * Math.PI / 180;
  const [longitude1, latitude1, longitude2, latitude2] = [...from, ...to]
    .map(radians);
  // The haversine formula.
  const square = Math.sin((latitude2 - latitude1) / 2) ** 2 +
    Math.cos(latitude1) * Math.cos(latitude2) *
      Math.sin((longitude2 - longitude1) / 2) ** 2;
  const kilometres = 2 * EARTH_RADIUS_KM * Math.asin(Math.sqrt(square));
  return kilometres / FIBRE_KM_PER_SECOND;
}

function abilene(): TopologySpec {
  return {
    name: "abilene",
    nodes: ABILENE_NODES.map(([city]) => city),
    links: links(ABILENE, 9920).map((link) => {
      const [, ...from] = ABILENE_NODES[link.source];
      const [, ...to] = ABILENE_NODES[link.target];
      return { ...link, delay: fibreDelay(from, to) };
    }),
  };
}

function ring(nodeCount: number): TopologySpec {
  return {
    name: `ring:${nodeCount}`,
    nodes: numbered(nodeCount),
    links: Array.from({ length: nodeCount }, (_, i) => ({
      source: i,
      target: (i + 1) % nodeCount,
    })),
  };
}

/**
 * A fat tree of `k` pods (Al-Fares et al., SIGCOMM 2008): k/2 hosts on each of
 * the k/2 edge switches of a pod, k/2 aggregation switches a pod, (k/2)^2
 * cores.
 */
function fatTree(k: number): TopologySpec {
  const half = k / 2;
  const cores = half * half;
  const nodes = numbered(cores, "core");
  const linkList: LinkSpec[] = [];
  const hosts: Host[] = [];
  for (let pod = 0; pod < k; pod++) {
    const aggregation = nodes.length;
    const edge = aggregation + half;
    for (let i = 0; i < half; i++) nodes.push(`aggregation${pod + 1}.${i + 1}`);
    for (let i = 0; i < half; i++) nodes.push(`edge${pod + 1}.${i + 1}`);
    for (let i = 0; i < half; i++) {
      for (let j = 0; j < half; j++) {
        linkList.push({ source: i * half + j, target: aggregation + i });
        linkList.push({ source: aggregation + i, target: edge + j });
        hosts.push({ name: `h${hosts.length + 1}`, node: edge + i });
      }
    }
  }
  return { name: `fat-tree:${k}`, nodes, links: linkList, hosts };
}

/**
 * A ring through the switches in random order, so that none can be cut off by
 * one broken link, and random chords; capacities of 100, 200 or 400.
 */
function randomNetwork(
  nodeCount: number,
  linkCount: number,
  seed: number,
): TopologySpec {
  const random = new Random(seed);
  const order = random.shuffle(Array.from({ length: nodeCount }, (_, i) => i));
  const ends = new Set<number>();
  const key = (u: number, v: number) =>
    Math.min(u, v) * nodeCount + Math.max(u, v);
  for (let i = 0; i < nodeCount; i++) {
    ends.add(key(order[i], order[(i + 1) % nodeCount]));
  }
  while (ends.size < linkCount) {
    const u = random.integer(0, nodeCount - 1);
    const v = random.integer(0, nodeCount - 1);
    if (u !== v) ends.add(key(u, v));
  }
  return {
    name: `random:${nodeCount}:${linkCount}:${seed}`,
    nodes: numbered(nodeCount),
    links: [...ends].map((end) => ({
      source: Math.floor(end / nodeCount),
      target: end % nodeCount,
      capacity: random.choice([100, 200, 400]),
    })),
  };
}

const FIXED: Readonly<Record<string, () => TopologySpec>> = {
  seed10,
  seed2,
  nsfnet: () => ({
    name: "nsfnet",
    nodes: numbered(14),
    links: links(NSFNET, 100),
  }),
  "nsfnet-classes": () => ({
    name: "nsfnet-classes",
    nodes: numbered(14),
    links: links(NSFNET, NSFNET_CLASSES),
  }),
  geant2: () => ({
    name: "geant2",
    nodes: numbered(24),
    links: links(GEANT2, 100),
  }),
  abilene,
};

/** How networks are named. */
export const TOPOLOGY_NAMES: readonly string[] = [
  ...Object.keys(FIXED),
  "ring:NODES",
  "fat-tree:PODS",
  "random:NODES:LINKS[:SEED]",
];

function refuse(name: string, reason: string): never {
  throw new RangeError(
    `Cannot build the network ${JSON.stringify(name)}: ${reason}`,
  );
}

function familyMember(name: string): TopologySpec | undefined {
  const [family, ...texts] = name.split(":");
  const numbers = texts.map((text) =>
    /^\d{1,9}$/.test(text) ? Number(text) : NaN
  );
  if (numbers.some(Number.isNaN)) return undefined;
  const [first, second, seed = 0] = numbers;
  if (family === "ring" && numbers.length === 1) {
    if (first < 3) refuse(name, "expected 3 switches or more");
    return ring(first);
  }
  if (family === "fat-tree" && numbers.length === 1) {
    if (first < 2 || first % 2 === 1) {
      refuse(name, "expected an even number of pods");
    }
    return fatTree(first);
  }
  if (family === "random" && (numbers.length === 2 || numbers.length === 3)) {
    const most = first * (first - 1) / 2;
    if (first < 3) refuse(name, "expected 3 switches or more");
    if (second < first || second > most) {
      refuse(name, `expected from ${first} to ${most} links`);
    }
    return randomNetwork(first, second, seed);
  }
}

/**
 * A network by its name: `seed10` (seven switches, ten links), `seed2` (two
 * switches, one link), `nsfnet`, `nsfnet-classes` (with three classes of
 * capacity), `geant2`, `abilene`, `ring:8`, `fat-tree:4`, `random:20:40` or
 * `random:20:40:7` with a seed of 7. docs/sdn_topologies.md lists links and
 * capacities.
 *
 * @param name The name. Throws `RangeError` for one that is none's.
 */
export function namedTopology(name: string): Topology {
  if (Object.hasOwn(FIXED, name)) return makeTopology(FIXED[name]());
  const member = familyMember(name);
  if (member !== undefined) return makeTopology(member);
  const nearest = nearestName(name, TOPOLOGY_NAMES);
  return refuse(
    name,
    `expected one of ${TOPOLOGY_NAMES.join(", ")}${
      nearest ? ` (did you mean ${nearest}?)` : ""
    }`,
  );
}

/**
 * A network with a given number of links, for those who name none: `seed10`
 * for 10, `seed2` for 1, three switches in a line for 2, else a ring or a random
 * one that no broken link divides.
 *
 * @param linkCount Links, from 1. Throws `RangeError` otherwise.
 */
export function topologyOfSize(linkCount: number): Topology {
  if (linkCount === 10) return namedTopology("seed10");
  if (linkCount === 1) return namedTopology("seed2");
  if (!Number.isSafeInteger(linkCount) || linkCount < 1) {
    throw new RangeError(
      `Cannot build a network of ${linkCount} links: expected a whole number from 1`,
    );
  }
  if (linkCount === 2) {
    return makeTopology({
      name: "line:3",
      nodes: numbered(3),
      links: links("0-1 1-2", 100),
    });
  }
  if (linkCount === 3) return namedTopology("ring:3");
  const nodeCount = Math.max(4, Math.round(0.7 * linkCount));
  return namedTopology(`random:${nodeCount}:${linkCount}`);
}
