/**
 * Archives: models and checkpoints as zip files.
 *
 * An archive holds `versions.json`, `config.json`, the tensors of each part as
 * `<part>.safetensors`, and the state of each part as `<part>.json` beside
 * `<part>.arrays.safetensors`. Arrays are stored as they are, because deflating
 * the weights and replay memories of a run takes ten times as long as writing
 * them; text is deflated. Dates are constant: same content, same bytes.
 *
 * @module
 */
import { packZip, readDirectory, unpackZip } from "./_zip.ts";
import type { ZipFile } from "./_zip.ts";
import { readWholeFile, writeFileAtomically } from "./atomic_file.ts";
import { decodeSafetensors, encodeSafetensors } from "./safetensors.ts";
import type { NdArray } from "./safetensors.ts";
import { decodeState, encodeState } from "./state_json.ts";
import type { JsonRecord, JsonValue, State, StateArray } from "./state_json.ts";
import { LOADSTAR_VERSION } from "./version.ts";

export type { JsonRecord, JsonValue, NdArray, State, StateArray };
export type { StateValue } from "./state.ts";

/** The number of the archive format that this Loadstar writes. */
export const ARCHIVE_FORMAT = 1;

const CONFIG = "config.json";
const VERSIONS = "versions.json";
const TENSORS_SUFFIX = ".safetensors";
const STATE_SUFFIX = ".json";
const STATE_ARRAYS_SUFFIX = ".arrays.safetensors";

/** What an archive holds. */
export interface ArchiveContent {
  /**
   * Settings, as a plain tree of null, truth values, numbers (also NaN and
   * infinite ones) and text; properties that are undefined are left out.
   */
  readonly config: JsonRecord;
  /** Named tensors of each part, such as `weights`. Default none. */
  readonly tensors?: Readonly<
    Record<string, Readonly<Record<string, NdArray>>>
  >;
  /** The state of each part, such as `replay`. Default none. */
  readonly states?: Readonly<Record<string, State>>;
}

/** Which Loadstar wrote an archive. */
export interface ArchiveVersions {
  /** The number of the archive format. */
  readonly format: number;
  /** The version of Loadstar. */
  readonly loadstar: string;
}

/** An archive that was read. */
export interface Archive {
  /** Settings. */
  readonly config: JsonRecord;
  /** Named tensors of each part; empty when there are none. */
  readonly tensors: Record<string, Record<string, NdArray>>;
  /** The state of each part; empty when there are none. */
  readonly states: Record<string, State>;
  /** Which Loadstar wrote it. */
  readonly versions: ArchiveVersions;
}

/** Options of {@linkcode writeArchive}. */
export interface WriteArchiveOptions {
  /** Whether the file is flushed to disk. Default `true`. */
  flush?: boolean;
}

/** Options of {@linkcode readArchive} and {@linkcode decodeArchive}. */
export interface ReadArchiveOptions {
  /**
   * How much the archive may hold unpacked, in bytes; more is refused before
   * it is unpacked. Default 2 GiB, which is also what an archive can be
   * written with.
   */
  maximumBytes?: number;
}

/** Options of {@linkcode decodeArchive}. */
export interface DecodeArchiveOptions extends ReadArchiveOptions {
  /** What messages call the archive. Default `"bytes"`. */
  name?: string;
}

/** Names of parts become names of files, and must not collide there. */
function checkPartName(part: string): void {
  if (
    !/^[A-Za-z][A-Za-z0-9_-]*$/.test(part) || part === "config" ||
    part === "versions"
  ) {
    throw new RangeError(
      `Cannot name a part of an archive ${
        JSON.stringify(part)
      }, expected letters, digits, "_" and "-", a letter first, and not "config" or "versions"`,
    );
  }
}

function jsonFile(name: string, value: JsonValue): ZipFile {
  const text = `${JSON.stringify(value, null, 2)}\n`;
  return { name, bytes: new TextEncoder().encode(text), deflate: true };
}

function encodeConfig(config: JsonRecord): JsonRecord {
  const { json, arrays } = encodeState(config, { omitUndefined: true });
  for (const pointer in arrays) {
    throw new TypeError(
      `Cannot save the typed array ${
        JSON.stringify(pointer)
      } in an archive's config, expected it among the states or tensors`,
    );
  }
  return json;
}

