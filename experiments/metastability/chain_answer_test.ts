import { assert, assertAlmostEquals, assertEquals } from "@std/assert";
import { systemAt } from "./_test_systems.ts";
import { answerByChain } from "./chain_answer.ts";

Deno.test("without an orbit the chain is an M/M/1/K queue", () => {
  // K = 101; alpha's doubled arrivals need places in the orbit.
  const chain = answerByChain(systemAt(9.5), { orbitStates: 1 })!;
  assertAlmostEquals(chain.meanQueue, 18.452, 1e-3);
  // The gap is lambda + mu - 2 sqrt(lambda mu) cos(pi / (K + 1)).
  const gap = 19.5 - 2 * Math.sqrt(95) * Math.cos(Math.PI / 102);
  assertAlmostEquals(chain.timescale * gap, 1, 1e-5);
});

Deno.test("with an orbit it is slower to come back", () => {
  const chain = answerByChain(systemAt(9.5), { orbitStates: 20 })!;
  assert(chain.meanQueue > 20);
  assert(chain.timescale > 100);
  assert(chain.drain > chain.highToLow);
});

Deno.test("what is no such chain has no answer", () => {
  const service = { law: "deterministic" as const, mean: 0.1 };
  assertEquals(
    answerByChain(systemAt(9, { servers: [{ service }] })),
    undefined,
  );
  assertEquals(
    answerByChain(systemAt(9, { servers: [{ next: [1] }, {}] })),
    undefined,
  );
});
