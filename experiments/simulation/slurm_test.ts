import {
  assert,
  assertEquals,
  assertMatch,
  assertRejects,
  assertThrows,
} from "@std/assert";
import { InterruptedError } from "../../core/script.ts";
import type { SimulationManager } from "./simulation_manager.ts";
import { noSlurm, slurmOutput, withSlurm } from "./_test_slurm.ts";
import { states, trouble, walk, withManager } from "./_test_trees.ts";
import { slurm } from "./slurm.ts";
import { activeSubmissions, arrayScript } from "./slurm_arrays.ts";
import { elementStates, isActive, SlurmError } from "./slurm_commands.ts";

const MISSING = noSlurm();

function sleep(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}

async function untilRunning(manager: SimulationManager): Promise<void> {
  for (;;) {
    const [run] = await manager.observe();
    if (run.status?.process !== undefined) return;
    await sleep(100);
  }
}

/** Programs in place of Slurm's, in front of all others. */
async function withPrograms(
  programs: Record<string, string>,
  test: () => Promise<void>,
): Promise<void> {
  const folder = await Deno.makeTempDir();
  const path = Deno.env.get("PATH")!;
  try {
    for (const [name, script] of Object.entries(programs)) {
      await Deno.writeTextFile(`${folder}/${name}`, `#!/bin/sh\n${script}\n`, {
        mode: 0o755,
      });
    }
    Deno.env.set("PATH", `${folder}:${path}`);
    await test();
  } finally {
    Deno.env.set("PATH", path);
    await Deno.remove(folder, { recursive: true });
  }
}

async function chunksAndErrors(): Promise<void> {
  const simulations = [walk("well"), trouble("fails", { trouble: "throw" })];
  await withManager(simulations, async (manager) => {
    const seen: string[] = [];
    const runs = await manager.runAll({
      launcher: slurm({ pollSeconds: 0.3, maximumRunning: 2 }),
      timeLimitSeconds: 60,
      onChange: (_, { state }) => seen.push(state),
    });
    assertEquals(states(runs), [
      ...new Array(3).fill("finished"),
      ...new Array(3).fill("error"),
    ]);
    assertEquals(runs[4].note, "RangeError: asked for");
    assertEquals(seen.filter((state) => state === "finished").length, 3);
    assertEquals(seen.filter((state) => state === "error").length, 3);
    // Six elements do not fit into an array of four.
    const arrays = new Set(
      runs.map(({ status }) => status!.job!.id.split("_")[0]),
    );
    assertEquals(arrays.size, 2);
    const mended = await manager.rerunSimulation({
      simulationIndex: 1,
      launcher: slurm({ pollSeconds: 0.3, runsPerElement: 2 }),
    });
    // Only what had failed was submitted again.
    assertEquals(mended.map(({ status }) => status!.attempt), [
      0,
      0,
      0,
      1,
      1,
      1,
    ]);
    const elements = mended.slice(3).map(({ status }) => status!.job!.id);
    assertEquals(new Set(elements).size, 2);
  }, 3);
}

async function cancelled(): Promise<void> {
  const sleeps = trouble("sleeps", { trouble: "sleep", milliseconds: 60_000 });
  await withManager([sleeps], async (manager) => {
    const controller = new AbortController();
    const running = manager.runAll({
      launcher: slurm({ pollSeconds: 0.3 }),
      signal: controller.signal,
    });
    await untilRunning(manager);
    controller.abort();
    await assertRejects(() => running, InterruptedError);
    assertEquals(states(await manager.observe()), ["interrupted"]);
    const queue = await slurmOutput("squeue", "-h", "-t", "PENDING,RUNNING");
    assertEquals(queue, "");
  });
}

/** Somebody kills the job, with all its processes. */
async function killed(): Promise<void> {
  const sleeps = trouble("sleeps", { trouble: "sleep", milliseconds: 60_000 });
  await withManager([sleeps], async (manager) => {
    const running = manager.runAll({ launcher: slurm({ pollSeconds: 0.3 }) });
    await untilRunning(manager);
    const [{ status }] = await manager.observe();
    const { process, supervisor, job } = status!;
    Deno.kill(supervisor!.pid, "SIGKILL");
    Deno.kill(process!.pid, "SIGKILL");
    const [run] = await running;
    assertEquals(run.state, "error");
    assertEquals(
      run.note,
      `Slurm says FAILED of job ${job!.id}, which printed: Killed`,
    );
  });
}

/** What a manager submitted that was killed is not submitted twice. */
async function adopted(): Promise<void> {
  const simulation = trouble("a", { trouble: "sleep", milliseconds: 2000 });
  await withManager([simulation], async (manager) => {
    const root = manager.resultsPath;
    const script = `
      import { SimulationManager } from ${
      JSON.stringify(import.meta.resolve("./simulation_manager.ts"))
    };
      import { slurm } from ${
      JSON.stringify(import.meta.resolve("./slurm.ts"))
    };
      const manager = new SimulationManager({ existingSimulation: ${
      JSON.stringify(root)
    } });
      await manager.runAll({ launcher: slurm({ pollSeconds: 0.3 }) });`;
    const file = `${root}/../first.ts`;
    await Deno.writeTextFile(file, script);
    const config = import.meta.resolve("../../deno.json");
    const first = new Deno.Command(Deno.execPath(), {
      args: ["run", "-q", "-A", "--config", new URL(config).pathname, file],
    }).spawn();
    while ((await activeSubmissions(root).catch(() => [])).length === 0) {
      await sleep(100);
    }
    first.kill("SIGKILL");
    await first.status;
    const runs = await manager.runAll({
      launcher: slurm({ pollSeconds: 0.3 }),
    });
    assertEquals(states(runs), ["finished", "finished", "finished"]);
    const arrays = runs.map(({ status }) => status!.job!.id.split("_")[0]);
    assertEquals(new Set(arrays).size, 1);
    assertEquals(runs.map(({ status }) => status!.attempt), [0, 0, 0]);
  }, 3);
}

