/**
 * What could be done to a system that stays down after a fault.
 *
 * @module
 */
import type {
  ClientOptions,
  QueueingOptions,
  ServerOptions,
} from "../../envs/queueing/options.ts";

export type { QueueingOptions };

/** A change of a system. */
export interface Mitigation {
  /** What it is called. */
  readonly name: string;
  /** The system with it. */
  readonly system: QueueingOptions;
}

/**
 * The mitigations that are compared, the system as it is first. Each changes
 * one thing; sizes follow from the system's own time-out and rates.
 *
 * @param system The system as it is.
 */
export function mitigations(system: QueueingOptions): Mitigation[] {
  const client = (changes: Partial<ClientOptions>): QueueingOptions => ({
    ...system,
    clients: system.clients.map((one) => ({ ...one, ...changes })),
  });
  const servers = system.servers ?? [{}];
  const server = (
    changes: (one: ServerOptions) => Partial<ServerOptions>,
  ): QueueingOptions => ({
    ...system,
    servers: servers.map((one) => ({ ...one, ...changes(one) })),
  });
  const timeout = system.clients[0].timeout ?? 9;
  const rateOf = ({ service, threads = 1 }: ServerOptions) =>
    threads / (service?.mean ?? 0.1);
  const shortest = (one: ServerOptions) =>
    Math.max(1, Math.floor(0.8 * timeout * rateOf(one)));
  return [
    { name: "as it is", system },
    { name: "no retries", system: client({ maxRetries: 0 }) },
    {
      name: "retry budget of 10 %",
      system: client({ retryBudget: { ratio: 0.1 } }),
    },
    {
      name: `back-off from ${timeout}, doubling, full jitter`,
      system: client({ backoff: { base: timeout } }),
    },
    {
      name: "losses answered at once",
      system: client({ rejection: "answered" }),
    },
    { name: "LIFO queue", system: server(() => ({ discipline: "lifo" })) },
    {
      name: "half admitted from 0.9 of the queue",
      system: server(() => ({ throttle: {} })),
    },
    {
      name: "half admitted from 0.5 of the queue",
      system: server(() => ({ throttle: { threshold: 0.5 } })),
    },
    {
      name: `shedding of jobs that waited over ${(0.5 * timeout).toFixed(1)}`,
      system: server(() => ({ maximumWait: 0.5 * timeout })),
    },
    {
      name: "queue of 0.8 of the time-out's services",
      system: server((one) => ({
        queueCapacity: Math.min(one.queueCapacity ?? 100, shortest(one)),
      })),
    },
    {
      name: "token bucket at 0.95 of the service rate",
      system: server((one) => ({
        tokenBucket: { capacity: 10, refillRate: 0.95 * rateOf(one) },
      })),
    },
    {
      name: "one thread more",
      system: server(({ threads = 1 }) => ({ threads: threads + 1 })),
    },
  ];
}
