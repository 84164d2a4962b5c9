/**
 * What went wrong with a file, in one line that says what to do.
 *
 * @module
 */

/** Options of {@linkcode describeFileError} and {@linkcode fileError}. */
export interface FileErrorOptions {
  /** What was tried. Default `"write"`. */
  action?: "read" | "write";
}

const ADVICE_BY_CODE: Record<string, string> = {
  ENOSPC: "the disk is full, free some space or choose another disk",
  EDQUOT: "the disk quota is used up, free some space or choose another disk",
  EROFS: "the disk is read-only, choose another place",
  EISDIR: "it is a folder, expected a file",
  EEXIST: "a part of the path is a file, expected a folder",
  ENOTDIR: "a part of the path is a file, expected a folder",
  ENAMETOOLONG: "the name is too long, choose a shorter one",
  EMFILE: "too many files are open, raise the limit (ulimit -n)",
  EFBIG: "the file would grow larger than the system allows (ulimit -f)",
};

function advice(error: unknown, action: "read" | "write"): string {
  const { errors } = Deno;
  if (error instanceof errors.NotCapable) {
    return `Deno was not permitted to, run it with --allow-${action}`;
  }
  const code = error instanceof Error && "code" in error ? error.code : "";
  if (typeof code === "string" && code in ADVICE_BY_CODE) {
    return ADVICE_BY_CODE[code];
  }
  if (error instanceof errors.IsADirectory) return ADVICE_BY_CODE.EISDIR;
  if (error instanceof errors.NotADirectory) return ADVICE_BY_CODE.ENOTDIR;
  if (error instanceof errors.NotFound) {
    return action === "read"
      ? "no such file, check the path"
      : "its folder is gone, check the path";
  }
  if (error instanceof errors.PermissionDenied) {
    return action === "read"
      ? "permission denied, expected a file that this user may read"
      : "permission denied, expected a place where this user may write";
  }
  const message = error instanceof Error ? error.message : String(error);
  return message.split("\n", 1)[0];
}

/**
 * One line that says which path could not be read or written, why, and what
 * to do about it.
 *
 * @param error What a file operation threw.
 * @param path The file's path as the user knows it.
 * @param options What was tried.
 */
export function describeFileError(
  error: unknown,
  path: string,
  options: FileErrorOptions = {},
): string {
  const { action = "write" } = options;
  return `Cannot ${action} ${JSON.stringify(path)}: ${advice(error, action)}`;
}

/**
 * The error to throw on instead of `error`: of the same class where that is
 * one of `Deno.errors`, with {@linkcode describeFileError}'s message, and the
 * original as its cause.
 *
 * @param error What a file operation threw.
 * @param path The file's path as the user knows it.
 * @param options What was tried.
 */
export function fileError(
  error: unknown,
  path: string,
  options: FileErrorOptions = {},
): Error {
  const message = describeFileError(error, path, options);
  for (const ErrorClass of Object.values(Deno.errors)) {
    if (error instanceof ErrorClass) {
      return new ErrorClass(message, { cause: error });
    }
  }
  return new Error(message, { cause: error });
}
