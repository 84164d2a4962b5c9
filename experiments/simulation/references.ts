/**
 * Classes and functions as files name them, and back.
 *
 * @module
 */
import { isAbsolute, resolve, toFileUrl } from "@std/path";
import { nearestName } from "../../core/nearest_name.ts";
import type { ModuleReference, Part, PartReference } from "./parts.ts";
import { nameOfPart, registeredName, registeredPart } from "./registry.ts";

export type { ModuleReference, Part, PartReference } from "./parts.ts";

/** A class or function that is only known to this process. */
export class UnreferenceableError extends TypeError {
  /** Always `UnreferenceableError`. */
  override name = "UnreferenceableError";
}

/** Whether a value is `{ module, export }`. */
export function isModuleReference(value: unknown): value is ModuleReference {
  const { module, export: name } = Object(value);
  return typeof value === "object" && typeof module === "string" &&
    typeof name === "string";
}

/** Absolute, so that it means the same file from every folder. */
function moduleUrl(module: string): string {
  if (isAbsolute(module) || !/^[a-z][a-z0-9+.-]*:/i.test(module)) {
    return toFileUrl(resolve(module)).href;
  }
  return module;
}

/** What a class, function or reference is called where people read it. */
export function partText(part: Part<unknown> | undefined): string {
  if (part === undefined) return "None";
  if (typeof part === "function") return part.name || "anonymous";
  if (isModuleReference(part)) return `${part.export} of ${part.module}`;
  return String(part);
}

/**
 * How files say which class or function is meant.
 *
 * @param part A class or function that the project exports, its name, or
 * `{ module, export }`. Throws {@linkcode UnreferenceableError} for any other
 * class or function, and `RangeError` for an unknown name.
 */
export async function referenceOf(
  part: Part<unknown>,
): Promise<PartReference> {
  if (typeof part === "string") return { name: registeredName(part) };
  if (isModuleReference(part)) {
    return { module: moduleUrl(part.module), export: part.export };
  }
  const name = await nameOfPart(part);
  if (name !== undefined) return { name };
  throw new UnreferenceableError(
    `Cannot run ${
      partText(part)
    } in a process of its own, which could not find it: put it in a file and give { module: "FILE.ts", export: "${
      typeof part === "function" && part.name ? part.name : "NAME"
    }" } instead (runSim runs it within this process)`,
  );
}

async function importModule(module: string): Promise<Record<string, unknown>> {
  try {
    return await import(module);
  } catch (error) {
    const reason = error instanceof Error
      ? error.message.split("\n", 1)[0]
      : String(error);
    throw new TypeError(`Cannot load ${JSON.stringify(module)}: ${reason}`, {
      cause: error,
    });
  }
}

/**
 * The class or function that is meant.
 *
 * @param part The class or function itself, its name, or where it is found.
 * Throws `TypeError` where a module cannot be loaded or exports no such
 * function, and `RangeError` for an unknown name.
 */
export async function loadPart(
  part: Part<unknown> | PartReference,
): Promise<unknown> {
  if (typeof part === "string") return await registeredPart(part);
  if (!isModuleReference(part)) {
    return typeof part === "function"
      ? part
      : await registeredPart((part as { name: string }).name);
  }
  const exported = await importModule(moduleUrl(part.module));
  const value = exported[part.export];
  if (typeof value === "function") return value;
  const names = Object.keys(exported);
  const nearest = nearestName(part.export, names);
  throw new TypeError(
    `Cannot find ${JSON.stringify(part.export)} in ${
      JSON.stringify(part.module)
    }: expected ${
      nearest === undefined
        ? `one of its exports ${names.join(", ") || "(there are none)"}`
        : `a class or function, perhaps ${nearest}`
    }`,
  );
}

/** A reference as it is read from a file. */
export function partOf(reference: PartReference): Part<never> {
  return isModuleReference(reference)
    ? reference
    : (reference as { name: string }).name;
}
