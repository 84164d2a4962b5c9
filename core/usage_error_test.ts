import { assertEquals, assertRejects, assertThrows } from "@std/assert";
import { asUsageError, UsageError } from "./usage_error.ts";

Deno.test("asUsageError() wraps what a user's input makes a library throw", () => {
  for (const ErrorClass of [RangeError, TypeError, SyntaxError]) {
    const cause = new ErrorClass("Cannot do it");
    const error = assertThrows(
      () =>
        asUsageError(() => {
          throw cause;
        }),
      UsageError,
      "Cannot do it",
    );
    assertEquals(error.cause, cause);
  }
});

Deno.test("asUsageError() lets results and other errors pass", async () => {
  assertEquals(asUsageError(() => 3), 3);
  assertEquals(await asUsageError(() => Promise.resolve(4)), 4);
  const error = assertThrows(() =>
    asUsageError(() => {
      throw new Error("disk full");
    })
  );
  assertEquals(error.constructor, Error);
});

Deno.test("asUsageError() wraps rejections", async () => {
  await assertRejects(
    () => asUsageError(() => Promise.reject(new RangeError("too far"))),
    UsageError,
    "too far",
  );
  await assertRejects(
    () => asUsageError(() => Promise.reject(new Deno.errors.NotFound("gone"))),
    Deno.errors.NotFound,
  );
});
