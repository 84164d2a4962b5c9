/**
 * Binaries that a shell unpacks: this Deno, and programs as a folder of
 * JavaScript.
 *
 * @module
 */
import { basename, join } from "@std/path";
import { writeFileAtomically } from "../../core/atomic_file.ts";
import { sha256 } from "../../core/sha256.ts";
import { LOADSTAR_VERSION } from "../../core/version.ts";
import { LIBRARY_FOLDER, MAIN } from "./bundle.ts";
import { type TarFile, writeTar } from "./_tar.ts";
import { permissionFlags } from "./permission_flags.ts";
import type { Program } from "./programs.ts";
import unpack from "./unpack.sh" with { type: "text" };

export type { TarFile } from "./_tar.ts";
export type { Program };

/** What a binary is made for. */
export interface Machine {
  /** What `uname -sm` says. */
  readonly system: string;
  /** The dynamic linker that Deno names; undefined for none. */
  readonly loader: string | undefined;
}

/** A part of a binary, packed. */
export interface Part {
  /** Gzipped tar. */
  readonly bytes: Uint8Array;
  /** The folder that it becomes. */
  readonly name: string;
  /** Its files. */
  readonly files: readonly string[];
  /** Bytes of its files. */
  readonly size: number;
}

const SYSTEMS: Partial<Record<typeof Deno.build.os, string>> = {
  darwin: "Darwin",
  linux: "Linux",
};

/** Where an ELF program names its dynamic linker: PT_INTERP. */
function readLoader(program: Uint8Array): string | undefined {
  const view = new DataView(program.buffer, program.byteOffset);
  if (view.getUint32(0) !== 0x7f454c46) return undefined;
  const table = Number(view.getBigUint64(32, true));
  const [size, count] = [view.getUint16(54, true), view.getUint16(56, true)];
  for (let at = table; at < table + size * count; at += size) {
    if (view.getUint32(at, true) !== 3) continue;
    const begin = Number(view.getBigUint64(at + 8, true));
    const text = program.subarray(begin, program.indexOf(0, begin));
    return new TextDecoder().decode(text);
  }
  return undefined;
}

/**
 * What a Deno is made for. Throws `Error` where there is no shell that could
 * unpack it.
 *
 * @param program Deno's bytes.
 */
export function machineOf(program: Uint8Array): Machine {
  const { os, arch } = Deno.build;
  const system = SYSTEMS[os];
  if (system === undefined) {
    throw new Error(
      `Cannot make a self-extracting file on ${os}, expected linux or darwin`,
    );
  }
  const machine = os === "darwin" && arch === "aarch64" ? "arm64" : arch;
  return { system: `${system} ${machine}`, loader: readLoader(program) };
}

/**
 * Packs files. The same files give the same bytes.
 *
 * @param kind The first half of the part's name.
 * @param files What is packed.
 */
export async function packPart(
  kind: string,
  files: readonly TarFile[],
): Promise<Part> {
  const packed = writeTar(files).stream()
    .pipeThrough(new CompressionStream("gzip"));
  const bytes = new Uint8Array(await new Response(packed).arrayBuffer());
  const sum = await sha256(bytes);
  return {
    bytes,
    name: `${kind}-${sum.slice(0, 16)}`,
    files: files.map(({ path }) => path),
    size: files.reduce((total, file) => total + file.bytes.length, 0),
  };
}

/** Packs the Deno that runs this. */
export async function packDeno(program: Uint8Array): Promise<Part> {
  return await packPart("deno", [
    { path: "deno", bytes: program, isProgram: true },
  ]);
}

/** The files of a folder, by their paths from it. */
async function filesOf(folder: string, below = ""): Promise<TarFile[]> {
  const files: TarFile[] = [];
  for await (const { name, isFile } of Deno.readDir(join(folder, below))) {
    const path = below === "" ? name : `${below}/${name}`;
    if (!isFile) files.push(...await filesOf(folder, path));
    else {
      const bytes = await Deno.readFile(join(folder, path));
      files.push({ path, bytes, isProgram: false });
    }
  }
  return files.sort((a, b) => a.path < b.path ? -1 : 1);
}

