/**
 * Makes single-file programs of the scripts: `deno task compile`.
 *
 * @module
 */
import { join } from "@std/path";
import { choiceOption, pathOption } from "../core/options.ts";
import { restOption } from "../core/rest_option.ts";
import { runScript, UsageError } from "../core/script.ts";
import configuration from "../deno.json" with { type: "json" };
import { makeBinaries } from "./binaries/make.ts";
import {
  type Configuration,
  EVERYTHING,
  MAIN_PROGRAMS,
  readPrograms,
} from "./binaries/programs.ts";
import { type Target, TARGETS } from "./binaries/targets.ts";

const programs = readPrograms(configuration as unknown as Configuration);
const names = [EVERYTHING, ...programs.map(({ name }) => name)];

/** This machine, where programs can be made for it. */
function thisTarget(): Target {
  const target = TARGETS.find((each) => each === Deno.build.target);
  if (target !== undefined) return target;
  throw new UsageError(
    `Cannot compile for ${Deno.build.target}: expected --target with one of ${
      TARGETS.join(", ")
    }`,
  );
}

await runScript(
  {
    name: "compile",
    task: "compile",
    description:
      `Makes programs of one file each, which run where nothing is installed. Without names it makes ${
        MAIN_PROGRAMS.join(", ")
      }; ${EVERYTHING} is one that holds them all.`,
    positionals: {
      program: restOption(choiceOption(names, {
        description: "Tasks that become programs.",
      })),
    },
    options: {
      out: pathOption({
        description: "Folder for the programs.",
        placeholder: "DIR",
        default: "dist",
      }),
      target: choiceOption(TARGETS, {
        description: "The machine that they are for. Default: this one.",
      }),
      form: choiceOption(["auto", "deno-compile", "self-extracting"], {
        description:
          "What they are: made by deno compile, or unpacked by a shell; auto compiles where Deno's runtime part can be had.",
        default: "auto",
      }),
    },
    examples: ["", "train-dqn predict", EVERYTHING],
  },
  async ({ program: chosen, out, form, target }, { note }) => {
    const wanted = chosen.length === 0 ? MAIN_PROGRAMS : [...new Set(chosen)];
    const made = await makeBinaries(wanted, programs, {
      root: join(import.meta.dirname!, ".."),
      folder: out,
      target: target ?? thisTarget(),
      form,
      note,
    });
    return {
      tables: [{
        columns: [
          { header: "program" },
          { header: "size", unit: "MB" },
          { header: "made by" },
          { header: "file" },
        ],
        rows: made.map(({ name, path, form, bytes }) => [
          name,
          bytes / 1e6,
          form,
          path,
        ]),
      }],
      json: { programs: made },
    };
  },
);
