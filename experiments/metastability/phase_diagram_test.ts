import { assert, assertEquals } from "@std/assert";
import { systemAt } from "./_test_systems.ts";
import { phaseDiagram, phaseFigure } from "./phase_diagram.ts";

Deno.test("low loads and short triggers come back, others do not", async () => {
  const options = {
    loads: [0.5, 0.9],
    durations: [0.2, 50],
    factor: 10,
    before: 100,
    after: 600,
    runs: 3,
    seed: 2,
  };
  const diagram = await phaseDiagram(systemAt(9), options);
  assertEquals([...diagram.stuck[0]], [0, 0]);
  assertEquals([...diagram.stuck[1]], [0, 1]);
  assert(diagram.stuckBefore.every((share) => share === 0));
  assertEquals(phaseFigure(diagram, options).data[0].type, "heatmap");
});
