/**
 * Writing structures field by field, in network byte order.
 *
 * @module
 */

/** Bytes that grow. */
export class ByteWriter {
  #bytes = new Uint8Array(64);
  #view = new DataView(this.#bytes.buffer);
  #length = 0;

  /** How many bytes there are. */
  get length(): number {
    return this.#length;
  }

  /** Room for more bytes; returns where they begin. */
  #grow(count: number): number {
    const start = this.#length;
    this.#length += count;
    if (this.#length > this.#bytes.length) {
      const larger = new Uint8Array(2 * this.#length);
      larger.set(this.#bytes.subarray(0, start));
      this.#bytes = larger;
      this.#view = new DataView(larger.buffer);
    }
    return start;
  }

  /** Appends 8 bits. */
  u8(value: number): this {
    const at = this.#grow(1);
    this.#view.setUint8(at, value);
    return this;
  }

  /** Appends 16 bits. */
  u16(value: number): this {
    const at = this.#grow(2);
    this.#view.setUint16(at, value);
    return this;
  }

  /** Appends 32 bits. */
  u32(value: number): this {
    const at = this.#grow(4);
    this.#view.setUint32(at, value);
    return this;
  }

  /** Appends 64 bits. */
  u64(value: number | bigint): this {
    const at = this.#grow(8);
    this.#view.setBigUint64(at, BigInt(value));
    return this;
  }

  /** Appends zeros. */
  pad(count: number): this {
    this.#bytes.fill(0, this.#grow(count), this.#length);
    return this;
  }

  /** Appends zeros up to a multiple of 8 bytes. */
  align(): this {
    return this.pad((8 - this.#length % 8) % 8);
  }

  /** Appends bytes. */
  bytes(values: ArrayLike<number>): this {
    const at = this.#grow(values.length);
    this.#bytes.set(values, at);
    return this;
  }

  /** What has been written. */
  finish(): Uint8Array<ArrayBuffer> {
    return this.#bytes.slice(0, this.#length);
  }
}
