import { assertEquals, assertThrows } from "@std/assert";
import {
  edgeNodes,
  makeTopology,
  type TopologySpec,
  topologySpec,
} from "./topology.ts";

const TRIANGLE: TopologySpec = {
  name: "triangle",
  nodes: ["a", "b", "c"],
  links: [
    { source: 0, target: 1, capacity: 10, delay: 0.5 },
    { source: 1, target: 2 },
    { source: 2, target: 0, capacity: 1 },
  ],
  hosts: [{ name: "h1", node: 2 }, { name: "h2", node: 0 }],
};

Deno.test("makeTopology() makes two arcs of each link", () => {
  const topology = makeTopology(TRIANGLE);
  assertEquals([...topology.arcTails], [0, 1, 1, 2, 2, 0]);
  assertEquals([...topology.arcHeads], [1, 0, 2, 1, 0, 2]);
  assertEquals([...topology.outStart], [0, 2, 4, 6]);
  assertEquals([...topology.outArcs], [0, 5, 1, 2, 3, 4]);
  assertEquals([...topology.capacities], [10, 100, 1]);
  assertEquals([...topology.delays], [0.5, 0, 0]);
});

Deno.test("edgeNodes() are those with hosts, all where none are named", () => {
  assertEquals(edgeNodes(makeTopology(TRIANGLE)), [0, 2]);
  const { hosts: _, ...bare } = TRIANGLE;
  assertEquals(edgeNodes(makeTopology(bare)), [0, 1, 2]);
});

Deno.test("topologySpec() describes what makeTopology() made", () => {
  const topology = makeTopology(TRIANGLE);
  assertEquals(makeTopology(topologySpec(topology)), topology);
});

Deno.test("makeTopology() refuses networks that make no sense", () => {
  const cases: [Partial<TopologySpec>, string][] = [
    [{ nodes: ["a"], links: [], hosts: [] }, "1 switches"],
    [{ nodes: ["a", "b", "a"] }, 'two called "a"'],
    [{ links: [{ source: 0, target: 3 }] }, "link 0 is on switch 3"],
    [{ links: [{ source: 1, target: 1 }] }, "to itself"],
    [{ links: [{ source: 0, target: 1 }] }, "no way leads from a to c"],
    [{ links: [{ source: 0, target: 1, capacity: 0 }] }, "capacity of 0"],
    [{ links: [{ source: 0, target: 1, capacity: NaN }] }, "capacity of NaN"],
    [{ links: [{ source: 0, target: 1, delay: -1 }] }, "delay of -1"],
    [{ hosts: [{ name: "h1", node: 0.5 }] }, "host h1 is on switch 0.5"],
    [{ hosts: [{ name: "h1", node: 0 }] }, "hosts are on one switch"],
  ];
  for (const [change, message] of cases) {
    assertThrows(
      () => makeTopology({ ...TRIANGLE, ...change }),
      RangeError,
      message,
    );
  }
});