function stateFiles(part: string, state: State): ZipFile[] {
  const { json, arrays } = encodeState(state);
  const files = [jsonFile(part + STATE_SUFFIX, json)];
  if (Object.keys(arrays).length > 0) {
    const bytes = encodeSafetensors(arrays);
    files.push({ name: part + STATE_ARRAYS_SUFFIX, bytes });
  }
  return files;
}

/**
 * The bytes of an archive: same content, same bytes, whatever the order of
 * parts and tensors.
 *
 * @param content What it holds. Throws `RangeError` for a part's name that
 * cannot be a file's name and for more than 2 GiB, and `TypeError` for values
 * that cannot be saved.
 */
export function encodeArchive(content: ArchiveContent): Uint8Array {
  const { config, tensors = {}, states = {} } = content;
  const versions = { format: ARCHIVE_FORMAT, loadstar: LOADSTAR_VERSION };
  const files = [
    jsonFile(VERSIONS, versions),
    jsonFile(CONFIG, encodeConfig(config)),
  ];
  for (const part of Object.keys(tensors).sort()) {
    checkPartName(part);
    const bytes = encodeSafetensors(tensors[part]);
    files.push({ name: part + TENSORS_SUFFIX, bytes });
  }
  for (const part of Object.keys(states).sort()) {
    checkPartName(part);
    files.push(...stateFiles(part, states[part]));
  }
  return packZip(files);
}

type Refuse = (reason: string) => never;

function archiveReader(name: string | undefined) {
  const label = name === undefined ? "bytes" : JSON.stringify(name);
  const refuse: Refuse = (reason) => {
    throw new SyntaxError(`Cannot read archive ${label}: ${reason}`);
  };
  return refuse;
}

/** What a zip that is no archive of ours looks like, from its names. */
function describeForeign(names: readonly string[]): string {
  const has = (name: string) => names.includes(name);
  if (has("data") && has("policy.pth")) {
    return "it looks like a Stable-Baselines3 archive";
  }
  if (names.some((name) => /(^|\/)data\.pkl$/.test(name))) {
    return "it looks like a PyTorch file";
  }
  if (names.length > 0 && names.every((name) => name.endsWith(".npy"))) {
    return "it looks like a NumPy .npz file";
  }
  return "it is a zip file of something else";
}

function refuseForeign(names: readonly string[], refuse: Refuse): void {
  const missing = [CONFIG, VERSIONS].filter((name) => !names.includes(name));
  if (missing.length > 0) {
    refuse(
      `${missing.join(" and ")} missing, ${
        describeForeign(names)
      }, expected an archive that Loadstar wrote`,
    );
  }
}

function parseJson(name: string, bytes: Uint8Array, refuse: Refuse): unknown {
  try {
    return JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes));
  } catch {
    return refuse(`its ${name} is not JSON`);
  }
}

function readVersions(bytes: Uint8Array, refuse: Refuse): ArchiveVersions {
  const value = parseJson(VERSIONS, bytes, refuse);
  const { format, loadstar } = Object(value);
  if (
    !Number.isInteger(format) || format < 1 || typeof loadstar !== "string"
  ) {
    return refuse(`its ${VERSIONS} lacks the format's number or the version`);
  }
  if (format > ARCHIVE_FORMAT) {
    refuse(
      `its format ${format} was written by Loadstar ${
        JSON.stringify(loadstar)
      } and is newer than ${ARCHIVE_FORMAT}, update Loadstar (this is ${LOADSTAR_VERSION})`,
    );
  }
  return { format, loadstar };
}

/** The arrays of one file; the format's own reasons name the archive too. */
function readArrays(
  name: string,
  bytes: Uint8Array,
  refuse: Refuse,
): Record<string, NdArray> {
  try {
    return decodeSafetensors(bytes).arrays;
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    const reason = error.message.replace(/^Cannot read bytes as /, "");
    return refuse(`its ${name} is not valid ${reason}`);
  }
}

function withoutSuffix(name: string, suffix: string): string {
  return name.slice(0, name.length - suffix.length);
}