Deno.test({
  name: `Slurm: arrays, failures, cancelled and killed jobs, a killed manager${
    MISSING ? ` [skipped: ${MISSING}]` : ""
  }`,
  ignore: MISSING !== undefined,
  async fn() {
    await withSlurm(4, async () => {
      await chunksAndErrors();
      await cancelled();
      await killed();
      await adopted();
    });
  },
});

Deno.test("accounting tells of jobs that the queue has forgotten", async () => {
  await withPrograms({
    squeue:
      'echo "slurm_load_jobs error: Invalid job id specified" >&2; exit 1',
    sacct:
      'echo "7_0|COMPLETED"; echo "7_1|CANCELLED by 0"; echo "7_2|NODE_FAIL"',
  }, async () => {
    assertEquals(
      [...await elementStates(["7"])],
      [["7_0", "COMPLETED"], ["7_1", "CANCELLED"], ["7_2", "NODE_FAIL"]],
    );
    const jobs = ["7_1", "7_9"].map((id) => ({ launcher: "slurm", id }));
    assertEquals(await slurm().jobsGone!(jobs), new Set(["7_1", "7_9"]));
  });
});

Deno.test("a Slurm that does not answer is an error, not an empty queue", async () => {
  await withPrograms({
    squeue: 'echo "Unable to contact slurm controller" >&2; exit 1',
    scontrol: 'echo "Unable to contact slurm controller" >&2; exit 1',
    sacct: "exit 1",
  }, async () => {
    await assertRejects(() => elementStates(["7"]), SlurmError, "Unable to");
    await withManager([walk("a")], async (manager) => {
      await assertRejects(
        () => manager.runAll({ launcher: slurm() }),
        SlurmError,
        "Unable to contact",
      );
      assertEquals(states(await manager.observe()), ["in_queue"]);
    });
  });
});

Deno.test("a node that fails costs a run another submission", async () => {
  const counter = await Deno.makeTempFile();
  await withPrograms({
    scontrol: 'echo "MaxArraySize = 1001"',
    sbatch: `echo x >>'${counter}'; wc -l <'${counter}'`,
    // The first array's node fails before the run has begun.
    squeue: `echo "1_0|NODE_FAIL"; echo "2_0|CANCELLED"`,
    sacct: "exit 1",
  }, async () => {
    await withManager([walk("a")], async (manager) => {
      const [run] = await manager.runAll({
        launcher: slurm({ pollSeconds: 0.1 }),
      });
      assertEquals(run.state, "interrupted");
      assertEquals(run.note, "Slurm says CANCELLED of job 2_0");
    });
  });
  assertEquals(await Deno.readTextFile(counter), "x\nx\n");
  await Deno.remove(counter);
});

Deno.test("a controller that is away for a while, and what an element printed", async () => {
  const looks = await Deno.makeTempFile();
  await withPrograms({
    scontrol: 'echo "MaxArraySize = 1001"',
    sbatch: `for last; do :; done; folder=$(dirname "$last")
      echo "deno: not found" >"$folder/0.log"; echo 1`,
    squeue: `echo x >>'${looks}'
      [ "$(wc -l <'${looks}')" -gt 3 ] || { echo "Unable to contact" >&2; exit 1; }
      echo "1_0|FAILED"`,
    sacct: "exit 1",
  }, async () => {
    await withManager([walk("a")], async (manager) => {
      const [run] = await manager.runAll({
        launcher: slurm({ pollSeconds: 0.1 }),
      });
      assertEquals(
        run.note,
        "Slurm says FAILED of job 1_0, which printed: deno: not found",
      );
    });
  });
  await Deno.remove(looks);
});

Deno.test("an element that was only said to have ended is waited for again", async () => {
  const looks = await Deno.makeTempFile();
  const status =
    '"$(dirname "$(tail -n 1 "$0.last")")"/../../a/run_*/status.json';
  await withPrograms({
    scontrol: 'echo "MaxArraySize = 1001"',
    sbatch: `for last; do :; done
      echo "$last" >"$(dirname "$0")/squeue.last"; echo 1`,
    // Ended, running, ended; and then the run's own word of it is seen.
    squeue: `echo x >>'${looks}'
      case $(wc -l <'${looks}') in
        2) echo "1_0|RUNNING" ;;
        4) sed -i s/in_queue/finished/ ${status}; echo "1_0|COMPLETED" ;;
        *) echo "1_0|COMPLETED" ;;
      esac`,
    sacct: "exit 1",
  }, async () => {
    await withManager([walk("a")], async (manager) => {
      const [run] = await manager.runAll({
        launcher: slurm({ pollSeconds: 0.1 }),
      });
      assertEquals([run.state, run.note], ["finished", undefined]);
    });
  });
  await Deno.remove(looks);
});

Deno.test("words of scripts are quoted, options are checked", () => {
  assert(isActive("PENDING") && !isActive("COMPLETED"));
  assertMatch(
    arrayScript({ runsPerElement: 3, command: ["run", "a b"] }),
    /run 'a b' "\$LOADSTAR_ROOT/,
  );
  assertThrows(() => slurm({ runsPerElement: 0 }), RangeError);
  assertThrows(() => slurm({ maximumRunning: 1.5 }), RangeError);
});
