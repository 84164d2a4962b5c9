import {
  assertEquals,
  assertInstanceOf,
  assertStringIncludes,
} from "@std/assert";
import { describeFileError, fileError } from "./file_errors.ts";

Deno.test("describeFileError() says what to do about each kind", () => {
  const { errors } = Deno;
  const coded = (code: string) => Object.assign(new Error("x"), { code });
  for (
    const [error, action, expected] of [
      [new errors.NotFound(), "write", "its folder is gone"],
      [new errors.PermissionDenied(), "write", "may write"],
      [new errors.PermissionDenied(), "read", "may read"],
      [new errors.NotCapable(), "read", "--allow-read"],
      [new errors.IsADirectory(), "write", "it is a folder"],
      [coded("ENOSPC"), "write", "the disk is full"],
      [coded("EDQUOT"), "write", "quota"],
      [coded("EROFS"), "write", "read-only"],
      [new Error("first line\nsecond line"), "write", ": first line"],
      ["thrown text", "write", ": thrown text"],
    ] as const
  ) {
    const line = describeFileError(error, "p", { action });
    assertStringIncludes(line, expected);
    assertEquals(line.includes("\n"), false);
  }
});

Deno.test("fileError() keeps the class and the cause", () => {
  const cause = new Deno.errors.PermissionDenied("x");
  const error = fileError(cause, "p");
  assertInstanceOf(error, Deno.errors.PermissionDenied);
  assertEquals(error.cause, cause);
});
