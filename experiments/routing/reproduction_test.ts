import { assertEquals } from "@std/assert";
import { SILENT } from "../queueing_learning/_test_generation.ts";
import { studySeed } from "./reproduction.ts";
import { studySize } from "./study_report.ts";

Deno.test("studySeed() tests every policy on the same matrices", async () => {
  const folder = await Deno.makeTempDir();
  try {
    const { scores } = await studySeed({
      seed: 1,
      folder,
      device: "native",
      size: { ...studySize(20), episodes: 2 },
      context: SILENT as Parameters<typeof studySeed>[0]["context"],
    });
    assertEquals(scores.length, 12);
    assertEquals(
      new Set(scores.map(({ utilisations }) => utilisations.length)),
      new Set([10]),
    );
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});
