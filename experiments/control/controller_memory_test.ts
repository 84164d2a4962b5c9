import { assert, assertEquals } from "@std/assert";
import { fromFileUrl } from "@std/path";
import { skipReason, withName } from "../../ffi/_shared_memory_testing.ts";

const skipped = skipReason();
const here = (path: string) => new URL(path, import.meta.url).href;

/** A controller with a compiled model, and all that may happen to it. */
const program = (name: string) => `
  import { createController } from "${here("./controller.ts")}";
  import { loadedFrom, writeSacBalancer } from "${
  here("./_tiny_balancers.ts")
}";
  import { modelPolicy } from "${here("./weight_policy.ts")}";
  import { SharedMemoryRegion } from "${here("../../ffi/shared_memory.ts")}";
  import { selectDevice } from "${here("../../learning/devices.ts")}";

  const agent = await loadedFrom(async (path) => {
    await writeSacBalancer(path, { numServers: 4 });
    await selectDevice("native", { parameters: 1, batchSize: 1 });
  }, { compiled: true });
  const clock = { ms: 0 };
  const notes = { count: 0 };
  const controller = createController({
    name: "${name}",
    policy: modelPolicy(agent),
    note: () => notes.count++,
    now: () => clock.ms,
  });
  let plane = SharedMemoryRegion.create("${name}");
  const rows = [4, 3].map((servers) => new Float32Array(11 * servers));
  function run(steps) {
    for (let step = 0; step < steps; step++) {
      clock.ms += 250;
      if (step % 100 === 20) clock.ms += 5000;
      if (step % 100 === 40) {
        plane.close();
        controller.step();
        plane = SharedMemoryRegion.create("${name}");
      }
      // Nothing said: a stall; then other servers: a misfit.
      if (step % 100 !== 20) {
        const values = rows[step % 100 === 60 ? 1 : 0];
        for (let i = 0; i < values.length; i++) values[i] = (step * i) % 7;
        plane.writeMsgOut(values);
      }
      controller.step();
    }
    gc();
    gc();
    const { heapUsed, rss } = Deno.memoryUsage();
    return { heapUsed, rss };
  }
  const warm = run(20_000);
  const after = run(40_000);
  const { decisions, dataPlanes } = controller.summary();
  controller.close();
  plane.unlink();
  console.log(JSON.stringify({
    heap: after.heapUsed - warm.heapUsed,
    rss: after.rss - warm.rss,
    decisions,
    dataPlanes,
    notes: notes.count,
  }));
`;

// 40,000 steps are nearly three hours of four decisions a second. A leak of
// 10 bytes a step would show.
Deno.test({
  name:
    `a controller takes no more memory after 60,000 steps than after 20,000${skipped}`,
  ignore: skipped !== "",
  fn: () =>
    withName(async (name) => {
      const { code, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
        args: [
          "run",
          "-q",
          "-A",
          "--v8-flags=--expose-gc",
          `--config=${
            fromFileUrl(new URL("../../deno.json", import.meta.url))
          }`,
          `data:application/javascript,${encodeURIComponent(program(name))}`,
        ],
      }).output();
      assertEquals(code, 0, new TextDecoder().decode(stderr));
      const grown = JSON.parse(new TextDecoder().decode(stdout));
      const told = JSON.stringify(grown);
      assert(grown.decisions > 57_000 && grown.dataPlanes === 601, told);
      assert(grown.notes > 2000, told);
      assert(grown.heap < 400_000, told);
      assert(grown.rss < 20_000_000, told);
    }),
});
