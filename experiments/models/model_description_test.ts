import { assert, assertEquals } from "@std/assert";
import { agentOf } from "../../agents/model.ts";
import { decodeArchive, encodeArchive } from "../../core/archive.ts";
import { tinyModel } from "./_tiny_model.ts";
import { actionWriter, describeModel } from "./model_description.ts";

const load = (environment?: Parameters<typeof tinyModel>[0]) =>
  agentOf(decodeArchive(encodeArchive(tinyModel(environment))));

Deno.test("describeModel() names agent, environment and features", () => {
  const text = describeModel(load()).join("\n");
  for (const part of ["qlearning", "Autoscaling-v1", "SINE_CURVE", "Box("]) {
    assert(text.includes(part), part);
  }
  assert(text.includes("demand over committed capacity"));
});

Deno.test("describeModel() counts a recorded load instead of printing it", () => {
  const requests = Array.from({ length: 300 }, (_, i) => i);
  const agent = load({ environment: { pattern: { name: "day", requests } } });
  const text = describeModel(agent).join("\n");
  assert(text.includes("300 values"));
  assert(!text.includes("100,101"));
  assert(text.includes("10  cosine of the day"));
});

Deno.test("actionWriter() adds the change in instances", () => {
  const write = actionWriter(load());
  assertEquals(write(0), { action: 0, change: -1 });
  assertEquals(write(Float32Array.of(0.5)), { action: [0.5] });
});
