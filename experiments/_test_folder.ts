/**
 * Folders for tests.
 *
 * @module
 */

/**
 * Calls a function with an empty folder, which is removed afterwards.
 *
 * @param use Gets the folder's path.
 */
export async function withFolder(
  use: (folder: string) => void | Promise<void>,
): Promise<void> {
  const folder = await Deno.makeTempDir({ prefix: "loadstar_" });
  try {
    await use(folder);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}
