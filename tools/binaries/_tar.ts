/**
 * Archives as `tar` reads them.
 *
 * @module
 */

/** A file of an archive. */
export interface TarFile {
  /** Its path, of 99 ASCII characters at most. */
  readonly path: string;
  /** What is in it. */
  readonly bytes: Uint8Array;
  /** Whether it can be run. */
  readonly isProgram: boolean;
}

const BLOCK = 512;

/** A POSIX ustar header, with a constant date and owner. */
function header({ path, bytes, isProgram }: TarFile): Uint8Array {
  if (path.length > 99) {
    throw new RangeError(`Cannot archive ${path}: too long`);
  }
  const block = new Uint8Array(BLOCK);
  const write = (at: number, text: string) =>
    new TextEncoder().encodeInto(text, block.subarray(at));
  const octal = (value: number, digits: number) =>
    value.toString(8).padStart(digits, "0");
  write(0, path);
  write(100, isProgram ? "0000755" : "0000644");
  write(108, "0000000"); // user
  write(116, "0000000"); // group
  write(124, octal(bytes.length, 11));
  write(136, octal(0, 11)); // date
  write(148, "        "); // the sum counts as blanks
  write(156, "0"); // a file
  write(257, "ustar\x0000");
  const sum = block.reduce((total, byte) => total + byte, 0);
  write(148, `${octal(sum, 6)}\0 `);
  return block;
}

/**
 * Writes an archive.
 *
 * @param files Its files; folders on the way are made by the reader.
 */
export function writeTar(files: readonly TarFile[]): Blob {
  const parts = files.flatMap((file) => [
    header(file),
    file.bytes,
    new Uint8Array((BLOCK - file.bytes.length % BLOCK) % BLOCK),
  ]);
  return new Blob([...parts, new Uint8Array(2 * BLOCK)] as BlobPart[]);
}
