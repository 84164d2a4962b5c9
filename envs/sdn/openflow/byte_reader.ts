/**
 * Reading structures field by field, in network byte order, never beyond their
 * end.
 *
 * @module
 */

/** Bytes that are read from the front. */
export class ByteReader {
  readonly #bytes: Uint8Array;
  readonly #view: DataView;
  readonly #what: string;
  #at = 0;

  /**
   * Begins at the first byte.
   *
   * @param bytes What is read.
   * @param what What it is, for messages of errors: all methods throw
   * `SyntaxError` where it ends too soon.
   */
  constructor(bytes: Uint8Array, what: string) {
    this.#bytes = bytes;
    this.#view = new DataView(
      bytes.buffer,
      bytes.byteOffset,
      bytes.byteLength,
    );
    this.#what = what;
  }

  /** How many bytes are left. */
  get left(): number {
    return this.#bytes.length - this.#at;
  }

  #take(count: number): number {
    if (count > this.left) {
      throw new SyntaxError(
        `Cannot read ${this.#what}: it ends after ${this.#bytes.length} bytes, expected ${
          this.#at + count
        } or more`,
      );
    }
    const start = this.#at;
    this.#at += count;
    return start;
  }

  /** The next 8 bits. */
  u8(): number {
    return this.#view.getUint8(this.#take(1));
  }

  /** The next 16 bits. */
  u16(): number {
    return this.#view.getUint16(this.#take(2));
  }

  /** The next 32 bits. */
  u32(): number {
    return this.#view.getUint32(this.#take(4));
  }

  /** The next 64 bits; above 2^53 the nearest number. */
  u64(): number {
    return Number(this.#view.getBigUint64(this.#take(8)));
  }

  /** Leaves bytes out. */
  skip(count: number): this {
    this.#take(count);
    return this;
  }

  /** The next bytes. */
  bytes(count: number): Uint8Array {
    const start = this.#take(count);
    return this.#bytes.subarray(start, start + count);
  }

  /** All bytes that are left. */
  rest(): Uint8Array {
    return this.bytes(this.left);
  }

  /** Text that ends with the first zero, in a field of so many bytes. */
  text(count: number): string {
    const field = this.bytes(count);
    const end = field.indexOf(0);
    return new TextDecoder().decode(end < 0 ? field : field.subarray(0, end));
  }

  /** A reader of the next bytes alone. */
  part(count: number, what: string): ByteReader {
    return new ByteReader(this.bytes(count), what);
  }

  /**
   * The rest of a structure that says its own length, of whose bytes some are
   * read already.
   *
   * @param length What it says.
   * @param read How many bytes of it have been read.
   */
  remainder(length: number, read: number, what: string): ByteReader {
    if (length < read) {
      throw new SyntaxError(
        `Cannot read ${what}: it says that it has ${length} bytes, expected ${read} or more`,
      );
    }
    return this.part(length - read, what);
  }
}
