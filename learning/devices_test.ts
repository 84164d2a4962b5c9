import { assertEquals, assertMatch } from "@std/assert";
import { hasWebgpu } from "./_test_backends.ts";
import { type Device, selectDevice } from "./devices.ts";
import * as tf from "./tensorflow.ts";

const SMALL = { parameters: 5_000, batchSize: 64 };
const LARGE = { parameters: 5_000_000, batchSize: 256 };

/** Runs with a navigator whose GPU is another one. */
async function withGpu<T>(gpu: unknown, run: () => Promise<T>): Promise<T> {
  const owner = Object.getOwnPropertyDescriptor(navigator, "gpu");
  Object.defineProperty(navigator, "gpu", { value: gpu, configurable: true });
  try {
    return await run();
  } finally {
    if (owner) Object.defineProperty(navigator, "gpu", owner);
    else delete (navigator as { gpu?: unknown }).gpu;
  }
}

const noAdapter = { requestAdapter: () => Promise.resolve(null) };

Deno.test("selectDevice() starts the backend it is asked for", async () => {
  for (const device of ["cpu", "native", "wasm"] as const) {
    assertEquals(await selectDevice(device, LARGE), {
      device,
      reason: `Device ${device} (as asked for)`,
    });
    assertEquals(tf.getBackend(), device);
    const sum = tf.tidy(() => tf.add(1, 2).dataSync()[0]);
    assertEquals(sum, 3);
  }
});

Deno.test("selectDevice() decides auto by the size of an update and says so", async () => {
  assertEquals(await selectDevice("auto", SMALL), {
    device: "native",
    reason:
      "Device native (auto: 1.9e+6 multiplications an update, below 5e+9)",
  });
  assertEquals(tf.getBackend(), "native");
});

Deno.test("selectDevice() falls back to native where there is no adapter", async () => {
  const cases: [Device, unknown][] = [
    ["webgpu", noAdapter],
    ["webgpu", undefined],
    ["auto", noAdapter],
  ];
  for (const [device, gpu] of cases) {
    const selected = await withGpu(gpu, () => selectDevice(device, LARGE));
    assertEquals(selected, {
      device: "native",
      reason:
        "Device native, for there is no adapter that Deno's webgpu can see",
    });
    assertEquals(tf.getBackend(), "native");
  }
});

const webgpu = await hasWebgpu();
Deno.test({
  name: webgpu
    ? "selectDevice() starts webgpu, for large updates also by itself"
    : "selectDevice() starts webgpu [skipped: no webgpu adapter]",
  ignore: !webgpu,
  // tfjs keeps its GPU device until the process ends.
  sanitizeResources: false,
  sanitizeOps: false,
  async fn() {
    for (const device of ["auto", "webgpu"] as const) {
      const selected = await selectDevice(device, LARGE);
      assertEquals(selected.device, "webgpu");
      assertMatch(
        selected.reason,
        device === "auto"
          ? /^Device webgpu \(auto: 7\.7e\+9 multiplications an update, from 5e\+9\)$/
          : /^Device webgpu \(as asked for\)$/,
      );
    }
    assertEquals(tf.getBackend(), "webgpu");
    const product = tf.tidy(() =>
      tf.matMul(tf.tensor2d([[1, 2]]), tf.tensor2d([[3], [4]]))
    );
    assertEquals([...await product.data()], [11]);
    product.dispose();
  },
});
