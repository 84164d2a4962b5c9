/**
 * Networks in GML, as the Internet Topology Zoo has them (Knight et al., "The
 * Internet Topology Zoo", IEEE JSAC 2011).
 *
 * @module
 */
import { fibreDelay } from "./named_topologies.ts";
import type { LinkSpec, TopologySpec } from "./topology.ts";

export type { TopologySpec };

/** Options of {@linkcode parseTopologyZoo}. */
export interface TopologyZooOptions {
  /** What messages call the file, and what the network is called. */
  readonly name?: string;
  /** Mbit/s of links whose speed is not told. Default 100. */
  readonly defaultCapacity?: number;
}

type GmlValue = string | number | Gml;

/** Keys and values, in order; a key may come again. */
interface Gml {
  readonly entries: [string, GmlValue][];
  readonly line: number;
}

function refuse(name: string, line: number, reason: string): never {
  throw new SyntaxError(
    `Cannot read ${JSON.stringify(name)} as GML: line ${line}: ${reason}`,
  );
}

interface Token {
  readonly text: string;
  readonly line: number;
}

const TOKEN = /"(?:[^"]*)"|[[\]]|[^\s[\]"]+/g;

function tokenize(text: string): Token[] {
  const code = text.replace(/^[^\S\n]*#.*$/gm, "");
  const tokens: Token[] = [];
  let line = 1;
  let at = 0;
  for (const match of code.matchAll(TOKEN)) {
    while (at < match.index) if (code[at++] === "\n") line++;
    tokens.push({ text: match[0], line });
  }
  return tokens;
}

const ENTITIES: Readonly<Record<string, string>> = {
  amp: "&",
  lt: "<",
  gt: ">",
  quot: '"',
  apos: "'",
};

function unescape(text: string): string {
  return text.replace(
    /&(?:#(\d{1,7})|(\w+));/g,
    (whole, code, entity) =>
      code === undefined
        ? ENTITIES[entity] ?? whole
        : Number(code) <= 0x10ffff
        ? String.fromCodePoint(Number(code))
        : whole,
  );
}

/** A word as the value that it is. */
function scalar({ text, line }: Token, name: string): string | number {
  if (text.startsWith('"')) return unescape(text.slice(1, -1));
  const value = Number(text);
  return Number.isNaN(value)
    ? refuse(name, line, `expected a number, a text or "[", got ${text}`)
    : value;
}

function parseGml(text: string, name: string): Gml {
  const tokens = tokenize(text);
  const root: Gml = { entries: [], line: 1 };
  const open = [root];
  for (let i = 0; i < tokens.length; i++) {
    const { text: key, line } = tokens[i];
    if (key === "]") {
      open.pop();
      if (open.length === 0) refuse(name, line, '"]" closes nothing');
      continue;
    }
    if (!/^[A-Za-z_]\w*$/.test(key)) {
      refuse(name, line, `expected a key, got ${key}`);
    }
    const value = tokens[++i];
    if (value === undefined) refuse(name, line, "the file is cut short");
    const inner = open[open.length - 1];
    if (value.text === "[") {
      const list: Gml = { entries: [], line };
      inner.entries.push([key, list]);
      open.push(list);
    } else inner.entries.push([key, scalar(value, name)]);
  }
  if (open.length > 1) {
    refuse(name, tokens.at(-1)!.line, "the file is cut short");
  }
  return root;
}

function lists({ entries }: Gml, key: string): Gml[] {
  return entries.flatMap(([name, value]) =>
    name === key && typeof value === "object" ? [value] : []
  );
}

function value({ entries }: Gml, key: string): string | number | undefined {
  const found = entries.find(([name]) => name === key)?.[1];
  return typeof found === "object" ? undefined : found;
}

function numeric(list: Gml, key: string): number | undefined {
  const found = value(list, key);
  return typeof found === "number" ? found : undefined;
}

interface Node {
  readonly label: string;
  readonly place: [number, number] | undefined;
}

/** Nodes by their id; labels that come again get the id behind them. */
function readNodes(graph: Gml, name: string): Map<number, Node> {
  const nodes = new Map<number, Node>();
  const labels = new Set<string>();
  for (const node of lists(graph, "node")) {
    const id = numeric(node, "id");
    if (id === undefined) return refuse(name, node.line, "a node has no id");
    if (nodes.has(id)) refuse(name, node.line, `the node ${id} stands twice`);
    const label = String(value(node, "label") ?? `node ${id}`);
    const longitude = numeric(node, "Longitude");
    const latitude = numeric(node, "Latitude");
    nodes.set(id, {
      label: labels.has(label) ? `${label} (${id})` : label,
      place: longitude === undefined || latitude === undefined
        ? undefined
        : [longitude, latitude],
    });
    labels.add(label);
  }
  return nodes;
}

function readLinks(
  graph: Gml,
  nodes: ReadonlyMap<number, Node>,
  { name, defaultCapacity }: Required<TopologyZooOptions>,
): LinkSpec[] {
  const ids = [...nodes.keys()];
  const places = [...nodes.values()].map(({ place }) => place);
  const linkList: LinkSpec[] = [];
  for (const edge of lists(graph, "edge")) {
    const [source, target] = ["source", "target"].map((end) =>
      ids.indexOf(numeric(edge, end) ?? NaN)
    );
    if (source < 0 || target < 0) {
      refuse(
        name,
        edge.line,
        `a link leads from ${value(edge, "source")} to ${
          value(edge, "target")
        }, expected ids of nodes`,
      );
    }
    if (source === target) continue;
    const speed = numeric(edge, "LinkSpeedRaw") ?? 0;
    const [from, to] = [places[source], places[target]];
    linkList.push({
      source,
      target,
      capacity: speed > 0 ? speed / 1e6 : defaultCapacity,
      delay: from === undefined || to === undefined ? 0 : fibreDelay(from, to),
    });
  }
  return linkList;
}

/**
 * The network of a GML file. Capacities are the links' `LinkSpeedRaw`,
 * propagation delays follow from longitudes and latitudes; links from a node
 * to itself, of which the Zoo has some, are left out.
 *
 * @param text The file. Throws `SyntaxError` where it breaks the format, and
 * `RangeError` as `makeTopology` does once the network is made.
 * @param options Name and fall-back capacity.
 */
export function parseTopologyZoo(
  text: string,
  options: TopologyZooOptions = {},
): TopologySpec {
  const { name = "text", defaultCapacity = 100 } = options;
  const [graph, ...more] = lists(parseGml(text, name), "graph");
  if (graph === undefined) return refuse(name, 1, "there is no graph");
  if (more.length > 0) refuse(name, more[0].line, "there are two graphs");
  const nodes = readNodes(graph, name);
  return {
    name,
    nodes: [...nodes.values()].map(({ label }) => label),
    links: readLinks(graph, nodes, { name, defaultCapacity }),
  };
}
