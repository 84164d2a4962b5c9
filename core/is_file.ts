/**
 * Whether a file is there.
 *
 * @module
 */

/**
 * Whether a path, links followed, is that of a file.
 *
 * @param path Throws where it cannot be looked at for another reason than that
 * nothing is there.
 */
export async function isFile(path: string): Promise<boolean> {
  try {
    return (await Deno.stat(path)).isFile;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return false;
    throw error;
  }
}
