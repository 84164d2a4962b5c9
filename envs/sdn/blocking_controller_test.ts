import { assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import { Random } from "../../core/random.ts";
import { sample } from "../../core/spaces.ts";
import { ControllerError } from "./ryu_client.ts";
import { SDNEnv } from "./sdn_env.ts";
import { sdnVector } from "./sdn_vector_env.ts";

/** A controller that answers so many requests, in a thread of its own. */
async function controller(answers = Infinity) {
  const worker = new Worker(
    new URL("./_test_controller_server.ts", import.meta.url),
    { type: "module" },
  );
  const url = await new Promise<string>((resolve) => {
    worker.onmessage = ({ data }) => resolve(data);
    worker.postMessage({ answers });
  });
  return { url, [Symbol.dispose]: () => worker.terminate() };
}

Deno.test("over HTTP an environment has the very episodes that it has in process", async () => {
  using served = await controller();
  using there = new SDNEnv({ ryuBase: served.url });
  const here = new SDNEnv();
  const random = new Random(1);
  for (const seed of [4, undefined]) {
    assertEquals(there.reset({ seed }), here.reset({ seed }));
    for (let i = 0; i < 12; i++) {
      const action = sample(here.actionSpace, random) as Float32Array;
      assertEquals(there.step(action), here.step(action));
    }
  }
  const saved = there.saveState();
  const { weights } = here.step(new Float32Array(10)).info;
  there.reset();
  there.loadState(saved);
  const restored = there.step(new Float32Array(10)).info.weights;
  weights.forEach((weight, l) =>
    assertAlmostEquals(restored[l], weight, 1e-12)
  );
});

Deno.test("a controller that breaks in the middle of an episode is an error", async () => {
  using served = await controller(7);
  using env = new SDNEnv({ ryuBase: served.url });
  env.reset({ seed: 1 });
  env.step(new Float32Array(10));
  env.step(new Float32Array(10));
  assertThrows(
    () => env.step(new Float32Array(10)),
    ControllerError,
    "answers 500 (out of order)",
  );
});

Deno.test("a controller that is not there is an error, never zeros", () => {
  const client = { timeoutMs: 500, retries: 0 };
  using env = new SDNEnv({ ryuBase: "http://127.0.0.1:9", client });
  assertThrows(() => env.reset(), ControllerError, "Cannot GET");
  assertThrows(
    () => new SDNEnv({ ryuBase: "embeded", client }),
    RangeError,
    "expected an address",
  );
});

Deno.test("a network of another size is refused", async () => {
  using served = await controller();
  using env = new SDNEnv({ ryuBase: served.url, linkCount: 21 });
  assertThrows(
    () => env.reset(),
    ControllerError,
    "by 21 weights: it has 10 links",
  );
  assertThrows(
    () => sdnVector({ ryuBase: served.url }, 2),
    RangeError,
    "expected 1",
  );
});
