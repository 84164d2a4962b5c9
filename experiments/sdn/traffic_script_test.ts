import { assert, assertEquals, assertThrows } from "@std/assert";
import { join } from "@std/path";
import { scheduleFlows } from "../../envs/sdn/flows.ts";
import {
  hostAddress,
  startTraffic,
  trafficScript,
  writeTrafficScript,
} from "./traffic_script.ts";

const FLOWS = scheduleFlows([["h1", "h2"], ["h2", "h3"], ["h3", "h1"]], {
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

/** Waits until a file is there. */
async function appears(path: string): Promise<void> {
  for (;;) {
    try {
      await Deno.stat(path);
      return;
    } catch {
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
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

/** How many of the script's servers are still there. */
async function runningServers(): Promise<number> {
  let count = 0;
  for await (const { name } of Deno.readDir("/proc")) {
    if (!/^\d+$/.test(name)) continue;
    try {
      const command = await Deno.readTextFile(`/proc/${name}/cmdline`);
      if (command === `sleep\0${SERVER_SLEEP}\0`) count++;
    } catch {
      // It has ended meanwhile.
    }
  }
  return count;
}

Deno.test("the script starts every flow at its time, and ends the servers", () =>
  withFakeIperf(async ({ folder, log, script }) => {
    const begun = Date.now() / 1000;
    assertEquals(await run(folder, script), 0);
    const calls = (await Deno.readTextFile(log)).trim().split("\n")
      .map((line) => line.split(" "));
    assertEquals(calls.map(([, ...args]) => args.join(" ")).sort(), [
      "-c 10.0.0.1 -p 5203 -u -b 10000000 -t 0.1",
      "-c 10.0.0.2 -p 5201 -u -b 10000000 -t 0.1",
      "-c 10.0.0.3 -p 5202 -u -b 10000000 -t 0.1",
      "-s -p 5201",
      "-s -p 5202",
      "-s -p 5203",
    ]);
    // Servers have half a second; the last flow begins 0.8 s after that.
    const last = calls.find(([, ...args]) =>
      args.join(" ").includes("5203 -u")
    );
    assert(Number(last?.[0]) >= begun + 1.3, `${last} ${begun}`);
    for (let i = 0; i < 100 && await runningServers() > 0; i++) {
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    assertEquals(await runningServers(), 0);
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
      for (let i = 0; i < 3000 && broken.failure === undefined; i++) {
        await new Promise((resolve) => setTimeout(resolve, 20));
      }
      assertEquals(broken.failure, "no such namespace");
    }
    const [ready, mark] = ["ready", "ended"].map((name) => join(folder, name));
    await Deno.writeTextFile(
      script,
      `trap 'touch "${mark}"; exit 143' TERM; touch "${ready}"; sleep 5 & wait`,
    );
    {
      await using running = startTraffic(script);
      await appears(ready);
      assertEquals(running.failure, undefined);
    }
    assert((await Deno.stat(mark)).isFile);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

Deno.test("starts count from one beginning, not each from the last", () => {
  const waits = trafficScript(FLOWS).match(/^wait_until \d+$/gm);
  assertEquals(waits, [
    "wait_until 0",
    "wait_until 400000",
    "wait_until 800000",
  ]);
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
