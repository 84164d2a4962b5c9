/**
 * Where tensors are computed.
 *
 * @module
 */
import "@tensorflow/tfjs-backend-cpu";
import "@tensorflow/tfjs-backend-wasm";
import * as tf from "./tensorflow.ts";

/** The devices that training can run on. */
export const DEVICES = ["auto", "wasm", "webgpu", "cpu"] as const;

/** Name of a device. */
export type Device = typeof DEVICES[number];

/** What the choice of a device depends on. */
export interface Workload {
  /** Parameters of the network. */
  parameters: number;
  /** Rows of a batch. */
  batchSize: number;
}

/** Multiplications of an update from which a GPU is worth its calls. */
const WEBGPU_WORK = 5e9;

/** A device that is ready, and why it is this one. */
export interface SelectedDevice {
  /** The backend that runs. */
  device: Exclude<Device, "auto">;
  /** One line that says what was chosen and why. */
  reason: string;
}

/**
 * Makes a device ready.
 *
 * `auto` looks at network and batch alone, never at a clock, so that the same
 * run takes the same device: webgpu from 5e9 multiplications an update (6 x
 * parameters x rows) where there is an adapter, wasm below.
 *
 * @param device What was asked for. webgpu falls back to wasm where there is
 * no adapter.
 * @param workload Decides with `auto`.
 */
export async function selectDevice(
  device: Device,
  workload: Workload,
): Promise<SelectedDevice> {
  const work = 6 * workload.parameters * workload.batchSize;
  const wanted = device === "auto"
    ? work >= WEBGPU_WORK ? "webgpu" : "wasm"
    : device;
  const rule = device === "auto"
    ? `auto: ${work.toExponential(1)} multiplications an update, ${
      work >= WEBGPU_WORK ? "from" : "below"
    } ${WEBGPU_WORK.toExponential(0)}`
    : "as asked for";
  if (wanted === "webgpu") {
    const problem = await startWebgpu();
    if (problem === undefined) {
      return { device: "webgpu", reason: `Device webgpu (${rule})` };
    }
    await startBackend("wasm");
    return { device: "wasm", reason: `Device wasm, for ${problem}` };
  }
  await startBackend(wanted);
  return { device: wanted, reason: `Device ${wanted} (${rule})` };
}

async function startBackend(name: "wasm" | "cpu" | "webgpu"): Promise<void> {
  if (!await tf.setBackend(name)) {
    throw new Error(`Cannot start the ${name} backend of tfjs`);
  }
  await tf.ready();
  if (name === "cpu") {
    // Keeps the backend from advertising tfjs-node, which Deno cannot use.
    (tf.backend() as unknown as { firstUse: boolean }).firstUse = false;
  }
}

/** Starts webgpu; what is in the way, if anything is. */
async function startWebgpu(): Promise<string | undefined> {
  const adapter = await navigator.gpu?.requestAdapter();
  if (!adapter) return "there is no adapter that Deno's webgpu can see";
  await import("@tensorflow/tfjs-backend-webgpu");
  try {
    await startBackend("webgpu");
  } catch (error) {
    return `webgpu did not start: ${(error as Error).message}`;
  }
}
