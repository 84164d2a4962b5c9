import { assertEquals } from "@std/assert";
import { namedTopology } from "./named_topologies.ts";
import {
  hostAddress,
  hostIp,
  portAddress,
  portName,
  portsOf,
  portsOfArcs,
} from "./switch_ports.ts";

const topology = namedTopology("seed10");

Deno.test("portsOf() numbers ports to switches first, then those to hosts", () => {
  // s1: links 0 (to s2), 5 (to s6), 6 (to s7), then h1.
  assertEquals(portsOf(topology, 0), [
    { number: 1, arc: 0 },
    { number: 2, arc: 11 },
    { number: 3, arc: 12 },
    { number: 4, host: 0 },
  ]);
});

Deno.test("portsOfArcs() knows where each arc leaves", () => {
  const ports = topology.nodeNames.map((_, node) => portsOf(topology, node));
  const byArc = portsOfArcs(ports);
  assertEquals(byArc.size, topology.arcCount);
  assertEquals([byArc.get(0), byArc.get(11), byArc.get(12)], [1, 2, 3]);
});

Deno.test("names and addresses of ports and hosts", () => {
  assertEquals(portName(0, 3), "s1-eth3");
  assertEquals(portAddress(0, 3), "02:01:00:00:10:03");
  assertEquals(hostAddress(255), "02:00:00:00:01:00");
  assertEquals([hostIp(0), hostIp(255)], ["10.0.0.1", "10.0.1.0"]);
});
