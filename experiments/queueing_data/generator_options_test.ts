import { assertEquals, assertThrows } from "@std/assert";
import { parseOptions } from "../../core/parse_options.ts";
import { UsageError } from "../../core/usage_error.ts";
import {
  faultTimes,
  systemOf,
  systemScriptOptions,
  type SystemValues,
} from "./generator_options.ts";

function valuesOf(...args: string[]): SystemValues {
  return parseOptions(
    args,
    systemScriptOptions(0.97),
  );
}

Deno.test("systemOf() has the original's defaults", () => {
  const system = systemOf(valuesOf());
  assertEquals(system.retryModel, "attempt");
  const [client] = system.clients;
  assertEquals(
    [client.arrivalRate.toFixed(9), client.timeout, client.maxRetries],
    ["9.700000000", 9, 3],
  );
  const [server] = system.servers!;
  assertEquals(server.service, { law: "exponential", mean: 0.1 });
  assertEquals([server.queueCapacity, server.threads], [100, 1]);
  const [fault, ...others] = system.faults!;
  assertEquals(others, []);
  assertEquals([fault.start, fault.duration], [4500, 100]);
  assertEquals(fault.factor.toFixed(9), "10.000000000");
});

Deno.test("faultTimes() moves with the length of the run", () => {
  assertEquals(faultTimes(valuesOf("--sim-time", "2000")), [900, 920]);
  assertEquals(
    faultTimes(valuesOf("--fault_start", "5", "--fault-duration", "7")),
    [5, 12],
  );
  for (
    const args of [
      ["--fault-start", "10000"],
      ["--fault-start", "9990", "--fault-duration", "11"],
    ]
  ) {
    assertThrows(
      () => systemOf(valuesOf(...args)),
      UsageError,
      "expected it to lie within the run, which ends at 10000",
    );
  }
});

Deno.test("systemOf() sets everything that options name", () => {
  const system = systemOf(
    valuesOf(
      ...["--qsize", "inf", "--rho", "0.5", "--thread-pool", "2"],
      ...["--rho-reset", "0.25", "--service-fault", "0.5"],
      ...["--dist", "wei", "--dist-shape", "2", "--queue-type", "lifo"],
      ...["--backoff", "1", "--jitter", "none", "--retry-budget", "0.1"],
      ...["--throttle", "--ts", "0.8", "--token-rate", "4", "--max-wait", "3"],
    ),
    2,
  );
  const [client] = system.clients;
  assertEquals(client.arrivalRate, 10);
  assertEquals(client.backoff?.jitter, "none");
  assertEquals(client.retryBudget, { ratio: 0.1 });
  const [first, second] = system.servers!;
  assertEquals([first.next, second.next], [[1], undefined]);
  assertEquals(first.queueCapacity, Infinity);
  assertEquals(first.discipline, "lifo");
  assertEquals(first.service, { law: "weibull", mean: 0.1, shape: 2 });
  assertEquals(first.throttle, {
    threshold: 0.8,
    admitProbability: 0.5,
    from: 0,
  });
  assertEquals(first.tokenBucket, { capacity: 10, refillRate: 4 });
  assertEquals(first.maximumWait, 3);
  assertEquals(
    system.faults!.map(({ target, factor, start }) => [target, factor, start]),
    [
      ["arrivalRate", 10, 4500],
      ["serviceRate", 0.5, 4500],
      ["arrivalRate", 0.5, 4600],
    ],
  );
});
