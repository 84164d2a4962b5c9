import { assertEquals } from "@std/assert";
import { join } from "@std/path";
import { openPickle } from "./pickle_writer.ts";

async function python(code: string): Promise<string | undefined> {
  try {
    const { success, stdout, stderr } = await new Deno.Command("python3", {
      args: ["-c", code],
    }).output();
    const text = new TextDecoder().decode(success ? stdout : stderr);
    return success ? text.trim() : `failed: ${text}`;
  } catch {
    return undefined;
  }
}

const found = await python("print(1)") === "1";

function writeSample(path: string, length: number): void {
  using pickle = openPickle(path);
  pickle.beginTuple();
  pickle.floats([0.5]);
  pickle.beginList();
  pickle.floats(Float64Array.from({ length }, (_, i) => i / 3));
  pickle.endList();
  pickle.beginList();
  pickle.beginList();
  pickle.floats([NaN, -0, Infinity]);
  pickle.endList();
  pickle.beginList();
  pickle.endList();
  pickle.endList();
  pickle.endTuple();
  pickle.close();
}

Deno.test("openPickle() writes protocol 2, byte for byte", async () => {
  const folder = await Deno.makeTempDir();
  try {
    const path = join(folder, "a.pkl");
    {
      using pickle = openPickle(path);
      pickle.beginList();
      pickle.floats([1]);
      pickle.endList();
      pickle.close();
    }
    // pickletools.dis: PROTO 2, EMPTY_LIST, MARK, BINFLOAT 1.0, APPENDS, STOP.
    assertEquals(
      await Deno.readFile(path),
      Uint8Array.of(
        ...[0x80, 2, 0x5d, 0x28],
        ...[0x47, 0x3f, 0xf0, 0, 0, 0, 0, 0, 0],
        ...[0x65, 0x2e],
      ),
    );
    {
      using pickle = openPickle(join(folder, "b.pkl"));
      pickle.beginList();
    }
    assertEquals([...Deno.readDirSync(folder)].length, 1);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

Deno.test({
  name: `Python loads what openPickle() wrote${
    found ? "" : " [skipped: no python3]"
  }`,
  ignore: !found,
  async fn() {
    const folder = await Deno.makeTempDir();
    try {
      const path = join(folder, "a.pkl");
      writeSample(path, 20_000);
      const text = await python(
        `import pickle; t = pickle.load(open(${JSON.stringify(path)}, "rb"));` +
          "print(type(t).__name__, t[0], len(t[1]), t[1] == [i / 3 for i in " +
          "range(20000)], t[2])",
      );
      assertEquals(text, "tuple 0.5 20000 True [[nan, -0.0, inf], []]");
    } finally {
      await Deno.remove(folder, { recursive: true });
    }
  },
});
