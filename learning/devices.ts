/**
 * Where tensors are computed.
 *
 * @module
 */
import "@tensorflow/tfjs-backend-cpu";
import "@tensorflow/tfjs-backend-wasm";
import { nativeLibrary } from "../ffi/library.ts";
import { NATIVE_BACKEND, nativeBackend } from "./compile/native_backend.ts";
import * as tf from "./tensorflow.ts";

/** The devices that training can run on. */
export const DEVICES = ["auto", "native", "wasm", "webgpu", "cpu"] as const;

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
 * `native` runs compiled steps in the native library, and tensors outside of
 * them on the processor. `auto` looks at network and batch alone, never at a
 * clock, so that the same run takes the same device: webgpu from 5e9
 * multiplications an update (6 x parameters x rows) where there is an adapter,
 * native below.
 *
 * @param device What was asked for. webgpu falls back to native where there is
 * no adapter, and native to wasm where there is no library.
 * @param workload Decides with `auto`.
 */
export async function selectDevice(
  device: Device,
  workload: Workload,
): Promise<SelectedDevice> {
  const work = 6 * workload.parameters * workload.batchSize;
  const large = work >= WEBGPU_WORK;
  const wanted = device === "auto" ? large ? "webgpu" : "native" : device;
  let reason = device === "auto"
    ? ` (auto: ${work.toExponential(1)} multiplications an update, ${
      large ? "from" : "below"
    } ${WEBGPU_WORK.toExponential(0)})`
    : " (as asked for)";
  const preferences = [wanted, ...FALLBACKS[wanted]];
  for (const name of preferences) {
    const problem = await start(name);
    if (problem === undefined) {
      return { device: name, reason: `Device ${name}${reason}` };
    }
    reason = `, for ${problem}`;
  }
  throw new Error(`Cannot start a device${reason}`);
}

type Startable = SelectedDevice["device"];

/** What is taken where a device cannot be had. */
const FALLBACKS: Readonly<Record<Startable, readonly Startable[]>> = {
  cpu: [],
  native: ["wasm"],
  wasm: [],
  webgpu: ["native", "wasm"],
};

/** Starts a device; what is in the way, if anything is. */
async function start(name: Startable): Promise<string | undefined> {
  if (name === "webgpu") return startWebgpu();
  if (name === "native") {
    if (nativeLibrary() === undefined) return "there is no native library";
    nativeBackend();
    await startBackend(NATIVE_BACKEND);
    return;
  }
  await startBackend(name);
}

async function startBackend(name: Startable): Promise<void> {
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
