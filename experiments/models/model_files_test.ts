import { assertEquals, assertMatch, assertRejects } from "@std/assert";
import { join } from "@std/path";
import { packZip } from "../../core/_zip.ts";
import { encodeArchive, writeArchive } from "../../core/archive.ts";
import { withFolder } from "../_test_folder.ts";
import { tinyModel } from "./_tiny_model.ts";
import {
  findModels,
  findModelsIfAny,
  newestOfEachFamily,
} from "./model_files.ts";

const names = (files: readonly { name: string }[]) =>
  files.map(({ name }) => name);

Deno.test("findModels() goes by content, below the folder, and sorts", async () => {
  await withFolder(async (folder) => {
    for (const name of ["b.zip", "best/a.pkl", "c.json", "noname"]) {
      await writeArchive(join(folder, name), tinyModel());
    }
    await Deno.writeTextFile(join(folder, "run.json"), "{}");
    await Deno.writeTextFile(join(folder, "progress.csv"), "a,b\n");
    await Deno.writeTextFile(join(folder, "page.HTML"), "<p>");
    await Deno.writeTextFile(join(folder, "a.zip.12.0.tmp"), "cut sh");
    await Deno.writeTextFile(join(folder, ".hidden"), "x");
    const found = await findModels(folder);
    assertEquals(found.refused, []);
    assertEquals(names(found.models), [
      "b.zip",
      join("best", "a.pkl"),
      "c.json",
      "noname",
    ]);
    assertEquals(found.models[0].agent.config.agent, "qlearning");
  });
});

Deno.test("findModels() looks at checkpoints only when asked to", async () => {
  await withFolder(async (folder) => {
    await writeArchive(
      join(folder, "checkpoints", "x_1_steps.zip"),
      tinyModel(),
    );
    assertEquals((await findModels(folder)).models, []);
    const found = await findModels(folder, { checkpoints: true });
    assertEquals(found.models.length, 1);
  });
});

Deno.test("findModels() takes one file too", async () => {
  await withFolder(async (folder) => {
    const path = join(folder, "a.zip");
    await writeArchive(path, tinyModel());
    assertEquals(names((await findModels(path)).models), ["a.zip"]);
  });
});

Deno.test("findModels() says in one line why a file is no model", async () => {
  const whole = encodeArchive(tinyModel());
  const damaged = whole.slice();
  damaged[damaged.length >> 1] ^= 0xff;
  const text = (name: string) => ({
    name,
    bytes: new TextEncoder().encode(name),
  });
  const cases: [string, Uint8Array, RegExp][] = [
    ["cut.zip", whole.subarray(0, whole.length - 40), /cut short/],
    ["damaged.zip", damaged, /damaged|not valid|checksum/],
    ["empty.zip", new Uint8Array(0), /Cannot read archive/],
    ["text.zip", new TextEncoder().encode("hello"), /Cannot read archive/],
    ["notes.txt", new TextEncoder().encode("hello"), /Cannot read archive/],
    [
      "sb3.zip",
      packZip([text("data"), text("policy.pth"), text("system_info.txt")]),
      /Stable-Baselines3/,
    ],
    ["other.zip", packZip([text("a.bin")]), /zip file of something else/],
    [
      "config.zip",
      encodeArchive({ config: { agent: "sarsa" } }),
      /names the agent "sarsa"/,
    ],
    [
      "features.zip",
      encodeArchive({
        ...tinyModel(),
        config: { ...tinyModel().config, observationSpace: "Box(3)" },
      }),
      /train it anew/,
    ],
  ];
  await withFolder(async (folder) => {
    for (const [name, bytes] of cases) {
      await Deno.writeFile(join(folder, name), bytes);
    }
    const { models, refused } = await findModels(folder);
    assertEquals(models, []);
    for (const [name, , expected] of cases) {
      const reason = refused.find((file) => file.name === name)?.reason ?? "";
      assertMatch(reason, expected, name);
      assertEquals(reason.split("\n").length, 1);
    }
  });
});

Deno.test("findModels() throws when there is no such folder; findModelsIfAny() finds nothing", async () => {
  await withFolder(async (folder) => {
    const path = join(folder, "models");
    await assertRejects(() => findModels(path), Deno.errors.NotFound, path);
    assertEquals(await findModelsIfAny(path), { models: [], refused: [] });
  });
});

Deno.test("newestOfEachFamily() goes by the time of writing", async () => {
  await withFolder(async (folder) => {
    for (const [name, seconds] of [["a.zip", 30], ["b.zip", 20]] as const) {
      const path = join(folder, name);
      await writeArchive(path, tinyModel());
      await Deno.utime(path, seconds, seconds);
    }
    const { models } = await findModels(folder);
    assertEquals(newestOfEachFamily(models).get("qlearning")?.name, "a.zip");
    assertEquals(newestOfEachFamily([]).size, 0);
  });
});
