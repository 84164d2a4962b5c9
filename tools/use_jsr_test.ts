import { assertEquals, assertRejects } from "@std/assert";
import { join } from "@std/path";
import { useJsr } from "./use_jsr.ts";

const CONFIG = {
  name: "@loadstar/sample",
  links: ["./links/std_csv"],
  imports: {
    "@std/csv": "jsr:@std/csv@^1.0.6",
    "@std/fmt": "jsr:@std/fmt@^1.0.8",
    "fflate": "npm:fflate@0.8.3",
  },
};

const NEW_LOCK = `{"version": "5", "specifiers": {
  "jsr:@std/csv@^1.0.6": "1.0.6", "jsr:@std/fmt@^1.0.8": "1.0.8" }}`;

/** A sample repository, and a deno that answers as the script says. */
async function withSample(
  script: string,
  use: (root: string, deno: string) => Promise<void>,
) {
  const root = await Deno.makeTempDir();
  try {
    const files = {
      "deno.json": JSON.stringify(CONFIG, null, 2) + "\n",
      "deno.lock": '{"version": "5", "specifiers": {}}\n',
      "core/a.ts":
        'import "@std/csv";\nimport "@std/fmt/colors";\nimport "fflate";\n',
      "links/std_csv/mod.ts": 'import "@std/fmt/hidden";\n',
      "fake_deno": `#!/bin/sh\n${script}\n`,
    };
    for (const [path, text] of Object.entries(files)) {
      await Deno.mkdir(join(root, path, ".."), { recursive: true });
      await Deno.writeTextFile(join(root, path), text);
    }
    await Deno.chmod(join(root, "fake_deno"), 0o755);
    await use(root, join(root, "fake_deno"));
  } finally {
    await Deno.remove(root, { recursive: true });
  }
}

async function readBoth(root: string) {
  return {
    config: JSON.parse(await Deno.readTextFile(join(root, "deno.json"))),
    lock: JSON.parse(await Deno.readTextFile(join(root, "deno.lock"))),
  };
}

const ANSWERS = `cat > deno.lock <<'END'\n${NEW_LOCK}\nEND`;
const OLD_LOCK = { version: "5", specifiers: {} };

Deno.test("useJsr() removes the links and writes the lockfile", () =>
  withSample(ANSWERS, async (root, deno) => {
    assertEquals(await useJsr(root, { deno }), "done");
    const { links: _, ...unlinked } = CONFIG;
    assertEquals(await readBoth(root), {
      config: unlinked,
      lock: JSON.parse(NEW_LOCK),
    });
    assertEquals(await useJsr(root, { deno }), "no links");
  }));

Deno.test("useJsr() asks for what the sources import, without links", () =>
  withSample(
    `grep -q links deno.json && exit 1\ncat probe.ts > "$0.log"\necho "$@" >> "$0.log"\n${ANSWERS}`,
    async (root, deno) => {
      await useJsr(root, { deno });
      assertEquals(
        await Deno.readTextFile(`${deno}.log`),
        'import "@std/csv";\nimport "@std/fmt/colors";\n' +
          "install --frozen=false --entrypoint probe.ts\n",
      );
    },
  ));

Deno.test("useJsr() changes nothing when it only checks", () =>
  withSample(ANSWERS, async (root, deno) => {
    assertEquals(await useJsr(root, { deno, check: true }), "would work");
    assertEquals(await readBoth(root), { config: CONFIG, lock: OLD_LOCK });
  }));

Deno.test("useJsr() throws and changes nothing when JSR does not answer", async () => {
  const table = [
    [
      "echo 'error: Manifest for @std/csv failed to load.' >&2; exit 1",
      "are as they were: Manifest for @std/csv failed to load",
    ],
    ["exit 7", "deno install failed"],
    // As deno 2.9.6 does: success, and a lockfile that lacks the packages.
    ["exit 0", "no jsr:@std/csv@^1.0.6, jsr:@std/fmt@^1.0.8 came"],
  ];
  for (const [script, message] of table) {
    await withSample(script, async (root, deno) => {
      await assertRejects(() => useJsr(root, { deno }), Error, message);
      assertEquals(await readBoth(root), { config: CONFIG, lock: OLD_LOCK });
    });
  }
});
