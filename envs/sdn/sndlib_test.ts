import {
  assert,
  assertAlmostEquals,
  assertEquals,
  assertThrows,
} from "@std/assert";
import { parseSndlib } from "./sndlib.ts";
import { makeTopology } from "./topology.ts";

const TEXT = `?SNDlib native format; type: network; version: 1.0
# network tiny

META (
  granularity = 5min
)

NODES (
  # <node_id> [(<longitude>, <latitude>)]
  Aachen ( 6.04 50.76 )
  Berlin ( 13.48 52.52 )
  Chemnitz ( 12.92 50.83 )
)

LINKS (
  # <link_id> ( <source> <target> ) <pre_cap> <pre_cost> <route_cost> <setup> ( {<cap> <cost>}* )
  L1 ( Aachen Berlin ) 0.00 0.00 0.00 0.00 ( 40.00 1.00 155.00 2.00 )
  L2 ( Berlin Chemnitz ) 622.00 0.00 0.00 0.00 ( )
  L3 ( Chemnitz Aachen ) 0.00 0.00 0.00 0.00 ( )
)

DEMANDS (
  # <demand_id> ( <source> <target> ) <routing_unit> <demand_value> <max_path_length>
  D1 ( Aachen Berlin ) 1 12.50 UNLIMITED
  D2 ( Chemnitz Berlin ) 1 3 UNLIMITED
)
`;

Deno.test("parseSndlib() reads nodes, links and demands", () => {
  const { topology: spec, nodes, demands } = parseSndlib(TEXT, {
    name: "tiny",
  });
  const topology = makeTopology(spec!);
  assertEquals(nodes, ["Aachen", "Berlin", "Chemnitz"]);
  assertEquals(topology.nodeNames, nodes);
  assertEquals([...topology.capacities], [155, 622, 100]);
  // Aachen to Berlin is about 545 km.
  assertAlmostEquals(topology.delays[0], 545 / 200_000, 5e-5);
  assertEquals([...demands], [0, 12.5, 0, 0, 0, 0, 0, 3, 0]);
});

Deno.test("files of demands have no topology", () => {
  const { topology, demands } = parseSndlib(
    "NODES ( a b ) DEMANDS ( d ( a b ) 1 2.5e2 UNLIMITED )",
  );
  assertEquals(topology, undefined);
  assertEquals(demands[1], 250);
});

Deno.test("what breaks the format is refused with its line", () => {
  const cases: [string, string][] = [
    ["", "no list NODES"],
    [TEXT.slice(0, TEXT.indexOf("DEMANDS") + 30), "cut short"],
    [TEXT.slice(0, TEXT.indexOf("LINKS") + 5), "cut short"],
    [
      TEXT.replace("( Aachen Berlin ) 1 12.50", "( Aachen Bonn ) 1 12.50"),
      "listed",
    ],
    [
      TEXT.replace("( Chemnitz Aachen ) 0", "( Chemnitz Bonn ) 0"),
      "line 19: expected two nodes that are listed, got ( Chemnitz Bonn )",
    ],
    [TEXT.replace("12.50", "many"), "is many"],
    [TEXT.replace("12.50", "-1"), "is -1"],
    [TEXT.replace("Chemnitz (", "Berlin ("), "Berlin stands twice"],
    [`${TEXT})`, "closes nothing"],
    [`${TEXT}NODES ( )`, "NODES stands twice"],
    ["NODES NODES ( )", 'expected "("'],
    ["( )", "has no name"],
  ];
  for (const [text, message] of cases) {
    assertThrows(() => parseSndlib(text), SyntaxError, message);
  }
});

Deno.test("random damage is refused, or read as some network", () => {
  for (let i = 0; i < TEXT.length; i += 3) {
    try {
      const { nodes, demands } = parseSndlib(
        TEXT.slice(0, i) + TEXT.slice(i + 1),
      );
      assert(demands.length === nodes.length ** 2);
    } catch (error) {
      assert(error instanceof SyntaxError, `${error}`);
    }
  }
});
