/**
 * Drawing again the figures of README and docs, and looking whether they
 * changed.
 *
 * @module
 */
import { join } from "@std/path";
import type { ComparedNumber } from "./numbers.ts";
import { type ComparedPart, runTask } from "./regeneration.ts";

export type { ComparedPart };

async function textOf(path: string): Promise<string | undefined> {
  try {
    return await Deno.readTextFile(path);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return undefined;
    throw error;
  }
}

function standingOf(
  old: string | undefined,
  now: string | undefined,
): ComparedNumber["standing"] {
  if (old === undefined || now === undefined) return "missing";
  return old === now ? "same" : "outside";
}

/**
 * Holds the figures of one folder against those of another: every SVG, byte
 * for byte.
 *
 * @param published The one folder.
 * @param drawn The other.
 */
export async function compareFigures(
  published: string,
  drawn: string,
): Promise<ComparedNumber[]> {
  const names = new Set<string>();
  for (const folder of [published, drawn]) {
    for await (const { name } of Deno.readDir(folder)) {
      if (name.endsWith(".svg")) names.add(name);
    }
  }
  const compared: ComparedNumber[] = [];
  for (const name of [...names].sort()) {
    const [old, now] = await Promise.all(
      [published, drawn].map((folder) => textOf(join(folder, name))),
    );
    compared.push({ name, standing: standingOf(old, now) });
  }
  return compared;
}

/**
 * Draws all figures and compares them with docs/figures.
 *
 * @param options Where, and what stops it.
 */
export async function regenerateFigures(
  options: { root: string; folder: string; signal?: AbortSignal },
): Promise<ComparedPart> {
  const drawn = join(options.folder, "figures");
  await Deno.mkdir(drawn, { recursive: true });
  await runTask("draw", ["--out", drawn], options);
  return {
    name: "figures",
    published: "in docs/figures",
    now: new Date().toISOString().slice(0, 10),
    numbers: await compareFigures(
      join(options.root, "docs", "figures"),
      drawn,
    ),
  };
}
