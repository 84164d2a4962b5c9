/**
 * Tries whether the package could go to JSR: `deno task check-publish`.
 *
 * Stand-ins for `jsr:` packages within a package's folder can neither be left
 * out nor be part of it, so that it is tried in a copy beside which they lie.
 *
 * @module
 */
import { dirname, fromFileUrl, join } from "@std/path";
import { listFiles } from "./source_tree.ts";

/** Fields that only the root of a workspace may have. */
const OF_THE_ROOT = ["links", "lock", "nodeModulesDir"];

/** What `deno publish --dry-run` came to. */
export interface PublishTrial {
  /** Whether it would be accepted. */
  readonly success: boolean;
  /** The files that would be published, as paths from the root. */
  readonly files: readonly string[];
  /** What it wrote. */
  readonly output: string;
}

/**
 * Copies a repository as a package, its stand-ins beside it.
 *
 * @param root The repository's root.
 * @param folder An empty folder.
 */
export async function copyPackage(
  root: string,
  folder: string,
): Promise<void> {
  for (const path of await listFiles(root)) {
    const place = path.startsWith("links/") ? path : `package/${path}`;
    const copy = join(folder, place);
    await Deno.mkdir(dirname(copy), { recursive: true });
    await Deno.copyFile(join(root, path), copy);
  }
  const config = JSON.parse(await Deno.readTextFile(join(root, "deno.json")));
  const split = (wanted: boolean) =>
    Object.fromEntries(
      Object.entries(config)
        .filter(([name]) => OF_THE_ROOT.includes(name) === wanted),
    );
  const workspace = { ...split(true), workspace: ["./package"] };
  await Deno.writeTextFile(
    join(folder, "deno.json"),
    JSON.stringify({ ...workspace, lock: false }),
  );
  await Deno.writeTextFile(
    join(folder, "package", "deno.json"),
    JSON.stringify(split(false)),
  );
}

/**
 * Tries to publish a package, without a network and without types, which are
 * a check of their own.
 *
 * @param folder From {@linkcode copyPackage}.
 */
export async function tryToPublish(folder: string): Promise<PublishTrial> {
  const { success, stdout, stderr } = await new Deno.Command("deno", {
    args: ["publish", "--dry-run", "--allow-dirty", "--no-check"],
    cwd: join(folder, "package"),
    env: { NO_COLOR: "1" },
    stdin: "null",
  }).output();
  const decoder = new TextDecoder();
  const output = decoder.decode(stderr) + decoder.decode(stdout);
  const prefix = `   file://${join(folder, "package")}/`;
  const files = output.split("\n")
    .filter((line) => line.startsWith(prefix))
    .map((line) => line.slice(prefix.length).replace(/ \([^)]*\)$/, ""));
  return { success, files, output };
}

/** What no user of the package needs. */
const UNWANTED = /^(?:bench|links|scripts|tools|\.ci)\/|_test\.ts$/;

/**
 * What stands in the way of publishing, as one text.
 *
 * @param trial From {@linkcode tryToPublish}.
 * @returns Undefined where nothing does.
 */
export function obstacle(
  { success, files, output }: PublishTrial,
): string | undefined {
  if (!success) return output;
  if (!files.includes("mod.ts")) return `It leaves mod.ts out:\n${output}`;
  const unwanted = files.filter((path) => UNWANTED.test(path));
  return unwanted.length === 0
    ? undefined
    : `It would publish ${unwanted.join(", ")}`;
}

if (import.meta.main) {
  const root = fromFileUrl(new URL("..", import.meta.url));
  const folder = await Deno.realPath(await Deno.makeTempDir());
  try {
    await copyPackage(root, folder);
    const trial = await tryToPublish(folder);
    const found = obstacle(trial);
    console.log(found ?? `Would publish ${trial.files.length} files`);
    if (found !== undefined) Deno.exitCode = 1;
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}
