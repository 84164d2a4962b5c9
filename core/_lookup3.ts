/**
 * Bob Jenkins's `hashlittle` of May 2006 (lookup3.c), which HDF5 takes for its
 * checksums.
 *
 * @module
 */

function rotate(x: number, by: number): number {
  return (x << by) | (x >>> (32 - by));
}

/** The hash of some bytes, with the initial value 0; a number below 2^32. */
export function lookup3(bytes: Uint8Array): number {
  const { length } = bytes;
  if (length === 0) return 0xdeadbeef;
  let a = (0xdeadbeef + length) | 0;
  let b = a;
  let c = a;
  const word = (offset: number) => {
    // Beyond the end there are zeros.
    let value = 0;
    for (let i = 3; i >= 0; i--) {
      value = (value << 8) | (bytes[offset + i] ?? 0);
    }
    return value;
  };
  let offset = 0;
  for (; length - offset > 12; offset += 12) {
    a = (a + word(offset)) | 0;
    b = (b + word(offset + 4)) | 0;
    c = (c + word(offset + 8)) | 0;
    a = ((a - c) | 0) ^ rotate(c, 4);
    c = (c + b) | 0;
    b = ((b - a) | 0) ^ rotate(a, 6);
    a = (a + c) | 0;
    c = ((c - b) | 0) ^ rotate(b, 8);
    b = (b + a) | 0;
    a = ((a - c) | 0) ^ rotate(c, 16);
    c = (c + b) | 0;
    b = ((b - a) | 0) ^ rotate(a, 19);
    a = (a + c) | 0;
    c = ((c - b) | 0) ^ rotate(b, 4);
    b = (b + a) | 0;
  }
  a = (a + word(offset)) | 0;
  b = (b + word(offset + 4)) | 0;
  c = (c + word(offset + 8)) | 0;
  c = ((c ^ b) - rotate(b, 14)) | 0;
  a = ((a ^ c) - rotate(c, 11)) | 0;
  b = ((b ^ a) - rotate(a, 25)) | 0;
  c = ((c ^ b) - rotate(b, 16)) | 0;
  a = ((a ^ c) - rotate(c, 4)) | 0;
  b = ((b ^ a) - rotate(a, 14)) | 0;
  c = ((c ^ b) - rotate(b, 24)) | 0;
  return c >>> 0;
}
