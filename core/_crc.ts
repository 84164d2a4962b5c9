/**
 * Cyclic redundancy checks of 32 bits.
 *
 * @module
 */

/**
 * The checksum of some bytes, from 0 to 2^32 - 1; of bytes that follow others
 * where theirs is given.
 */
export type Checksum = (bytes: Uint8Array, before?: number) => number;

/**
 * Tables for eight bytes a step (Kounavis and Berry, "Novel table lookup-based
 * algorithms for high-performance CRC generation", IEEE TC 2008): table 0 is
 * the ordinary one, and table k moves its entries k zero bytes on.
 */
function makeTables(polynomial: number): Uint32Array[] {
  const tables = Array.from({ length: 8 }, () => new Uint32Array(256));
  for (let byte = 0; byte < 256; byte++) {
    let value = byte;
    for (let bit = 0; bit < 8; bit++) {
      value = value & 1 ? (value >>> 1) ^ polynomial : value >>> 1;
    }
    tables[0][byte] = value;
  }
  for (let byte = 0; byte < 256; byte++) {
    for (let k = 1; k < 8; k++) {
      const before = tables[k - 1][byte];
      tables[k][byte] = (before >>> 8) ^ tables[0][before & 255];
    }
  }
  return tables;
}

function makeChecksum(polynomial: number): Checksum {
  const [t0, t1, t2, t3, t4, t5, t6, t7] = makeTables(polynomial);
  return (bytes, before = 0) => {
    const length = bytes.length;
    let crc = ~before;
    let i = 0;
    for (; i + 8 <= length; i += 8) {
      const word = crc ^ (bytes[i] | bytes[i + 1] << 8 |
        bytes[i + 2] << 16 | bytes[i + 3] << 24);
      crc = t7[word & 255] ^ t6[word >>> 8 & 255] ^
        t5[word >>> 16 & 255] ^ t4[word >>> 24] ^
        t3[bytes[i + 4]] ^ t2[bytes[i + 5]] ^
        t1[bytes[i + 6]] ^ t0[bytes[i + 7]];
    }
    for (; i < length; i++) {
      crc = (crc >>> 8) ^ t0[(crc ^ bytes[i]) & 255];
    }
    return ~crc >>> 0;
  };
}

/** CRC-32 as zip files use it (polynomial 0x04C11DB7, reflected). */
export const crc32: Checksum = makeChecksum(0xedb88320);

/** CRC-32C as TFRecord files use it (polynomial 0x1EDC6F41, reflected). */
export const crc32c: Checksum = makeChecksum(0x82f63b78);
