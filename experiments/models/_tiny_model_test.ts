import { assertEquals } from "@std/assert";
import { agentOf } from "../../agents/model.ts";
import { decodeArchive, encodeArchive } from "../../core/archive.ts";
import { tinyModel } from "./_tiny_model.ts";

Deno.test("tinyModel() makes an archive that loads and, untrained, holds", () => {
  const agent = agentOf(decodeArchive(encodeArchive(tinyModel())));
  const { observation } = agent.makeEnvironment().reset({ seed: 0 });
  assertEquals(agent.act(observation), 1);
});
