/**
 * Digests of content.
 *
 * @module
 */

/**
 * SHA-256 in hexadecimal, lower case (FIPS 180-4).
 *
 * @param bytes What is digested.
 */
export async function sha256(
  bytes: ArrayBuffer | Uint8Array,
): Promise<string> {
  const digest = await crypto.subtle.digest("SHA-256", bytes as BufferSource);
  return new Uint8Array(digest).toHex();
}
