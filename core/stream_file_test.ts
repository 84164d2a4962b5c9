import { assertEquals, assertThrows } from "@std/assert";
import { join } from "@std/path";
import { openStreamFile } from "./stream_file.ts";

const bytes = (text: string) => new TextEncoder().encode(text);

function inFolder(test: (folder: string) => void): () => void {
  return () => {
    const folder = Deno.makeTempDirSync();
    try {
      test(folder);
    } finally {
      Deno.removeSync(folder, { recursive: true });
    }
  };
}

Deno.test(
  "openStreamFile() replaces a file when it is closed, not before",
  inFolder((folder) => {
    const path = join(folder, "deep", "a.txt");
    Deno.mkdirSync(join(folder, "deep"));
    Deno.writeTextFileSync(path, "old");
    using file = openStreamFile(path);
    file.write(bytes("123456"));
    file.writeAt(2, bytes("ab"));
    file.write(bytes("c"));
    assertEquals(Deno.readTextFileSync(path), "old");
    file.close();
    assertEquals(Deno.readTextFileSync(path), "12abc6");
    assertEquals([...Deno.readDirSync(join(folder, "deep"))].length, 1);
  }),
);

Deno.test(
  "openStreamFile() leaves nothing of a file that is not closed",
  inFolder((folder) => {
    {
      using file = openStreamFile(join(folder, "a.txt"));
      file.write(bytes("half"));
    }
    assertEquals([...Deno.readDirSync(folder)], []);
  }),
);

Deno.test(
  "openStreamFile() names the file that cannot be written",
  inFolder((folder) => {
    const path = join(folder, "a.txt");
    Deno.writeTextFileSync(path, "");
    const below = join(path, "b.txt");
    assertThrows(() => openStreamFile(below), Error, below);
  }),
);
