import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { fromFileUrl } from "@std/path";
import {
  writeQmixBalancer,
  writeSacBalancer,
} from "../experiments/control/_tiny_balancers.ts";
import {
  SHARED_MEMORY_FOLDER,
  skipReason,
  withName,
} from "../ffi/_shared_memory_testing.ts";

const ROOT = fromFileUrl(new URL("..", import.meta.url));
const skipped = skipReason();
/** More than a loaded machine needs; what is waited for decides, not time. */
const PATIENCE_MS = 60_000;

/** A script in a process of its own, whose words can be waited for. */
function start(script: string, args: readonly string[]) {
  const child = new Deno.Command(Deno.execPath(), {
    args: ["run", "-q", "-P=control", `scripts/${script}.ts`, ...args],
    cwd: ROOT,
    stdin: "null",
    stdout: "piped",
    stderr: "piped",
  }).spawn();
  const stdout = new Response(child.stdout).text();
  let said = "";
  let read = 0;
  let woken = Promise.withResolvers<void>();
  const listening = (async () => {
    for await (
      const text of child.stderr.pipeThrough(new TextDecoderStream())
    ) {
      said += text;
      woken.resolve();
      woken = Promise.withResolvers();
    }
  })();
  const ended = Promise.all([child.status, listening]);
  return {
    pid: child.pid,
    signal: (signal: Deno.Signal) => child.kill(signal),
    /** Waits until it says something that it had not said before. */
    async says(words: string): Promise<void> {
      const end = performance.now() + PATIENCE_MS;
      for (;;) {
        const place = said.indexOf(words, read);
        if (place >= 0) {
          read = place + words.length;
          return;
        }
        const left = end - performance.now();
        if (left <= 0) throw new Error(`${script}: no "${words}" in\n${said}`);
        let timer: ReturnType<typeof setTimeout> | undefined;
        await Promise.race([
          woken.promise,
          new Promise((resolve) => timer = setTimeout(resolve, left)),
        ]);
        clearTimeout(timer);
      }
    },
    /** Waits for its end. */
    async end() {
      const [{ code }] = await ended;
      return { code, stdout: await stdout, stderr: said };
    },
    async kill() {
      child.kill("SIGKILL");
      await ended;
      await stdout;
    },
  };
}

type Started = ReturnType<typeof start>;

/** Runs a body with a name and a model; all that it starts is ended. */
async function withLoop(
  body: (loop: {
    name: string;
    folder: string;
    plane: (...args: string[]) => Started;
    controller: (...args: string[]) => Started;
  }) => Promise<void>,
): Promise<void> {
  const folder = await Deno.makeTempDir();
  const all: Started[] = [];
  const run = (script: string, args: string[]) => {
    const started = start(script, args);
    all.push(started);
    return started;
  };
  try {
    await withName((name) =>
      body({
        name,
        folder,
        plane: (...args) =>
          run("dataplane_simulator", ["--shm", name, ...args]),
        controller: (...args) => run("rl_controller", ["--shm", name, ...args]),
      })
    );
  } finally {
    for (const each of all) await each.kill().catch(() => {});
    await Deno.remove(folder, { recursive: true });
  }
}

function test(name: string, body: Parameters<typeof withLoop>[0]) {
  Deno.test({
    name: `${name}${skipped}`,
    ignore: skipped !== "",
    fn: () => withLoop(body),
  });
}

