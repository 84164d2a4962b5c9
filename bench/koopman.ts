/**
 * How fast Koopman models are learned.
 *
 * @module
 */
import { trainAutoencoder } from "../analysis/koopman/autoencoder.ts";
import { trainReferenceAutoencoder } from "../analysis/koopman/reference_autoencoder.ts";
import { trajectoriesOf } from "../analysis/koopman/trajectories.ts";
import { selectDevice } from "../learning/devices.ts";
import type { Measurement } from "./measure.ts";

/** Two relaxations of the lengths that the original learns from. */
const DATA = (() => {
  const path = (from: number, length: number) =>
    Array.from({ length }, (_, t) => 58 + from * Math.exp(-t / 250));
  const queues = [path(-58, 900), path(42, 1080)];
  const latencies = queues.map((queue) =>
    queue.map((q) => q / 8 + (q / 60) ** 4)
  );
  return trajectoriesOf({ q: queues, l: latencies }, 5);
})();

/** The reference's 1000 epochs, and the default model's 2000 updates. */
export async function measureKoopman(): Promise<Measurement[]> {
  await selectDevice("native", { parameters: 120_000, batchSize: 2000 });
  const seconds = async (work: () => Promise<unknown>) => {
    const started = performance.now();
    await work();
    return (performance.now() - started) / 1000;
  };
  const reference = await seconds(() =>
    trainReferenceAutoencoder(DATA, { seed: 0 })
  );
  const better = await seconds(() => trainAutoencoder(DATA, { seed: 0 }));
  const unit = { unit: "s", moreIsBetter: false };
  return [
    {
      name: "reference autoencoder, 1000 epochs",
      value: reference,
      target: 30,
      ...unit,
    },
    { name: "default autoencoder, 2000 updates", value: better, ...unit },
  ];
}
