import { assert, assertEquals, assertThrows } from "@std/assert";
import { MODEL } from "./_test_model.ts";
import { koopmanModel } from "./model.ts";

Deno.test("a model encodes, steps, decodes and knows its fixed point", () => {
  const [a, b] = MODEL.encode(Float64Array.of(70, 12));
  assertEquals([a, b], [1.5, 2]);
  assertEquals([...MODEL.decode(Float64Array.of(1.5, 2))], [70, 12]);
  const states = MODEL.rollout(Float64Array.of(1, 1), 2);
  assertEquals([...states].map((x) => +x.toFixed(12)), [1, 1, 0.95, 0.6]);
  const fixed = MODEL.fixedPoint;
  const next = MODEL.rollout(fixed, 2).subarray(2);
  next.forEach((x, i) => assert(Math.abs(x - fixed[i]) < 1e-12));
  assert(Math.abs(MODEL.timescale - -5 / Math.log(0.9)) < 1e-9);
});

Deno.test("koopmanModel() refuses sizes that do not go together", () => {
  assertThrows(
    () => koopmanModel({ ...MODEL, bias: new Float64Array(3) }, MODEL.data),
    TypeError,
    "expected layers 2-2",
  );
});
