import { assert, assertEquals, assertThrows } from "@std/assert";
import { join } from "@std/path";
import { scheduleFlows } from "../envs/sdn/flows.ts";
import {
  hostAddress,
  startTraffic,
  trafficScript,
  writeTrafficScript,
} from "./traffic_script.ts";

const FLOWS = scheduleFlows([["h1", "h2"], ["h2", "h3"]], {
  startOffsetSeconds: 0.4,
  durationSeconds: 0.1,
  rate: 10,
});

/** How long servers would run; nothing else sleeps as long. */
const SERVER_SLEEP = `98765.${Deno.pid}`;

/**
 * A folder whose iperf3 writes down when it was called with what, and whose
 * servers run until they are ended.
 */
async function withFakeIperf(
  work: (
    paths: { folder: string; log: string; script: string },
  ) => Promise<void>,
): Promise<void> {
  const folder = await Deno.makeTempDir();
  try {
    const log = join(folder, "log");
    const fake = join(folder, "iperf3");
    await Deno.writeTextFile(
      fake,
      `#!/bin/bash\necho "$(date +%s.%N) $*" >>"${log}"\n` +
        `if [[ $1 == -s ]]; then exec sleep ${SERVER_SLEEP}; fi\n` +
        'if [[ $4 == "$FAIL_PORT" ]]; then echo "unable to connect" >&2; exit 1; fi\n',
    );
    await Deno.chmod(fake, 0o755);
    const script = join(folder, "traffic.sh");
    await writeTrafficScript(script, FLOWS);
    await work({ folder, log, script });
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

/** Runs the script with hosts that are this machine. */
async function run(folder: string, script: string, failPort = "") {
  const { code } = await new Deno.Command("bash", {
    args: [script],
    env: {
      PATH: `${folder}:${Deno.env.get("PATH")}`,
      HOST_COMMAND: "env -u",
      FAIL_PORT: failPort,
    },
    stderr: "null",
  }).output();
  return code;
}

Deno.test("the script starts every flow at its time, and ends the servers", () =>
  withFakeIperf(async ({ folder, log, script }) => {
    assertEquals(await run(folder, script), 0);
    const calls = (await Deno.readTextFile(log)).trim().split("\n")
      .map((line) => line.split(" "));
    assertEquals(calls.map(([, ...args]) => args.join(" ")).sort(), [
      "-c 10.0.0.2 -p 5201 -u -b 10000000 -t 0.1",
      "-c 10.0.0.3 -p 5202 -u -b 10000000 -t 0.1",
      "-s -p 5201",
      "-s -p 5202",
    ]);
    const clients = calls.filter(([, mode]) => mode === "-c")
      .map(([time]) => Number(time));
    const gap = Math.abs(clients[1] - clients[0]);
    // Not the sum of the starts; a busy machine may be late, hardly early.
    assert(gap > 0.2, `${gap}`);
    const left = await new Deno.Command("pgrep", {
      args: ["-f", `^sleep ${SERVER_SLEEP}$`],
    })
      .output();
    assertEquals(new TextDecoder().decode(left.stdout), "");
  }));

Deno.test("a flow that fails fails the script", () =>
  withFakeIperf(async ({ folder, script }) => {
    assertEquals(await run(folder, script, "5202"), 1);
  }));

Deno.test("startTraffic() says why traffic failed, and ends it", async () => {
  const folder = await Deno.makeTempDir();
  try {
    const script = join(folder, "traffic.sh");
    await Deno.writeTextFile(script, "echo 'no such namespace' >&2; exit 3");
    {
      await using broken = startTraffic(script);
      for (let i = 0; i < 200 && broken.failure === undefined; i++) {
        await new Promise((resolve) => setTimeout(resolve, 20));
      }
      assertEquals(broken.failure, "no such namespace");
    }
    const mark = join(folder, "ended");
    await Deno.writeTextFile(
      script,
      `trap 'touch "${mark}"; exit 143' TERM; sleep 5 & wait`,
    );
    {
      await using running = startTraffic(script);
      await new Promise((resolve) => setTimeout(resolve, 300));
      assertEquals(running.failure, undefined);
    }
    assert((await Deno.stat(mark)).isFile);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

Deno.test("hosts have Mininet's addresses", () => {
  assertEquals(hostAddress("h1"), "10.0.0.1");
  assertEquals(hostAddress("h300"), "10.0.1.44");
  for (const host of ["h0", "server", "h", "h1x"]) {
    assertThrows(() => hostAddress(host), RangeError, host);
  }
  assertThrows(
    () => trafficScript(scheduleFlows([["a", "b"]])),
    RangeError,
    '"b"',
  );
});
