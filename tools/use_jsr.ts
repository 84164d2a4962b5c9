/**
 * Takes the standard library from JSR instead of the local stand-ins in
 * `links/`: `deno task use-jsr`.
 *
 * @module
 */
import { join } from "@std/path";
import { writeFileAtomically } from "../core/atomic_file.ts";
import { formatHelp } from "../core/help.ts";
import { booleanOption } from "../core/options.ts";
import { parseOptions } from "../core/parse_options.ts";
import { UsageError } from "../core/usage_error.ts";
import { importsOf, readTree } from "./source_tree.ts";

/** Options of {@linkcode useJsr}. */
export interface UseJsrOptions {
  /** Whether files are left as they are. Default `false`. */
  check?: boolean;
  /** The deno to run. Default `"deno"`. */
  deno?: string;
}

/** What {@linkcode useJsr} did. */
export type UseJsrResult = "no links" | "would work" | "done";

/**
 * Removes `links` from deno.json and rewrites deno.lock. Both are tried in a
 * temporary folder first and replaced only when every import was found.
 *
 * @param root The repository's root.
 * @param options Whether to only try, and with which deno. Throws `Error` when
 * JSR does not answer or lacks a package; the files are then as they were.
 */
export async function useJsr(
  root: string,
  options: UseJsrOptions = {},
): Promise<UseJsrResult> {
  const { check = false, deno = "deno" } = options;
  const { links, ...config } = JSON.parse(
    await Deno.readTextFile(join(root, "deno.json")),
  );
  if (links === undefined) return "no links";
  const configText = `${JSON.stringify(config, null, 2)}\n`;
  const folder = await Deno.makeTempDir();
  try {
    await Deno.writeTextFile(join(folder, "deno.json"), configText);
    await Deno.copyFile(join(root, "deno.lock"), join(folder, "deno.lock"));
    const lockText = await resolveAll(folder, {
      deno,
      ranges: Object.values<string>(config.imports ?? {})
        .filter((target) => target.startsWith("jsr:")),
      specifiers: await linkedSpecifiers(root, Object.keys(config.imports)),
    });
    if (check) return "would work";
    await writeFileAtomically(join(root, "deno.json"), configText);
    await writeFileAtomically(join(root, "deno.lock"), lockText);
    return "done";
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

/** What the sources import from `@std` packages, `@std/fmt/colors` say. */
async function linkedSpecifiers(
  root: string,
  names: readonly string[],
): Promise<string[]> {
  const std = names.filter((name) => name.startsWith("@std/"));
  const sources = [...await readTree(root)].filter(([path]) =>
    path.endsWith(".ts") && !path.startsWith("links/")
  );
  const specifiers = sources.flatMap(([, text]) => importsOf(text));
  return [...new Set(specifiers)].filter((specifier) =>
    std.some((name) => specifier === name || specifier.startsWith(`${name}/`))
  ).sort();
}

interface Resolution {
  deno: string;
  /** What the lockfile must hold in the end. */
  ranges: readonly string[];
  /** What a module must be able to import. */
  specifiers: readonly string[];
}

/** Fetches everything, and returns the new lockfile. */
async function resolveAll(
  folder: string,
  { deno, ranges, specifiers }: Resolution,
): Promise<string> {
  // Without an entry point `deno install` ends with 0 though nothing came.
  const probe = specifiers.map((name) => `import ${JSON.stringify(name)};\n`);
  await Deno.writeTextFile(join(folder, "probe.ts"), probe.join(""));
  const { success, stderr } = await new Deno.Command(deno, {
    args: ["install", "--frozen=false", "--entrypoint", "probe.ts"],
    cwd: folder,
    env: { NO_COLOR: "1" },
    stdout: "null",
  }).output();
  if (!success) {
    const said = new TextDecoder().decode(stderr);
    const reason = /^error: (.*)$/m.exec(said)?.[1] ?? "deno install failed";
    throw unanswered(reason);
  }
  const lockText = await Deno.readTextFile(join(folder, "deno.lock"));
  const locked = JSON.parse(lockText).specifiers ?? {};
  const missing = ranges.filter((range) => !Object.hasOwn(locked, range));
  if (missing.length > 0) throw unanswered(`no ${missing.join(", ")} came`);
  return lockText;
}

function unanswered(reason: string): Error {
  return new Error(
    `Cannot take packages from JSR, deno.json and deno.lock are as they were: ${
      reason.replace(/\.$/, "")
    }`,
  );
}

const OPTIONS = {
  check: booleanOption({ description: "Only tries, and changes no file" }),
  help: booleanOption({ description: "Shows this text and ends" }),
};

const HELP = {
  name: "use_jsr",
  task: "use-jsr",
  description:
    "Takes the standard library from JSR: removes the links from deno.json and rewrites deno.lock. Where JSR does not answer, both stay as they are.",
  options: OPTIONS,
};

const MESSAGES: Readonly<Record<UseJsrResult, string>> = {
  "no links": "deno.json has no links: the standard library is JSR's already",
  "would work": "JSR has all that is needed; no file was changed",
  "done": "deno.json and deno.lock now take the standard library from JSR",
};

if (import.meta.main) {
  try {
    const { check, help } = parseOptions(Deno.args, OPTIONS);
    console.log(
      help
        ? formatHelp(HELP)
        : MESSAGES[await useJsr(join(import.meta.dirname!, ".."), { check })],
    );
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    console.error(error.message);
    Deno.exitCode = error instanceof UsageError ? 2 : 1;
  }
}
