import { assertEquals } from "@std/assert";
import { join } from "@std/path";
import { compareFigures } from "./figure_check.ts";

Deno.test("compareFigures() compares every SVG byte for byte", async () => {
  const [published, drawn] = [
    await Deno.makeTempDir(),
    await Deno.makeTempDir(),
  ];
  const write = (folder: string, name: string, text: string) =>
    Deno.writeTextFile(join(folder, name), text);
  await write(published, "same.svg", "<svg/>");
  await write(drawn, "same.svg", "<svg/>");
  await write(published, "changed.svg", "<svg/>");
  await write(drawn, "changed.svg", "<svg />");
  await write(published, "gone.svg", "<svg/>");
  await write(drawn, "new.svg", "<svg/>");
  await write(published, "photograph.png", "");
  assertEquals(await compareFigures(published, drawn), [
    { name: "changed.svg", standing: "outside" },
    { name: "gone.svg", standing: "missing" },
    { name: "new.svg", standing: "missing" },
    { name: "same.svg", standing: "same" },
  ]);
  await Deno.remove(published, { recursive: true });
  await Deno.remove(drawn, { recursive: true });
});
