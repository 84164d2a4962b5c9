/**
 * The other end of `BlockingController`: asks the controller, and writes its
 * answer where the waiting thread reads it.
 *
 * @module
 */
import { RyuClient } from "./ryu_client.ts";
import type { BlockingAnswer, BlockingRequest } from "./blocking_controller.ts";

/** What of a worker's global object is used. */
interface WorkerScope {
  onmessage: ((event: MessageEvent<BlockingRequest>) => void) | null;
}

async function answerTo(request: BlockingRequest): Promise<BlockingAnswer> {
  const { base, options, call } = request;
  try {
    const client = new RyuClient(base, options);
    switch (call.kind) {
      case "stats":
        return { value: await client.getStats(call.linkCount) };
      case "weights":
        return { value: await client.weights() ?? null };
      case "change":
        await client.setLinkWeights({ deltas: call.deltas });
        return { value: null };
      case "restore":
        await client.restoreBaseline(call.seed);
        return { value: null };
    }
  } catch (error) {
    return {
      error: (error as Error).message,
      status: (error as { status?: number }).status,
    };
  }
}

(globalThis as unknown as WorkerScope).onmessage = async ({ data }) => {
  const text = JSON.stringify(await answerTo(data));
  const header = new Int32Array(data.buffer, 0, 2);
  const bytes = new TextEncoder().encode(text);
  new Uint8Array(data.buffer, 8).set(bytes);
  header[1] = bytes.length;
  Atomics.store(header, 0, 1);
  Atomics.notify(header, 0);
};
