import { assert, assertEquals } from "@std/assert";
import { fromFileUrl } from "@std/path";

Deno.test("evaluate_routing compares baselines on the same matrices", async () => {
  const { code, stdout } = await new Deno.Command(Deno.execPath(), {
    args: [
      ...["run", "-q", "-P=look", "--no-prompt"],
      fromFileUrl(new URL("evaluate_routing.ts", import.meta.url)),
      ...["--quiet", "--json", "--episodes", "1", "--steps", "2"],
      ...["--search-evaluations", "40", "--static-evaluations", "40"],
    ],
    env: { NO_COLOR: "1" },
  }).output();
  assertEquals(code, 0);
  const { lines } = JSON.parse(new TextDecoder().decode(stdout));
  const of = (wanted: string) =>
    lines.find(({ name }: { name: string }) => name === wanted);
  assertEquals(of("unit weights").gain, 0);
  assertEquals(of("local search").gain, 1);
  assert(of("LP optimum").utilisation <= of("local search").utilisation);
});
