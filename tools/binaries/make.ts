/**
 * Makes single-file programs.
 *
 * @module
 */
import { join } from "@std/path";
import { readTree, type Tree } from "../source_tree.ts";
import { bundlePrograms } from "./bundle.ts";
import { compileBundle, lackingRuntime } from "./deno_compile.ts";
import { EVERYTHING, type Program, withChildren } from "./programs.ts";
import {
  machineOf,
  packDeno,
  packPrograms,
  writeSelfExtracting,
} from "./self_extracting.ts";
import { libraryFor, type Target } from "./targets.ts";

export type { Program, Target, Tree };

/** How a binary is made. */
export type Form = "auto" | "deno-compile" | "self-extracting";

/** Options of {@linkcode makeBinaries}. */
export interface MakeOptions {
  /** The repository's root. */
  readonly root: string;
  /** The folder for the binaries. */
  readonly folder: string;
  /** The machine that they are for. */
  readonly target: Target;
  /** How they are made; `auto` compiles where the runtime part can be had. */
  readonly form: Form;
  /** Told what goes on. */
  readonly note: (line: string) => void;
}

/** A binary that was made. */
export interface MadeBinary {
  /** Its name. */
  readonly name: string;
  /** Its file. */
  readonly path: string;
  /** How it was made. */
  readonly form: Exclude<Form, "auto">;
  /** Its size in bytes. */
  readonly bytes: number;
}

/** Writes a bundle to a path as a binary. */
type Writer = (path: string, bundle: string, held: Held) => Promise<void>;

interface Held {
  readonly programs: readonly Program[];
  readonly only: string | undefined;
}

async function selfExtractingWriter(target: Target): Promise<Writer> {
  if (target !== Deno.build.target) {
    throw new Error(
      `Cannot make a self-extracting file for ${target}: it holds the Deno that runs here, expected ${Deno.build.target}`,
    );
  }
  const program = await Deno.readFile(Deno.execPath());
  const machine = machineOf(program);
  const deno = await packDeno(program);
  return async (path, bundle, held) => {
    const packed = await packPrograms(bundle);
    await writeSelfExtracting(path, { machine, deno, bundle: packed, ...held });
  };
}

/** How binaries can be made here, for a target. */
async function chooseForm(
  { form, target, note }: MakeOptions,
): Promise<MadeBinary["form"]> {
  if (form === "self-extracting") return form;
  const lack = await lackingRuntime(target);
  if (lack === undefined) return "deno-compile";
  if (form === "deno-compile") throw new Error(`Cannot compile: ${lack}`);
  note(
    `Making self-extracting files of the Deno that runs here, for the part of it that deno compile needs could not be had: ${lack}`,
  );
  return "self-extracting";
}

/**
 * Makes binaries.
 *
 * @param names The programs that get one each, and {@linkcode EVERYTHING} for
 * one that holds all.
 * @param programs All programs that there are.
 * @param options Where, for which machine, and how. Throws a one-line `Error`
 * where it cannot be done.
 */
export async function makeBinaries(
  names: readonly string[],
  programs: readonly Program[],
  options: MakeOptions,
): Promise<MadeBinary[]> {
  const { root, folder, target, note } = options;
  const library = await libraryFor(target, root);
  if (library === undefined) {
    note("Making binaries without the native library, which is not built");
  }
  const form = await chooseForm(options);
  const write: Writer = form === "self-extracting"
    ? await selfExtractingWriter(target)
    : (path, bundle, { programs }) =>
      compileBundle(path, bundle, { programs, target });
  const suffix = target.includes("windows") ? ".exe" : "";
  const tree = await readTree(root);
  const made: MadeBinary[] = [];
  for (const name of names) {
    note(`Making ${name}`);
    const only = name === EVERYTHING ? undefined : name;
    const held = withChildren(
      programs.filter((each) => only === undefined || each.name === only),
    );
    const path = join(folder, `${name}${suffix}`);
    const bundle = await Deno.makeTempDir();
    try {
      await bundlePrograms(bundle, held, { root, tree, only, library });
      await write(path, bundle, { programs: held, only });
    } finally {
      await Deno.remove(bundle, { recursive: true });
    }
    const { size } = await Deno.stat(path);
    made.push({ name, path, form, bytes: size });
  }
  return made;
}
