import { assertAlmostEquals, assertEquals, assertRejects } from "@std/assert";
import { join } from "@std/path";
import { readNpz, writeNpz } from "../../core/npz.ts";
import { generateSmall, inFolder } from "./_test_generation.ts";
import { readDiscreteResults } from "./results_file.ts";

Deno.test("npz and pickle give the same results, whatever their names", async () => {
  await inFolder(async (folder) => {
    await generateSmall(folder);
    const npz = await readDiscreteResults(
      join(folder, "discrete_results_.npz"),
    );
    assertEquals(npz.step, 0.5);
    assertEquals(npz.rho, 0.8);
    assertEquals(npz.queueMean.length, 1201);
    const arrays = await readNpz(join(folder, "discrete_results_.npz"));
    const short = { shape: [2], data: Float64Array.of(1, 2) };
    const path = join(folder, "short.npz");
    await writeNpz(path, { ...arrays, qlen_std: short });
    await assertRejects(
      () => readDiscreteResults(path),
      SyntaxError,
      "qlen_std has 2 values, expected 1201",
    );
    await Deno.rename(
      join(folder, "discrete_results_.pkl"),
      join(folder, "x.npz"),
    );
    const pickle = await readDiscreteResults(join(folder, "x.npz"));
    assertAlmostEquals(pickle.queueMean[800], npz.queueMean[800], 1e-12);
    assertEquals(pickle.queueDeviation.length, 1201);
  });
});

Deno.test("other files are refused by name", async () => {
  await inFolder(async (folder) => {
    const path = join(folder, "discrete_results_.pkl");
    await Deno.writeTextFile(path, "(I1\nI2\nt.");
    await assertRejects(
      () => readDiscreteResults(path),
      SyntaxError,
      "tuple of 9",
    );
    await Deno.writeTextFile(path, "cposix\nsystem\n(Vid\ntR.");
    await assertRejects(
      () => readDiscreteResults(path),
      SyntaxError,
      "posix.system",
    );
    await Deno.writeTextFile(path, "(F1\n(l(l(l(l(lFnan\na(l(lF1\nt.");
    await assertRejects(() => readDiscreteResults(path), SyntaxError, path);
    await assertRejects(
      () => readDiscreteResults(`${path}.no`),
      Error,
      "no such file",
    );
  });
});
