import { Random } from "../../core/random.ts";
import { killAtRandom } from "./_chaos.ts";

Deno.test({
  name: "kill -9 of runs and managers costs nothing but time",
  ignore: Deno.build.os === "windows",
  async fn() {
    const folder = await Deno.makeTempDir();
    const random = new Random(1);
    await killAtRandom({ folder, kills: 5, runs: 6, random });
    await Deno.remove(folder, { recursive: true });
  },
});
