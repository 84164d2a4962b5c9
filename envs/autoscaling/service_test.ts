import { assertEquals, assertThrows } from "@std/assert";
import { REFERENCE_SERVICE, type Service, service } from "./service.ts";

Deno.test("service() has the reference system's constants", () => {
  assertEquals(service(), REFERENCE_SERVICE);
  // 50 instances are just enough for the largest load.
  assertEquals(50 * REFERENCE_SERVICE.capacityPerInstance, 4350);
  assertEquals(REFERENCE_SERVICE.queueLimit, 10 * 4350);
});

Deno.test("service() keeps the constants that are not changed", () => {
  assertEquals(service({ pricePerHour: 0.1 }), {
    ...REFERENCE_SERVICE,
    pricePerHour: 0.1,
  });
});

Deno.test("service() refuses constants that make no sense", () => {
  const cases: [Partial<Service>, string][] = [
    [{ minimumInstances: 0 }, "Cannot scale from 0 over 50 to 100 instances"],
    [{ initialInstances: 1 }, "Cannot scale from 2 over 1 to 100 instances"],
    [{ maximumInstances: 49 }, "Cannot scale from 2 over 50 to 49 instances"],
    [{ maximumInstances: 99.5 }, "to 99.5 instances: expected whole numbers"],
    [{ capacityPerInstance: 0 }, "with capacityPerInstance 0: expected"],
    [{ capacityPerInstance: NaN }, "with capacityPerInstance NaN: expected"],
    [{ stepSeconds: -1 }, "with stepSeconds -1: expected a number above 0"],
    [{ queueLimit: 0 }, "with queueLimit 0: expected a number above 0"],
    [{ pricePerHour: -0.1 }, "with pricePerHour -0.1: expected"],
    [{ pricePerHour: NaN }, "with pricePerHour NaN: expected"],
    [{ minimumInflux: -1 }, "loads from -1 to 4350 items a step"],
    [{ maximumInflux: 500 }, "loads from 500 to 500 items a step"],
    [{ maximumInflux: Infinity }, "loads from 500 to Infinity items a step"],
    [{ minimumInflux: 0.5 }, "loads from 0.5 to 4350 items a step"],
  ];
  for (const [changes, message] of cases) {
    assertThrows(() => service(changes), RangeError, message);
  }
});
