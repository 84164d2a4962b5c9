import { assertRejects } from "@std/assert";
import { join } from "@std/path";
import { readLearnedModel } from "./learned_models.ts";

Deno.test("readLearnedModel() says what makes a model where there is none", async () => {
  const folder = await Deno.makeTempDir();
  try {
    const path = join(folder, "learned_model.zip");
    await assertRejects(
      () => readLearnedModel(path),
      Deno.errors.NotFound,
      "or learn the model first: deno task learn-koopman",
    );
    await assertRejects(
      () => readLearnedModel(path, 2),
      Deno.errors.NotFound,
      "deno task learn-koopman --server 2",
    );
    await Deno.writeTextFile(path, "none");
    await assertRejects(() => readLearnedModel(path), SyntaxError, path);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});