/** Packs a folder that `bundlePrograms` wrote. */
export async function packPrograms(folder: string): Promise<Part> {
  return await packPart("programs", await filesOf(folder));
}

/** Parts of a binary, and what of them is called how. */
export interface BinaryParts {
  /** What it is made for. */
  readonly machine: Machine;
  /** Deno. */
  readonly deno: Part;
  /** The bundle. */
  readonly bundle: Part;
  /** The programs in it, with those that they start. */
  readonly programs: readonly Program[];
  /** The one that runs; undefined where the first argument chooses. */
  readonly only: string | undefined;
}

const RUN =
  'exec "$folder/$DENO/deno" run --quiet --no-config --no-lock --no-remote --no-npm --no-prompt';

/** One line of the shell's `case` for each program: its permissions. */
function cases({ programs, only }: BinaryParts): string[] {
  const places = { library: "$library", binary: "$path" };
  const lines = programs.map(({ name, permissions }) => {
    const flags = permissionFlags(permissions, places)
      .map((flag) => /^[\w=:,./-]+$/.test(flag) ? flag : `"${flag}"`);
    const label = name === only ? "*" : name;
    return `${label}) ${[RUN, ...flags].join(" ")} "$@" ;;`;
  });
  // What is called by its name comes before what is called by any other.
  const last = only === undefined ? `*) ${RUN} "$@" ;;` : [];
  return [...lines.toReversed(), ...[last].flat(), "esac", "exit 1", ""];
}

const PAGE = 4096;

/**
 * The shell's part of a binary, as long as `HEAD` in it says.
 *
 * @param parts What follows it.
 * @param sum The sum of all that follows, SHA-256.
 */
export function headOf(parts: BinaryParts, sum: string): Uint8Array {
  const { machine, deno, bundle, only } = parts;
  const library = bundle.files.find((path) => path.startsWith(LIBRARY_FOLDER));
  const size = Math.ceil((deno.size + bundle.size) / 2 ** 20);
  const write = (length: number) =>
    [
      "#!/bin/sh",
      `# ${only ?? "All programs"} of Loadstar ${LOADSTAR_VERSION}.`,
      `HEAD=${length}`,
      `SUM=${sum}`,
      `SYSTEM='${machine.system}'`,
      `LOADER='${machine.loader ?? ""}'`,
      `DENO=${deno.name}`,
      `DENO_LENGTH=${deno.bytes.length}`,
      `DENO_BYTES=${deno.size}`,
      `PROGRAMS=${bundle.name}`,
      `PROGRAMS_LENGTH=${bundle.bytes.length}`,
      `PROGRAMS_BYTES=${bundle.size}`,
      `MEBIBYTES=${size}`,
      `LIBRARY='${library ?? `${LIBRARY_FOLDER}/none`}'`,
      `FILES='${bundle.files.join(" ")}'`,
      unpack + cases(parts).join("\n"),
    ].join("\n");
  const encoder = new TextEncoder();
  const length = Math.ceil(encoder.encode(write(1e6)).length / PAGE) * PAGE;
  const head = new Uint8Array(length).fill(10);
  encoder.encodeInto(write(length), head);
  return head;
}

/**
 * Writes a binary.
 *
 * @param path Its file.
 * @param parts What is in it. Throws a one-line error where it cannot be
 * written.
 */
export async function writeSelfExtracting(
  path: string,
  parts: BinaryParts,
): Promise<void> {
  const { deno, bundle } = parts;
  if (!bundle.files.includes(MAIN)) {
    throw new TypeError(`Cannot make ${basename(path)} without a ${MAIN}`);
  }
  const content = await new Blob([deno.bytes, bundle.bytes] as BlobPart[])
    .arrayBuffer();
  const sum = await sha256(content);
  const head = headOf(parts, sum);
  const whole = new Blob([head, content] as BlobPart[]);
  await writeFileAtomically(path, new Uint8Array(await whole.arrayBuffer()));
  await Deno.chmod(path, 0o755);
}
