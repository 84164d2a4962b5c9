/**
 * The models that learn-koopman leaves, for scripts that look at them.
 *
 * @module
 */
import {
  type KoopmanModel,
  readKoopmanModel,
} from "../../analysis/koopman/model_file.ts";
import { commandOf } from "../../core/command_names.ts";

export type { KoopmanModel };

/**
 * Reads a model. Where there is none, the error says which task learns one.
 *
 * @param path The file. Throws a one-line error that names it where it cannot be
 * read.
 * @param server Whose queue it is of, in a line of servers, from 1.
 */
export async function readLearnedModel(
  path: string,
  server?: number,
): Promise<KoopmanModel> {
  try {
    return await readKoopmanModel(path);
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
    const command = commandOf("learn-koopman") +
      (server === undefined ? "" : ` --server ${server}`);
    throw new Deno.errors.NotFound(
      `${error.message}, or learn the model first: ${command}`,
      { cause: error },
    );
  }
}
