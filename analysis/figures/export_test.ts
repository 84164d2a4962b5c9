import {
  assert,
  assertEquals,
  assertRejects,
  assertStringIncludes,
} from "@std/assert";
import { join } from "@std/path";
import { CHROMIUM_NAMES } from "./_chromium.ts";
import { sampleFigures } from "./_sample_figures.ts";
import { FigureBrowser } from "./browser.ts";
import { writeFigure } from "./export.ts";
import type { Figure } from "./figure.ts";

/** Whether there is a Chromium; the tests that need one are ignored else. */
function hasChromium(): boolean {
  return (Deno.env.get("PATH") ?? "").split(":").some((folder) =>
    CHROMIUM_NAMES.some((name) => {
      try {
        return Deno.statSync(join(folder, name)).isFile;
      } catch {
        return false;
      }
    })
  );
}

const withoutChromium = !hasChromium();
if (withoutChromium) {
  console.warn(
    `Tests that draw with Chromium are ignored: none of ${
      CHROMIUM_NAMES.join(", ")
    } is installed`,
  );
}

async function inTempDir(use: (folder: string) => Promise<void>) {
  const folder = await Deno.makeTempDir();
  try {
    await use(folder);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

Deno.test("writeFigure() writes what the suffix says", async () => {
  await inTempDir(async (folder) => {
    const { lines, bars } = sampleFigures();
    const beginnings = [
      ["a.html", "<!DOCTYPE html>"],
      ["b.svg", "<svg "],
      ["c.PDF", "%PDF-1.4"],
    ];
    for (const [name, beginning] of beginnings) {
      const path = join(folder, name);
      await writeFigure(path, [lines, bars]);
      const text = new TextDecoder("latin1").decode(await Deno.readFile(path));
      assert(text.startsWith(beginning), name);
    }
  });
});

Deno.test("writeFigure() rejects other suffixes and no figures", async () => {
  const { lines } = sampleFigures();
  for (const name of ["figure", "figure.jpg", "figure.svg.gz"]) {
    await assertRejects(
      () => writeFigure(name, lines),
      RangeError,
      `Cannot write a figure to "${name}", expected a name ending in .html`,
    );
  }
  await assertRejects(() => writeFigure("a.svg", []), RangeError, "no figures");
});

/** Width and height of a PNG image. */
function pngSize(png: Uint8Array): [number, number] {
  const view = new DataView(png.buffer, png.byteOffset);
  assertEquals(view.getUint32(0), 0x89504e47);
  return [view.getUint32(16), view.getUint32(20)];
}

/** Runs with temporary folders made in one that is looked into. */
async function watchingTemporary(
  use: (names: () => string[]) => Promise<void>,
) {
  const before = Deno.env.get("TMPDIR");
  await inTempDir(async (folder) => {
    Deno.env.set("TMPDIR", folder);
    try {
      await use(() => [...Deno.readDirSync(folder)].map(({ name }) => name));
    } finally {
      if (before === undefined) Deno.env.delete("TMPDIR");
      else Deno.env.set("TMPDIR", before);
    }
  });
}

/** How many of Chromium's profiles there are; it has folders of its own. */
function profileCount(names: string[]): number {
  return names.filter((name) => name.startsWith("loadstar-chromium-")).length;
}

Deno.test({
  name: "FigureBrowser draws PNG, PDF and SVG with one Chromium",
  ignore: withoutChromium,
  async fn() {
    const { lines, heat } = sampleFigures();
    const pie: Figure = {
      data: [{ type: "pie", values: [1, 2], labels: ["a", "b"] }],
      layout: { width: 300, height: 200 },
    };
    await watchingTemporary(async (names) => {
      await using browser = new FigureBrowser();
      assertEquals(names(), []);
      const first = await browser.png([lines, heat]);
      assertEquals(pngSize(first), [1440, 1760]);
      const drawn = await browser.png(pie, { drawnBy: "plotly", scale: 1 });
      assertEquals(pngSize(drawn), [300, 200]);
      const svg = await browser.svg(lines);
      assertStringIncludes(svg, "Mean return over 10 seeds");
      assertEquals(await browser.svg(lines), svg);
      const pdf = await browser.pdf(pie, { drawnBy: "plotly" });
      const text = new TextDecoder("latin1").decode(pdf);
      assertStringIncludes(text, "/Count 1");
      assertStringIncludes(text, "CreationDate (D:20000101000000");
      // Two calls at once wait for each other.
      const both = await Promise.all([
        browser.png([lines, heat]),
        browser.png(pie, { drawnBy: "plotly", scale: 1 }),
      ]);
      assertEquals(both, [first, drawn]);
      assertEquals(profileCount(names()), 1);
      await browser.close();
      assertEquals(profileCount(names()), 0);
      await browser.close();
      await assertRejects(
        () => browser.png(lines),
        Error,
        "Cannot draw with a browser that was closed",
      );
    });
  },
});

/** The last line that a script's uncaught error leaves, run in a process. */
async function errorOf(
  permissions: string[],
  env: Record<string, string> = {},
): Promise<string> {
  const code = `
    import { FigureBrowser } from "${import.meta.resolve("./browser.ts")}";
    await using browser = new FigureBrowser();
    try {
      await browser.png({ data: [], layout: {} });
    } catch (error) { console.log(error.message); }`;
  const folder = await Deno.makeTempDir();
  try {
    const script = join(folder, "script.ts");
    await Deno.writeTextFile(script, code);
    const config = join(import.meta.dirname!, "../../deno.json");
    const { stdout } = await new Deno.Command(Deno.execPath(), {
      args: [
        ...["run", "--no-prompt", "--quiet", "--no-check"],
        ...["--config", config, "--allow-read", ...permissions, script],
      ],
      env,
      stderr: "null",
    }).output();
    return new TextDecoder().decode(stdout).trim();
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

Deno.test("FigureBrowser says in one line which permission is missing", async () => {
  assertEquals(
    await errorOf([]),
    "Cannot draw with Chromium: Deno was not permitted to reach it, run it with --allow-net=127.0.0.1",
  );
  const net = "--allow-net=127.0.0.1";
  assertEquals(
    await errorOf([net]),
    "Cannot draw with Chromium: Deno was not permitted to make a temporary folder, run it with --allow-write",
  );
  assertEquals(
    await errorOf([net, "--allow-write"]),
    "Cannot draw with Chromium: Deno was not permitted to, run it with --allow-run=chromium,chromium-browser,google-chrome",
  );
});

Deno.test("FigureBrowser says in one line that there is no Chromium", async () => {
  assertStringIncludes(
    await errorOf(["--allow-net", "--allow-write", "--allow-run"], {
      PATH: "/nowhere",
    }),
    "Cannot draw with Chromium: none of chromium, chromium-browser, google-chrome is installed",
  );
});
