import { assertEquals, assertRejects } from "@std/assert";
import { writeArchive } from "../../core/archive.ts";
import { encodeNpz, type NdArray } from "../../core/npz.ts";
import { tinyModel } from "../models/_tiny_model.ts";
import { readEpisodes } from "./source.ts";

const PLAY = { episodes: 1, seed: 0, maximumSteps: 3 };
const OPTIONS = '{"policy":"ospf","linkCount":10,"ryuBase":"http://nowhere"}';

function steps(width: number): Record<string, NdArray> {
  const array = (columns: number) => ({
    shape: [2, columns],
    data: new Float32Array(2 * columns),
  });
  return {
    states: array(width + 2),
    next_states: array(width + 2),
    actions: array(width),
    rewards: { shape: [2], data: new Float32Array(2) },
    options: {
      shape: [OPTIONS.length],
      data: new TextEncoder().encode(OPTIONS),
    },
  };
}

async function read(bytes: Uint8Array) {
  const path = await Deno.makeTempFile();
  try {
    await Deno.writeFile(path, bytes);
    return await readEpisodes(path, PLAY);
  } finally {
    await Deno.remove(path);
  }
}

Deno.test("readEpisodes() takes spaces from the environment that a file names", async () => {
  const { recorded, algorithm, description } = await read(encodeNpz(steps(10)));
  assertEquals(algorithm, "ospf");
  assertEquals(JSON.parse(description).options.linkCount, 10);
  const { actionSpace } = recorded;
  assertEquals(actionSpace.kind === "box" && actionSpace.low[9], -1);
});

Deno.test("readEpisodes() names a file that does not fit", async () => {
  await assertRejects(
    () => read(encodeNpz(steps(9))),
    TypeError,
    "its states have 11 values a row, expected 12",
  );
  await assertRejects(() => read(Uint8Array.of(1, 2, 3)), SyntaxError);
});

Deno.test("readEpisodes() lets a model play", async () => {
  const path = await Deno.makeTempFile();
  try {
    await writeArchive(path, tinyModel());
    const { recorded, algorithm, description } = await readEpisodes(path, PLAY);
    assertEquals(algorithm, "qlearning");
    assertEquals(JSON.parse(description).id, "Autoscaling-v1");
    assertEquals(recorded.episodes[0].rewards.length, 3);
  } finally {
    await Deno.remove(path);
  }
});