function readState(
  files: ReadonlyMap<string, Uint8Array>,
  part: string,
  refuse: Refuse,
): State {
  const name = part + STATE_SUFFIX;
  const json = parseJson(name, files.get(name)!, refuse);
  const arraysName = part + STATE_ARRAYS_SUFFIX;
  const arrayBytes = files.get(arraysName);
  const arrays = arrayBytes && readArrays(arraysName, arrayBytes, refuse);
  return decodeState(json, {
    arrays,
    refuse: (reason) => refuse(`its ${name} is damaged: ${reason}`),
  });
}

/**
 * The content of an archive's bytes.
 *
 * @param bytes The whole file. Throws `SyntaxError`, in one line, when it is
 * not a zip, is cut short or damaged (checksums are checked), holds too much,
 * was not written by Loadstar, or by one with a newer format.
 * @param options Name and limit.
 */
export function decodeArchive(
  bytes: Uint8Array,
  options: DecodeArchiveOptions = {},
): Archive {
  const { name, maximumBytes } = options;
  const refuse = archiveReader(name);
  const entries = readDirectory(bytes, refuse);
  refuseForeign(entries.map((entry) => entry.name), refuse);
  const files = unpackZip(bytes, { refuse, maximumBytes });
  const versions = readVersions(files.get(VERSIONS)!, refuse);
  const configJson = parseJson(CONFIG, files.get(CONFIG)!, refuse);
  const config = decodeState(configJson, {
    refuse: (reason) => refuse(`its ${CONFIG} is damaged: ${reason}`),
  }) as JsonRecord;
  const tensors: [string, Record<string, NdArray>][] = [];
  const states: [string, State][] = [];
  for (const [file, content] of files) {
    if (file === CONFIG || file === VERSIONS) continue;
    if (file.endsWith(STATE_ARRAYS_SUFFIX)) {
      const state = withoutSuffix(file, STATE_ARRAYS_SUFFIX) + STATE_SUFFIX;
      if (!files.has(state)) refuse(`its ${file} lacks ${state} beside it`);
    } else if (file.endsWith(TENSORS_SUFFIX)) {
      const part = withoutSuffix(file, TENSORS_SUFFIX);
      tensors.push([part, readArrays(file, content, refuse)]);
    } else if (file.endsWith(STATE_SUFFIX)) {
      const part = withoutSuffix(file, STATE_SUFFIX);
      states.push([part, readState(files, part, refuse)]);
    }
  }
  return {
    config,
    tensors: Object.fromEntries(tensors),
    states: Object.fromEntries(states),
    versions,
  };
}

/**
 * Whether bytes look like an archive of Loadstar's, whatever the file's name;
 * {@linkcode decodeArchive} may still find damage.
 *
 * @param bytes A whole file.
 */
export function isArchive(bytes: Uint8Array): boolean {
  const notAnArchive = new Error();
  try {
    const names = readDirectory(bytes, () => {
      throw notAnArchive;
    }).map((entry) => entry.name);
    return names.includes(CONFIG) && names.includes(VERSIONS);
  } catch (error) {
    if (error === notAnArchive) return false;
    throw error;
  }
}

/**
 * Writes an archive, atomically.
 *
 * @param path The file's place; folders on the way are made. Throws a one-line
 * error that names it when it cannot be written, and leaves an older file as
 * it was.
 * @param content What it holds; see {@linkcode encodeArchive}.
 * @param options Whether to flush to disk.
 */
export async function writeArchive(
  path: string,
  content: ArchiveContent,
  options: WriteArchiveOptions = {},
): Promise<void> {
  const { flush = true } = options;
  await writeFileAtomically(path, encodeArchive(content), { flush });
}

/**
 * Reads an archive.
 *
 * @param path The file's place. Throws a one-line error that names it when it
 * cannot be read, or as {@linkcode decodeArchive} does.
 * @param options The limit.
 */
export async function readArchive(
  path: string,
  options: ReadArchiveOptions = {},
): Promise<Archive> {
  const bytes = await readWholeFile(path);
  return decodeArchive(bytes, { ...options, name: path });
}
