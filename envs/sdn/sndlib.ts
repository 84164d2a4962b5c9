/**
 * Networks and demands in SNDlib's native text format (Orlowski et al.,
 * "SNDlib 1.0: Survivable Network Design Library", Networks 2010). The files
 * are for academic use and not part of Loadstar: get them from SNDlib.
 *
 * @module
 */
import { fibreDelay } from "./named_topologies.ts";
import type { LinkSpec, TopologySpec } from "./topology.ts";

export type { TopologySpec };

/** What a file holds. */
export interface SndlibNetwork {
  /** The network; undefined where the file has no links, as those of demands. */
  readonly topology: TopologySpec | undefined;
  /** Names of the nodes, in the order of the file. */
  readonly nodes: readonly string[];
  /** Demand from node `i` to node `j` at `i * nodes + j`, in the file's unit. */
  readonly demands: Float64Array;
}

/** Options of {@linkcode parseSndlib}. */
export interface SndlibOptions {
  /** What messages call the file, and what the network is called. */
  readonly name?: string;
  /**
   * Mbit/s of links that have neither a capacity nor a module to install.
   * Default 100.
   */
  readonly defaultCapacity?: number;
}

/** A word or a parenthesis, and its line. */
interface Token {
  readonly text: string;
  readonly line: number;
}

/** What stands between parentheses: words and lists. */
type Item = string | List;

interface List {
  readonly items: Item[];
  readonly line: number;
}

function refuse(name: string, line: number, reason: string): never {
  throw new SyntaxError(
    `Cannot read ${
      JSON.stringify(name)
    } as an SNDlib network: line ${line}: ${reason}`,
  );
}

