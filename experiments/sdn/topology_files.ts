/**
 * Networks and traffic that users have as files.
 *
 * @module
 */
import { basename, join } from "@std/path";
import { readWholeFile } from "../../core/atomic_file.ts";
import { fileError } from "../../core/file_errors.ts";
import { readJsonFile } from "../../core/json_file.ts";
import { userPath } from "../../core/paths.ts";
import { namedTopology } from "../../envs/sdn/named_topologies.ts";
import { parseSndlib } from "../../envs/sdn/sndlib.ts";
import {
  makeTopology,
  type Topology,
  type TopologySpec,
} from "../../envs/sdn/topology.ts";
import { parseTopologyZoo } from "../../envs/sdn/topology_zoo.ts";

export type { Topology, TopologySpec };

const FILE = /[/\\]|\.(?:gml|txt|json)$/i;

/**
 * The network that a user names: by a name that `namedTopology` knows, or a
 * file: Topology Zoo's `.gml`, SNDlib's native text, or a `TopologySpec` as
 * `.json`.
 *
 * @param given Name or path. Throws `RangeError` or `SyntaxError` where it is
 * neither, and a one-line error where the file cannot be read.
 */
export async function userTopology(
  given: string,
): Promise<string | TopologySpec> {
  if (!FILE.test(given)) {
    namedTopology(given);
    return given;
  }
  const path = userPath(given);
  const spec = /\.json$/i.test(path)
    ? networkOf(await readJsonFile(path), basename(path))
    : parseFile(new TextDecoder().decode(await readWholeFile(path)), path);
  makeTopology(spec);
  return spec;
}

function parseFile(text: string, path: string): TopologySpec {
  const name = basename(path);
  if (/\.gml$/i.test(path)) return parseTopologyZoo(text, { name });
  const { topology } = parseSndlib(text, { name });
  if (topology === undefined) {
    throw new SyntaxError(
      `Cannot read ${
        JSON.stringify(name)
      } as an SNDlib network: it has no list LINKS`,
    );
  }
  return topology;
}

function networkOf(content: unknown, name: string): TopologySpec {
  const spec = content as TopologySpec | null;
  if (
    !Array.isArray(spec?.nodes) || !Array.isArray(spec.links) ||
    !spec.links.every((link) => typeof link === "object" && link !== null)
  ) {
    throw new SyntaxError(
      `Cannot read ${
        JSON.stringify(name)
      } as a network: expected {"name", "nodes": [...], "links": [...]}`,
    );
  }
  return { ...spec, name: spec.name ?? name };
}

/** The order of the network's switches in a file with the same names. */
function nodeOrder(
  { name, nodeNames }: Topology,
  nodes: readonly string[],
  file: string,
): number[] {
  return nodeNames.map((node) => {
    const index = nodes.indexOf(node);
    if (index < 0) {
      throw new RangeError(
        `Cannot play ${file} on the network ${
          JSON.stringify(name)
        }: it has no node ${JSON.stringify(node)}`,
      );
    }
    return index;
  });
}

/**
 * Recorded traffic: the demands of all SNDlib files (`.txt`) of a folder, in
 * the order of their names, as SNDlib packs its dynamic traffic.
 *
 * @param folder The folder. Throws a one-line error where it cannot be read or
 * has no such file, and `SyntaxError` and `RangeError` for files that do not
 * fit the network.
 * @param topology The network, whose switches have the names in the files.
 */
export async function userMatrices(
  folder: string,
  topology: Topology,
): Promise<number[][]> {
  const names: string[] = [];
  try {
    for await (const entry of Deno.readDir(folder)) {
      if (entry.isFile && entry.name.endsWith(".txt")) names.push(entry.name);
    }
  } catch (error) {
    throw fileError(error, folder, { action: "read" });
  }
  if (names.length === 0) {
    throw new RangeError(
      `Cannot read traffic from ${
        JSON.stringify(folder)
      }: expected SNDlib files of demands (.txt)`,
    );
  }
  const matrices: number[][] = [];
  for (const name of names.sort()) {
    const text = new TextDecoder().decode(
      await readWholeFile(join(folder, name)),
    );
    const { nodes, demands } = parseSndlib(text, { name });
    const order = nodeOrder(topology, nodes, name);
    matrices.push(
      order.flatMap((i) => order.map((j) => demands[i * nodes.length + j])),
    );
  }
  return matrices;
}
