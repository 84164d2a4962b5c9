import { assertAlmostEquals, assertEquals } from "@std/assert";
import { fortzThorupCost, networkCost } from "./link_cost.ts";
import { namedTopology } from "./named_topologies.ts";

Deno.test("the slopes are 1, 3, 10, 70, 500 and 5000", () => {
  const utilisations = [0.1, 0.5, 0.8, 0.95, 1.05, 2];
  const slopes = utilisations.map((utilisation) =>
    (fortzThorupCost(10 * utilisation + 0.01, 10) -
      fortzThorupCost(10 * utilisation - 0.01, 10)) / 0.02
  );
  [1, 3, 10, 70, 500, 5000].forEach((slope, i) =>
    assertAlmostEquals(slopes[i], slope, 1e-6 * slope)
  );
});

Deno.test("the cost of a full link is 10 2/3 times its capacity", () => {
  assertEquals(fortzThorupCost(0, 7), 0);
  assertAlmostEquals(fortzThorupCost(7, 7), 7 * (1 / 3 + 1 + 7 / 3 + 7), 1e-9);
});

Deno.test("a network costs what its arcs cost", () => {
  const topology = namedTopology("seed2");
  const loads = Float64Array.of(40, 95);
  assertAlmostEquals(
    networkCost(topology, loads),
    fortzThorupCost(40, 100) + fortzThorupCost(95, 100),
    1e-9,
  );
});
