import {
  assert,
  assertAlmostEquals,
  assertEquals,
  assertThrows,
} from "@std/assert";
import {
  fibreDelay,
  namedTopology,
  topologyOfSize,
} from "./named_topologies.ts";
import {
  edgeNodes,
  makeTopology,
  type Topology,
  topologySpec,
} from "./topology.ts";

/** Whether every pair of switches has a second way that shares no link. */
function survivesAnyLink(topology: Topology): boolean {
  const spec = topologySpec(topology);
  return spec.links.every((_, i) => {
    try {
      makeTopology({ ...spec, links: spec.links.toSpliced(i, 1) });
      return true;
    } catch {
      return false;
    }
  });
}

Deno.test("namedTopology() knows networks of the literature by their sizes", () => {
  const sizes: [string, number, number][] = [
    ["seed10", 7, 10],
    ["seed2", 2, 1],
    ["nsfnet", 14, 21],
    ["nsfnet-classes", 14, 21],
    ["geant2", 24, 37],
    ["abilene", 11, 14],
    ["ring:5", 5, 5],
    ["fat-tree:4", 20, 32],
    ["random:20:40:7", 20, 40],
  ];
  for (const [name, nodes, links] of sizes) {
    const topology = namedTopology(name);
    assertEquals(
      [topology.nodeCount, topology.linkCount],
      [nodes, links],
      name,
    );
    assertEquals(topology.name, name);
  }
});

Deno.test("seed10 has two ways for every pair, unequal links and four hosts", () => {
  const topology = namedTopology("seed10");
  assert(survivesAnyLink(topology));
  assert(new Set(topology.capacities).size >= 3);
  assertEquals(topology.hosts.map(({ name }) => name), [
    "h1",
    "h2",
    "h3",
    "h4",
  ]);
  assertEquals(edgeNodes(topology).length, 4);
});

Deno.test("no broken link divides the random networks", () => {
  for (let seed = 0; seed < 20; seed++) {
    assert(survivesAnyLink(namedTopology(`random:9:13:${seed}`)));
  }
});

Deno.test("random networks are what their seed says", () => {
  const of = (name: string) => topologySpec(namedTopology(name)).links;
  assertEquals(of("random:9:13:1"), of("random:9:13:1"));
  assert(
    JSON.stringify(of("random:9:13:1")) !== JSON.stringify(of("random:9:13:2")),
  );
});

Deno.test("a fat tree has k^3/4 hosts, each k/2 on an edge switch", () => {
  const topology = namedTopology("fat-tree:4");
  assertEquals(topology.hosts.length, 16);
  assertEquals(edgeNodes(topology).length, 8);
});

Deno.test("three capacities of nsfnet-classes have seven links each", () => {
  const { capacities } = namedTopology("nsfnet-classes");
  for (const capacity of [50, 100, 200]) {
    assertEquals(capacities.filter((each) => each === capacity).length, 7);
  }
});

Deno.test("topologyOfSize() has as many links as asked for", () => {
  for (const count of [1, 2, 3, 4, 5, 6, 7, 10, 21, 53]) {
    assertEquals(topologyOfSize(count).linkCount, count);
  }
  assertEquals(topologyOfSize(10).name, "seed10");
  for (const count of [0, -1, 4.5, NaN]) {
    assertThrows(() => topologyOfSize(count), RangeError, `${count} links`);
  }
});

Deno.test("fibreDelay() from New York to Los Angeles is about 20 ms", () => {
  assertAlmostEquals(fibreDelay([-74, 40.7], [-118.2, 34.1]), 0.0197, 0.0005);
});

Deno.test("namedTopology() refuses what is none", () => {
  for (const name of ["ring:2", "fat-tree:3", "random:9:8", "random:4:7"]) {
    assertThrows(() => namedTopology(name), RangeError, name);
  }
  assertThrows(() => namedTopology("nsfnt"), RangeError, "did you mean nsfnet");
  assertThrows(() => namedTopology("ring:x"), RangeError, "expected one of");
});
