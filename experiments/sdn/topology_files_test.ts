import { assertEquals, assertRejects } from "@std/assert";
import { join } from "@std/path";
import { makeTopology } from "../../envs/sdn/topology.ts";
import { userMatrices, userTopology } from "./topology_files.ts";

async function inFolder(
  work: (folder: string) => Promise<void>,
): Promise<void> {
  const folder = await Deno.makeTempDir();
  try {
    await work(folder);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

const SNDLIB = "NODES ( b a ) LINKS ( l ( a b ) 10 0 0 0 ( ) )";

Deno.test("userTopology() knows names and files of three formats", () =>
  inFolder(async (folder) => {
    const file = async (name: string, text: string) => {
      const path = join(folder, name);
      await Deno.writeTextFile(path, text);
      const spec = await userTopology(path);
      if (typeof spec === "string") throw new Error("expected a description");
      return spec;
    };
    assertEquals(await userTopology("nsfnet"), "nsfnet");
    assertEquals((await file("net.txt", SNDLIB)).nodes, ["b", "a"]);
    const gml = 'graph [ node [ id 1 label "x" ] node [ id 2 label "y" ] ' +
      "edge [ source 1 target 2 ] ]";
    assertEquals((await file("net.gml", gml)).nodes, ["x", "y"]);
    const json = '{"nodes": ["p", "q"], "links": [{"source": 0, "target": 1}]}';
    assertEquals((await file("net.json", json)).name, "net.json");
  }));

Deno.test("userTopology() refuses what is no network", () =>
  inFolder(async (folder) => {
    await assertRejects(() => userTopology("nsfnt"), RangeError, "nsfnet");
    const missing = join(folder, "missing.gml");
    await assertRejects(() => userTopology(missing), Error, "no such file");
    const cases: [string, string, typeof Error, string][] = [
      ["a.gml", "graph [", SyntaxError, "cut short"],
      ["b.txt", "NODES ( a b )", SyntaxError, "no list LINKS"],
      ["c.json", "[]", SyntaxError, "as a network"],
      ["d.json", "{", SyntaxError, 'd.json" as JSON'],
      [
        "n.json",
        '{"nodes": ["p"], "links": [null]}',
        SyntaxError,
        '"n.json" as a network',
      ],
      [
        "e.json",
        '{"nodes": ["p", "q", "r"], "links": [{"source": 0, "target": 1}]}',
        RangeError,
        "from p to r",
      ],
    ];
    for (const [name, text, kind, message] of cases) {
      const path = join(folder, name);
      await Deno.writeTextFile(path, text);
      await assertRejects(() => userTopology(path), kind, message);
    }
  }));

Deno.test("userMatrices() plays a folder's demands in the order of names", () =>
  inFolder(async (folder) => {
    const topology = makeTopology({
      name: "pair",
      nodes: ["a", "b"],
      links: [{ source: 0, target: 1 }],
    });
    const write = (name: string, demand: number) =>
      Deno.writeTextFile(
        join(folder, name),
        `NODES ( b a ) DEMANDS ( d ( a b ) 1 ${demand} UNLIMITED )`,
      );
    await assertRejects(
      () => userMatrices(folder, topology),
      RangeError,
      "SNDlib files",
    );
    await write("demand-0005.txt", 2);
    await write("demand-0000.txt", 1);
    assertEquals(await userMatrices(folder, topology), [[0, 1, 0, 0], [
      0,
      2,
      0,
      0,
    ]]);
    await Deno.writeTextFile(join(folder, "x.txt"), "NODES ( a c )");
    await assertRejects(
      () => userMatrices(folder, topology),
      RangeError,
      'no node "b"',
    );
    await assertRejects(
      () => userMatrices(join(folder, "none"), topology),
      Error,
      "no such file",
    );
  }));
