import { assert, assertEquals } from "@std/assert";
import { fromFileUrl, join } from "@std/path";

const SCRIPT = fromFileUrl(new URL("traffic_gen.ts", import.meta.url));

async function trafficGen(...args: string[]) {
  const { code, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["run", "-q", "-P=sdn", "--no-prompt", SCRIPT, "--quiet", ...args],
    env: { NO_COLOR: "1" },
  }).output();
  const decode = (bytes: Uint8Array) => new TextDecoder().decode(bytes);
  return { code, stdout: decode(stdout), stderr: decode(stderr) };
}

Deno.test("traffic_gen writes a script of flows, and says what failed when it runs", async () => {
  const folder = await Deno.makeTempDir();
  try {
    const path = join(folder, "flows.sh");
    const args = ["--traffic-pairs", "h60001:h60002,h60002:h60001"];
    const written = await trafficGen(...args, "--out", path, "--json");
    assertEquals([written.code, written.stderr], [0, ""]);
    assertEquals(
      JSON.parse(written.stdout).flows.map(
        (flow: { startSeconds: number }) => flow.startSeconds,
      ),
      [0, 0.5],
    );
    const script = await Deno.readTextFile(path);
    assert(script.includes("on h60001 iperf3 -c 10.0.234.98"), script);
    const run = await trafficGen(...args, "--out", path, "--execute");
    assertEquals(run.code, 1);
    assert(run.stderr.startsWith(`Cannot run ${path}: `), run.stderr);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

Deno.test("traffic_gen wants flows", async () => {
  const { code, stderr } = await trafficGen();
  assertEquals(code, 2);
  assert(stderr.includes("--traffic-pairs"), stderr);
});
