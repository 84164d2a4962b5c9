import {
  assertEquals,
  assertMatch,
  assertRejects,
  assertStringIncludes,
  assertThrows,
} from "@std/assert";
import { join } from "@std/path";
import {
  readWholeFile,
  replaceFile,
  writeFileAtomically,
  writeFileAtomicallySync,
  writeFilesAtomically,
} from "./atomic_file.ts";

async function inFolder(body: (folder: string) => Promise<void>) {
  const folder = await Deno.makeTempDir();
  try {
    await body(folder);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

function names(folder: string): string[] {
  return Array.from(Deno.readDirSync(folder), (entry) => entry.name).sort();
}

Deno.test("writeFileAtomically() writes bytes and text into new folders", () =>
  inFolder(async (folder) => {
    const path = join(folder, "a", "b", "file.txt");
    for (const flush of [false, true]) {
      await writeFileAtomically(path, "Größe\n", { flush });
      assertEquals(await Deno.readTextFile(path), "Größe\n");
      await writeFileAtomically(path, Uint8Array.of(1, 2), { flush });
      assertEquals(await Deno.readFile(path), Uint8Array.of(1, 2));
    }
    assertEquals(names(join(folder, "a", "b")), ["file.txt"]);
  }));

Deno.test("writeFileAtomically() steps over a left-over temporary", () =>
  inFolder(async (folder) => {
    const path = join(folder, "file");
    for (let i = 0; i < 40; i++) {
      await Deno.writeTextFile(`${path}.${Deno.pid}.${i}.tmp`, "left over");
    }
    await writeFileAtomically(path, "new");
    assertEquals(await Deno.readTextFile(path), "new");
    assertEquals(names(folder).length, 41);
  }));

Deno.test("writeFileAtomically() leaves one whole file when writes overlap", () =>
  inFolder(async (folder) => {
    const path = join(folder, "file");
    await Promise.all(
      ["aaaa", "bbbb", "cccc"].map((text) => writeFileAtomically(path, text)),
    );
    assertMatch(await Deno.readTextFile(path), /^(a{4}|b{4}|c{4})$/);
    assertEquals(names(folder), ["file"]);
  }));

Deno.test("writeFileAtomically() keeps a link and replaces its target", () =>
  inFolder(async (folder) => {
    const target = join(folder, "target");
    const link = join(folder, "link");
    await Deno.writeTextFile(target, "old");
    await Deno.symlink("target", link);
    await writeFileAtomically(link, "new");
    assertEquals((await Deno.lstat(link)).isSymlink, true);
    assertEquals(await Deno.readTextFile(target), "new");
  }));

Deno.test("writeFileAtomically() refuses what a rename would destroy", () =>
  inFolder(async (folder) => {
    await Deno.mkdir(join(folder, "full", "inside"), { recursive: true });
    await Deno.writeTextFile(join(folder, "kept"), "old");
    await Deno.chmod(join(folder, "kept"), 0o444);
    await Deno.writeTextFile(join(folder, "plain"), "old");
    for (
      const [path, expected] of [
        [join(folder, "full"), "it is a folder, expected a file"],
        ["/dev/full", "expected a regular file"],
        [join(folder, "kept"), "permission denied"],
        [join(folder, "plain", "x"), "a part of the path is a file"],
      ]
    ) {
      const error = await assertRejects(
        () => writeFileAtomically(path, "new"),
        Error,
        expected,
      );
      assertStringIncludes(
        error.message,
        `Cannot write ${JSON.stringify(path)}: `,
      );
      assertEquals(error.message.includes("\n"), false);
    }
    assertEquals((await Deno.stat("/dev/full")).isCharDevice, true);
    assertEquals(await Deno.readTextFile(join(folder, "kept")), "old");
    assertEquals(names(folder), ["full", "kept", "plain"]);
  }));

Deno.test("replaceFile() leaves the old file when the disk fills up", () =>
  inFolder(async (folder) => {
    const path = join(folder, "model.zip");
    await Deno.writeTextFile(path, "old");
    const error = await assertRejects(
      () =>
        replaceFile(path, async (file) => {
          await file.write(new Uint8Array(1000));
          using full = await Deno.open("/dev/full", { write: true });
          await full.write(new Uint8Array(1000));
        }, { flush: true }),
      Error,
      "the disk is full",
    );
    assertStringIncludes(error.message, path);
    assertEquals(await Deno.readTextFile(path), "old");
    assertEquals(names(folder), ["model.zip"]);
  }));

Deno.test("writeFilesAtomically() writes all of several files, or none", () =>
  inFolder(async (folder) => {
    const [first, second] = ["a", "b"].map((name) => join(folder, name));
    await writeFilesAtomically([
      [first, [Uint8Array.of(1), Uint8Array.of(2)]],
      [second, "old"],
    ]);
    assertEquals(await Deno.readFile(first), Uint8Array.of(1, 2));
    assertEquals(await Deno.readTextFile(second), "old");
    const blocked = join(folder, "folder");
    await Deno.mkdir(blocked);
    for (const place of [0, 1, 2]) {
      const files: [string, string][] = [[first, "new"], [second, "new"]];
      files.splice(place, 0, [blocked, "new"]);
      const error = await assertRejects(() => writeFilesAtomically(files));
      assertEquals(
        (error as Error).message,
        `Cannot write ${
          JSON.stringify(blocked)
        }: it is a folder, expected a file`,
      );
    }
    assertEquals(await Deno.readTextFile(second), "old");
    assertEquals(await Deno.readFile(first), Uint8Array.of(1, 2));
    assertEquals(names(folder), ["a", "b", "folder"]);
  }));

Deno.test({
  name: "writeFileAtomically() says what to allow when Deno may not write",
  permissions: { write: false, read: true },
  async fn() {
    const error = await assertRejects(
      () => writeFileAtomically("/tmp/loadstar-denied", "x"),
      Deno.errors.NotCapable,
    );
    assertEquals(
      error.message,
      'Cannot write "/tmp/loadstar-denied": Deno was not permitted to, run it with --allow-write',
    );
  },
});

Deno.test("readWholeFile() names the path when it cannot read", () =>
  inFolder(async (folder) => {
    const missing = join(folder, "missing\nfile");
    const error = await assertRejects(
      () => readWholeFile(missing),
      Deno.errors.NotFound,
      "no such file, check the path",
    );
    assertEquals(error.message.includes("\n"), false);
    await assertRejects(() => readWholeFile(folder), Error, "it is a folder");
  }));

Deno.test("writeFileAtomicallySync() replaces a file, or leaves it", () =>
  inFolder((folder) => {
    const path = join(folder, "file");
    for (const flush of [false, true]) {
      writeFileAtomicallySync(path, Uint8Array.of(1, 2), { flush });
      assertEquals(Deno.readFileSync(path), Uint8Array.of(1, 2));
    }
    assertEquals(names(folder), ["file"]);
    const missing = join(folder, "missing", "file");
    assertThrows(
      () => writeFileAtomicallySync(missing, new Uint8Array()),
      Error,
      "its folder is gone",
    );
    Deno.mkdirSync(join(folder, "taken"));
    assertThrows(() =>
      writeFileAtomicallySync(join(folder, "taken"), new Uint8Array())
    );
    assertEquals(names(folder), ["file", "taken"]);
    return Promise.resolve();
  }));
