/**
 * What every binary does first: it finds the program that is wanted, and lets
 * it know where it runs.
 *
 * @module
 */
import { resolve } from "@std/path";
import { shellQuoted, useCommands } from "../../core/command_names.ts";
import { nearestName } from "../../core/nearest_name.ts";
import { formatTable } from "../../core/table.ts";
import { versionLine } from "../../core/version.ts";
import { useRunPrograms } from "../../experiments/simulation/run_command.ts";

/** A program within a binary. */
export interface HeldProgram {
  /** What it does, in a few words. */
  readonly description: string;
  /** Arguments that come before the user's. */
  readonly args: readonly string[];
  /** Runs it on `Deno.args`, to its end. */
  readonly run: () => Promise<unknown>;
}

/** A binary. */
export interface Binary {
  /** The programs by name. */
  readonly programs: Readonly<Record<string, HeldProgram>>;
  /** The one that runs; undefined where the first argument chooses. */
  readonly only: string | undefined;
}

/** What was asked for. */
interface Call {
  readonly name: string | undefined;
  /** The binary's file, as it was typed. */
  readonly file: string;
  readonly args: readonly string[];
}

function readCall({ only }: Binary): Call {
  // The shell that unpacks a binary names its file first.
  const [file, ...args] = Deno.build.standalone
    ? [Deno.execPath(), ...Deno.args]
    : Deno.args;
  const isChild = args[0]?.startsWith("@");
  if (isChild || only === undefined) {
    return { name: args[0], file, args: args.slice(1) };
  }
  return { name: only, file, args };
}

/** The programs that a user may call. */
function publicNames({ programs }: Binary): string[] {
  return Object.keys(programs).filter((name) => !name.startsWith("@"));
}

function listPrograms(binary: Binary, command: string): string {
  const rows = publicNames(binary).map((name) => [
    name,
    binary.programs[name].description,
  ]);
  const columns = [{ header: "program" }, { header: "what it does" }];
  return [
    `Usage: ${command} PROGRAM [options]`,
    formatTable({ columns, rows }),
    `Options of a program: ${command} PROGRAM --help`,
  ].join("\n\n");
}

/** Answers a call that names no program; returns the exit code. */
function withoutProgram(binary: Binary, { name, file }: Call): number {
  const command = shellQuoted(file);
  if (name === "--version") {
    console.log(versionLine());
    return 0;
  }
  if (name === undefined || name === "--help" || name === "-h") {
    const isWanted = name !== undefined;
    (isWanted ? console.log : console.error)(listPrograms(binary, command));
    return isWanted ? 0 : 2;
  }
  const nearest = nearestName(name, publicNames(binary));
  console.error(
    `Cannot run ${JSON.stringify(name)}: expected the name of a program${
      nearest === undefined ? "" : `, perhaps ${nearest}`
    } (see ${command} --help)`,
  );
  return 2;
}

/** Lets programs name, and start, this file in place of Deno. */
function takeThePlaceOfDeno(binary: Binary, file: string): void {
  const command = shellQuoted(file);
  useCommands(
    new Map(
      publicNames(binary).map((name) => [
        name,
        binary.only === undefined ? `${command} ${name}` : command,
      ]),
    ),
  );
  const path = resolve(file);
  useRunPrograms({
    run: [path, "@run"],
    task: [path, "@task"],
    cell: [path, "@cell"],
  });
}

/**
 * Runs the program that the command line asks for.
 *
 * @param binary What there is.
 */
export async function start(binary: Binary): Promise<void> {
  const call = readCall(binary);
  const name = call.name ?? "";
  if (!Object.hasOwn(binary.programs, name)) {
    Deno.exit(withoutProgram(binary, call));
  }
  const program = binary.programs[name];
  takeThePlaceOfDeno(binary, call.file);
  // tfjs's WebAssembly looks for its files where Node would say it lies.
  Object.assign(globalThis, { __dirname: import.meta.dirname });
  Object.defineProperty(Deno, "args", {
    value: [...program.args, ...call.args],
  });
  await program.run();
}
