/**
 * The autoscaled service with the constant delay of one step, written once
 * more for the tests: instance by instance, without regard to speed.
 *
 * @module
 */
import type { Random } from "../../core/random.ts";
import type { AutoscalingSettings } from "./options.ts";

interface Instance {
  birth: number;
  /** What the original took for its price of an hour. */
  legacyPrice: number;
}

/** All that the slow service can be asked for. */
export interface SlowService {
  step: number;
  queue: number;
  load: number;
  reward: number;
  failed: boolean;
  legacyCost: number;
  instances: Instance[];
  /** Lifetimes of all instances that ever ran, to now; steps. */
  lifetimes(): number[];
  /** Takes an action: a change in instances. */
  act(delta: number): void;
}

/** A service at the beginning of the reference episode. */
export function createSlowService(
  settings: AutoscalingSettings,
  random: Random,
): SlowService {
  const { service, pattern } = settings;
  const gone: number[] = [];
  let pending = 0;
  const slow: SlowService = {
    step: 0,
    queue: 0,
    load: 0,
    reward: 0,
    failed: false,
    legacyCost: 0,
    instances: Array.from({ length: service.initialInstances }, () => ({
      birth: 0,
      legacyPrice: service.capacityPerInstance,
    })),
    lifetimes: () => [
      ...gone,
      ...slow.instances.map(({ birth }) => slow.step - birth),
    ],
    act(delta) {
      slow.step++;
      const influx = pattern.influx(slow.step, random);
      const capacity = slow.instances.length * service.capacityPerInstance;
      const done = Math.min(influx + slow.queue, capacity);
      slow.load = Math.ceil(done / capacity * 100) / 100;
      slow.queue = influx + slow.queue - done;
      for (const { birth, legacyPrice } of slow.instances) {
        const age = slow.step - birth;
        if (age % 12 === 0) slow.legacyCost += legacyPrice / 12 * age;
      }
      const size = slow.instances.length + pending;
      let penalty = 0;
      if (size < service.minimumInstances || size > service.maximumInstances) {
        penalty = -0.1;
      } else {
        for (let i = 0; i < pending; i++) {
          const legacyPrice = service.pricePerHour;
          slow.instances.push({ birth: slow.step, legacyPrice });
        }
        for (const { birth } of slow.instances.splice(0, -pending)) {
          gone.push(slow.step - birth);
        }
      }
      pending = delta;
      slow.reward = -(1 - slow.load) *
          (slow.instances.length / service.maximumInstances) +
        penalty -
        slow.queue / (1 + slow.queue);
      slow.failed = slow.queue > service.queueLimit;
    },
  };
  return slow;
}