test("controller and data plane outlive each other's deaths and stalls", async ({ name, folder, plane, controller }) => {
  const model = `${folder}/sac.zip`;
  await writeSacBalancer(model, { numServers: 3, load: 0.7 });
  const steer = () =>
    controller("--model", model, "--stall-timeout", "1", "--json");
  let control = steer();
  await control.says("Waiting for a data plane");
  let data = plane("--model", model, "--speed", "2", "--json");
  await control.says("Steering 3 servers by sac-gru");
  await data.says(`Controller (process ${control.pid}) steers`);

  data.signal("SIGSTOP");
  await control.says("lives but has said nothing");
  await control.says("weights of SED");
  data.signal("SIGCONT");
  await control.says("again, after");

  await data.kill();
  await control.says("has died: weights of SED");
  data = plane("--model", model, "--speed", "2", "--json");
  await control.says("begun anew");
  await control.says("again, after");
  await data.says("steers");

  await control.kill();
  await data.says("has ended: balancers go by the servers' capacities");
  control = steer();
  await data.says(`Controller (process ${control.pid}) steers`);

  control.signal("SIGSTOP");
  await data.says("has been silent for");
  control.signal("SIGCONT");
  await data.says("steers");

  await Deno.remove(`${SHARED_MEMORY_FOLDER}/${name}`);
  await data.says("Made shared memory");
  await control.says("was made anew");
  await control.says("again, after");

  control.signal("SIGINT");
  const controlled = await control.end();
  assertEquals(controlled.code, 0, controlled.stderr);
  const summary = JSON.parse(controlled.stdout);
  assert(summary.decisions > 0 && summary.dataPlanes === 2, controlled.stdout);
  assert(summary.message > 0 && summary.servers === 3, controlled.stdout);
  await data.says("has ended");
  data.signal("SIGINT");
  const simulated = await data.end();
  assertEquals(simulated.code, 0, simulated.stderr);
  const { completion, weightsTaken } = JSON.parse(simulated.stdout);
  assert(completion.mean > 0 && weightsTaken > 0, simulated.stdout);
});

test("a model for another number of servers is told of until the data plane fits", async ({ folder, plane, controller }) => {
  const model = `${folder}/qmix.zip`;
  await writeQmixBalancer(model, { numAgents: 2, serversPerAgent: 2 });
  const out = `${folder}/out`;
  const control = controller(
    ...["--model", model, "--log-interval", "0.5", "--out", out],
  );
  const small = plane("--num-servers", "3");
  await control.says("qmix is for 4 servers, the data plane has 3: equal");
  await control.says("misfit");
  small.signal("SIGINT");
  const { code, stdout } = await small.end();
  assertEquals(code, 0);
  assertStringIncludes(stdout, "Completion times of flows");
  await control.says("taken shared memory");
  const right = plane("--model", model, "--out", out);
  await control.says("Steering 4 servers by qmix");
  await control.says("steering  4 servers");
  right.signal("SIGTERM");
  assertEquals((await right.end()).code, 0);
  const rows = async (name: string) =>
    (await Deno.readTextFile(`${out}/${name}.csv`)).trim().split("\n");
  assert((await rows("dataplane")).length > 1);
  const controlled = (await rows("controller")).join("\n");
  assertStringIncludes(controlled, ",misfit,");
  assertStringIncludes(controlled, ",steering,");
});

test("what is no region is told of by both, and left", async ({ name, plane, controller }) => {
  const path = `${SHARED_MEMORY_FOLDER}/${name}`;
  await Deno.writeTextFile(path, "something else");
  const refused = await plane("--num-servers", "2").end();
  assertEquals(refused.code, 1);
  assertStringIncludes(refused.stderr, name);
  assertEquals(refused.stderr.trim().split("\n").length, 1);
  const control = controller("--rule", "lsq");
  await control.says("looking again until it is mended");
  await Deno.remove(path);
  await control.says("Waiting for a data plane");
  const data = plane("--num-servers", "2", "--duration", "600");
  await control.says("Steering 2 servers by lsq");
  data.signal("SIGINT");
  assertEquals((await data.end()).code, 130);
});

test("bad command lines are one line and exit 2", async ({ plane, controller }) => {
  const cases: [Started, string][] = [
    [controller(), "--model or --rule"],
    [controller("--rule", "sed", "--interval", "0"), "--interval"],
    [controller("--rule", "fastest"), "sed, lsq"],
    [plane("--num-servers", "65"), "64"],
    [plane("--load", "1.2"), "for ever"],
    [plane("--num-servers", "3", "--num-agents", "2"), "1.5 servers"],
  ];
  for (const [started, words] of cases) {
    const { code, stderr } = await started.end();
    assertEquals(code, 2, stderr);
    assertStringIncludes(stderr, words);
    assertEquals(stderr.trim().split("\n").length, 1, stderr);
  }
});
