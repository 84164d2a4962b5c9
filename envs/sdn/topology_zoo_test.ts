import {
  assert,
  assertAlmostEquals,
  assertEquals,
  assertThrows,
} from "@std/assert";
import { makeTopology } from "./topology.ts";
import { parseTopologyZoo } from "./topology_zoo.ts";

const TEXT = `graph [
  DateObtained "3/02/11"
  directed 0
  Network "Tiny [old]"
  node [
    id 0
    label "New York"
    Longitude -74.00597
    Latitude 40.71427
  ]
  node [
    id 3
    label "S&#227;o &amp; Paulo"
    Longitude -46.63611
    Latitude -23.5475
  ]
  node [ id 5 label "None" ]
  node [ id 6 label "None" ]
  edge [ source 0 target 3 LinkSpeed "10" LinkSpeedUnits "G" LinkSpeedRaw 10000000000.0 ]
  edge [ source 3 target 5 LinkLabel "a \\ b" ]
  edge [ source 5 target 6 ]
  edge [ source 6 target 0 ]
  edge [ source 6 target 6 ]
]
`;

Deno.test("parseTopologyZoo() reads nodes and links", () => {
  const topology = makeTopology(parseTopologyZoo(TEXT, { name: "tiny" }));
  assertEquals(topology.nodeNames, [
    "New York",
    "São & Paulo",
    "None",
    "None (6)",
  ]);
  assertEquals([...topology.capacities], [10_000, 100, 100, 100]);
  assertEquals([...topology.arcHeads.filter((_, i) => i % 2 === 0)], [
    1,
    2,
    3,
    0,
  ]);
  // About 7680 km.
  assertAlmostEquals(topology.delays[0], 7680 / 200_000, 2e-4);
  assertEquals(topology.delays[1], 0);
});

Deno.test("what breaks the format is refused with its line", () => {
  const cases: [string, string][] = [
    ["", "no graph"],
    ["graph [", "cut short"],
    ["graph", "cut short"],
    ["graph [ ] ]", '"]" closes nothing'],
    ["graph [ ] graph [ ]", "two graphs"],
    ["graph [ node [ label x ] ]", "got x"],
    ["graph [ node [ ] ]", "no id"],
    [TEXT.replace("id 3", "id 0"), "line 11: the node 0 stands twice"],
    [TEXT.replace("target 5", "target 9"), "line 20: a link leads from 3 to 9"],
    [TEXT.replace("source 5", "12 5"), "expected a key, got 12"],
    ["\n\n\n # a comment\n\ngraph [ node [ ] ]", "line 6: a node has no id"],
  ];
  for (const [text, message] of cases) {
    assertThrows(() => parseTopologyZoo(text), SyntaxError, message);
  }
});

Deno.test("random damage is refused, or read as some network", () => {
  for (let i = 0; i < TEXT.length; i += 3) {
    try {
      const { nodes } = parseTopologyZoo(TEXT.slice(0, i) + TEXT.slice(i + 1));
      assert(nodes.length <= 4);
    } catch (error) {
      assert(error instanceof SyntaxError, `${error}`);
    }
  }
});
