import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { fromFileUrl, join } from "@std/path";

async function run(
  [script, permissions]: readonly [string, string],
  args: string[],
) {
  const { code, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: [
      ...["run", "-q", `-P=${permissions}`, "--no-prompt"],
      fromFileUrl(new URL(`${script}.ts`, import.meta.url)),
      ...["--quiet", ...args],
    ],
    env: { NO_COLOR: "1" },
  }).output();
  const decode = (bytes: Uint8Array) => new TextDecoder().decode(bytes);
  return { code, stdout: decode(stdout), stderr: decode(stderr) };
}

const GENERATE = ["generate_expert_dataset", "sdn"] as const;
const IMITATE = ["imitation_pretrain", "train"] as const;
const TRAIN = ["train_ddpg", "route"] as const;

Deno.test("an expert is recorded, imitated, and bettered online and offline", async () => {
  const folder = await Deno.makeTempDir();
  try {
    const data = join(folder, "expert.npz");
    const generated = await run(GENERATE, [
      ...["--policy", "ospf", "--episodes", "6", "--steps", "20"],
      ...["--out", data],
    ]);
    assertEquals(generated.code, 0, generated.stderr);

    const imitated = await run(IMITATE, [
      ...["--data", data, "--epochs", "40", "--lr", "0.003"],
      ...["--hidden", "16", "--out", folder, "--json"],
    ]);
    assertEquals(imitated.code, 0, imitated.stderr);
    const [model] = JSON.parse(imitated.stdout).models;
    assertEquals(model.path, join(folder, "models/actor_pretrained.zip"));
    // The inverse capacities' first move differs from the later ones: zeros.
    assert(model.training.loss < model.training.meanLoss / 2);

    const small = ["--episodes", "3", "--max-steps", "40", "--out", folder];
    const online = await run(TRAIN, [
      ...["--pretrained", model.path, "--algorithm", "td3", ...small],
      ...["--batch-size", "16", "--name", "online", "--json"],
    ]);
    assertEquals(online.code, 0, online.stderr);
    const names = JSON.parse(online.stdout).returns.map(
      ({ name }: { name: string }) => name,
    );
    assertEquals(names, [
      "online, best checkpoint",
      "online, last",
      "weights left alone",
    ]);

    const offline = await run(TRAIN, [
      ...["--offline_data", data, "--algorithm", "iql", ...small],
      ...["--batch-size", "16", "--hidden", "16", "--name", "offline"],
    ]);
    assertEquals(offline.code, 0, offline.stderr);
    assertStringIncludes(offline.stdout, "offline, last");

    const wrong = await run(TRAIN, ["--algorithm", "td3-bc"]);
    assertEquals(wrong.code, 2);
    assertStringIncludes(wrong.stderr, "--offline-data");
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});