function tokenize(text: string): Token[] {
  const tokens: Token[] = [];
  text.split(/\r?\n/).forEach((content, i) => {
    if (content.startsWith("?")) return;
    const code = content.replace(/#.*/, "");
    for (const [word] of code.matchAll(/[()]|[^\s()]+/g)) {
      tokens.push({ text: word, line: i + 1 });
    }
  });
  return tokens;
}

/** Sections by name, such as `NODES ( ... )`. */
function readSections(text: string, name: string): Map<string, List> {
  const tokens = tokenize(text);
  const sections = new Map<string, List>();
  const open: List[] = [];
  let title: Token | undefined;
  for (const token of tokens) {
    const { line } = token;
    if (token.text === "(") {
      const list = { items: [], line };
      if (open.length > 0) open[open.length - 1].items.push(list);
      else if (title === undefined) refuse(name, line, "a list has no name");
      else if (sections.has(title.text)) {
        refuse(name, line, `${title.text} stands twice`);
      } else sections.set(title.text, list);
      open.push(list);
      title = undefined;
    } else if (token.text === ")") {
      if (open.pop() === undefined) refuse(name, line, '")" closes nothing');
    } else if (open.length > 0) {
      open[open.length - 1].items.push(token.text);
    } else if (title !== undefined) {
      refuse(name, line, `expected "(" after ${title.text}`);
    } else title = token;
  }
  if (open.length > 0 || title !== undefined) {
    refuse(name, tokens.at(-1)!.line, "the file is cut short");
  }
  return sections;
}

function number(item: Item | undefined): number {
  return typeof item === "string" && item !== "" ? Number(item) : NaN;
}

/** Nodes and where they are: longitude and latitude, where given. */
function readNodes(
  list: List,
  name: string,
): Map<string, [number, number] | undefined> {
  const nodes = new Map<string, [number, number] | undefined>();
  for (const [i, item] of list.items.entries()) {
    if (typeof item !== "string") continue;
    if (nodes.has(item)) {
      refuse(name, list.line, `the node ${item} stands twice`);
    }
    const next = list.items[i + 1];
    const place = typeof next === "object" ? next.items.map(number) : [];
    nodes.set(
      item,
      place.length === 2 && place.every(Number.isFinite)
        ? [place[0], place[1]]
        : undefined,
    );
  }
  return nodes;
}

/** Entries `id ( source target ) fields`, as links and demands have them. */
function readEntries(
  list: List,
  nodes: readonly string[],
  name: string,
): { source: number; target: number; fields: Item[]; line: number }[] {
  const starts = list.items.flatMap((item, i) => {
    if (typeof item === "string" || item.items.length !== 2) return [];
    const unknown = item.items.filter((end) => !nodes.includes(end as string));
    if (unknown.length === 0) return i > 0 ? [i] : [];
    // Modules are pairs too, of numbers.
    if (item.items.every((end) => !Number.isNaN(number(end)))) return [];
    return refuse(
      name,
      item.line,
      `expected two nodes that are listed, got ( ${item.items.join(" ")} )`,
    );
  });
  const first = starts[0] ?? list.items.length;
  if (first !== (list.items.length === 0 ? 0 : 1)) {
    refuse(
      name,
      list.line,
      `expected entries such as "L1 ( A B ) 100", with nodes that are listed`,
    );
  }
  return starts.map((at, i) => {
    const ends = list.items[at] as List;
    const [source, target] = ends.items.map((end) =>
      nodes.indexOf(end as string)
    );
    const next = starts[i + 1];
    return {
      source,
      target,
      fields: list.items.slice(at + 1, next === undefined ? next : next - 1),
      line: ends.line,
    };
  });
}

/** What is installed, or else the largest module that could be. */
function capacityOf(fields: readonly Item[], fallback: number): number {
  const installed = number(fields[0]);
  if (installed > 0) return installed;
  const modules = fields.find((field) => typeof field === "object");
  const sizes = typeof modules === "object"
    ? modules.items.filter((_, i) => i % 2 === 0).map(number)
    : [];
  const largest = Math.max(0, ...sizes.filter(Number.isFinite));
  return largest > 0 ? largest : fallback;
}

function readLinks(
  list: List,
  nodes: ReadonlyMap<string, [number, number] | undefined>,
  { name, defaultCapacity }: Required<SndlibOptions>,
): LinkSpec[] {
  const places = [...nodes.values()];
  return readEntries(list, [...nodes.keys()], name)
    .map(({ source, target, fields }) => {
      const [from, to] = [places[source], places[target]];
      return {
        source,
        target,
        capacity: capacityOf(fields, defaultCapacity),
        delay: from === undefined || to === undefined
          ? 0
          : fibreDelay(from, to),
      };
    });
}

function readDemands(
  list: List,
  nodes: readonly string[],
  name: string,
): Float64Array {
  const demands = new Float64Array(nodes.length ** 2);
  for (const entry of readEntries(list, nodes, name)) {
    const { source, target, fields, line } = entry;
    const value = number(fields[1]);
    if (!(value >= 0 && value < Infinity)) {
      refuse(
        name,
        line,
        `the demand from ${nodes[source]} to ${nodes[target]} is ${
          fields[1] ?? "missing"
        }, expected a number from 0`,
      );
    }
    if (source !== target) demands[source * nodes.length + target] += value;
  }
  return demands;
}

/**
 * A network and its demands. Capacities and demands are taken as Mbit/s; a
 * link without a capacity has that of its largest module. Propagation delays
 * follow from longitudes and latitudes.
 *
 * @param text The file. Throws `SyntaxError` where it breaks the format, and
 * `RangeError` as `makeTopology` does once the network is made.
 * @param options Name and fall-back capacity.
 */
export function parseSndlib(
  text: string,
  options: SndlibOptions = {},
): SndlibNetwork {
  const { name = "text", defaultCapacity = 100 } = options;
  const sections = readSections(text, name);
  const nodeList = sections.get("NODES");
  if (nodeList === undefined) {
    return refuse(name, 1, "there is no list NODES");
  }
  const nodes = readNodes(nodeList, name);
  const names = [...nodes.keys()];
  const links = sections.get("LINKS");
  const demands = sections.get("DEMANDS");
  return {
    topology: links === undefined ? undefined : {
      name,
      nodes: names,
      links: readLinks(links, nodes, { name, defaultCapacity }),
    },
    nodes: names,
    demands: demands === undefined
      ? new Float64Array(names.length ** 2)
      : readDemands(demands, names, name),
  };
}
