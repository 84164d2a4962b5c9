import { assert, assertAlmostEquals, assertEquals } from "@std/assert";
import { fromFileUrl, join } from "@std/path";

const SCRIPT = fromFileUrl(new URL("evaluate_baselines.ts", import.meta.url));

async function evaluate(...args: string[]) {
  const { code, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["run", "-q", "-P=train", "--no-prompt", SCRIPT, ...args],
    env: { NO_COLOR: "1" },
  }).output();
  const decode = (bytes: Uint8Array) => new TextDecoder().decode(bytes);
  return { code, stdout: decode(stdout), stderr: decode(stderr) };
}

Deno.test("evaluate_baselines prints every rule and the optimum as JSON", async () => {
  const { code, stdout, stderr } = await evaluate("--json");
  assertEquals([code, stderr], [0, ""]);
  const result = JSON.parse(stdout);
  assertEquals(result.load, "SINE_CURVE");
  assertEquals(result.mode, "reference");
  assertEquals(result.steps, 200);
  assertEquals(result.policies.length, 9);
  const returnOf = (wanted: string) =>
    result.policies.find(({ name }: { name: string }) => name === wanted)
      .return;
  assertAlmostEquals(returnOf("optimum"), -3.0948, 5e-5);
  assertAlmostEquals(returnOf("threshold"), -27.9537, 5e-5);
});

Deno.test("evaluate_baselines holds out the last days of a trace", async () => {
  const folder = await Deno.makeTempDir();
  try {
    const trace = join(folder, "site.csv");
    const rows = Array.from(
      { length: 3 * 1440 },
      (_, minute) => `${minute},${100 + minute % 60}`,
    );
    await Deno.writeTextFile(trace, ["minute,requests", ...rows].join("\n"));
    const { code, stdout } = await evaluate(
      ...["--trace", trace, "--test-days", "1", "--steps", "40"],
      ...["--out", folder, "--quiet"],
    );
    assertEquals(code, 0);
    assert(stdout.includes("40 steps"), stdout);
    assert(stdout.includes("optimum") && stdout.includes("kubernetes-hpa"));
    const [page] = [...Deno.readDirSync(join(folder, "figures"))];
    assert(page.name.endsWith(".html"));

    await Deno.writeTextFile(trace, "minute,requests\n0,1\n3,1\n");
    const holed = await evaluate("--trace", trace);
    assertEquals(holed.code, 1);
    assertEquals(
      holed.stderr,
      `Cannot read trace "${trace}", line 3: expected minute 1, got 3: a hole of 2 minutes\n`,
    );
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

Deno.test("evaluate_baselines refuses what makes no sense with status 2", async () => {
  const cases: [string[], string][] = [
    [["--pattern", "SPKE"], "SPIKE"],
    [["--steps", "-5"], "-5"],
    [["--step", "5"], "--steps"],
    [["--test-days", "1"], "--trace"],
    [["--actions", "1,2"], "[1,2]"],
  ];
  await Promise.all(cases.map(async ([args, hint]) => {
    const { code, stdout, stderr } = await evaluate(...args);
    assertEquals([code, stdout], [2, ""], stderr);
    assert(stderr.includes(hint) && stderr.trim().split("\n").length === 1);
  }));
});
