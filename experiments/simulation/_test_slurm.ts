/**
 * A Slurm of one node on the loopback interface, for tests.
 *
 * @module
 */

/** Where Debian puts the daemons, which are not on every user's path. */
const DAEMONS = "/usr/sbin";

function exists(path: string): boolean {
  try {
    return Deno.statSync(path).isFile;
  } catch {
    return false;
  }
}

/** Why there can be no Slurm here; undefined where there can. */
export function noSlurm(): string | undefined {
  if (Deno.build.os !== "linux") return "no Slurm";
  const daemons = ["munged", "slurmctld", "slurmd"];
  if (!daemons.every((name) => exists(`${DAEMONS}/${name}`))) return "no Slurm";
  return Deno.uid() === 0 ? undefined : "only root starts Slurm's node";
}

/** A port that nobody listens on. */
function freePort(): number {
  using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  return (listener.addr as Deno.NetAddr).port;
}

function configuration(folder: string, maxArraySize: number): string {
  const host = Deno.hostname().split(".")[0];
  return `ClusterName=test
SlurmctldHost=${host}(127.0.0.1)
AuthType=auth/munge
AuthInfo=socket=${folder}/munge.socket
SlurmUser=root
SlurmdUser=root
StateSaveLocation=${folder}/state
SlurmdSpoolDir=${folder}/spool
SlurmctldPidFile=${folder}/slurmctld.pid
SlurmdPidFile=${folder}/slurmd.pid
SlurmctldPort=${freePort()}
SlurmdPort=${freePort()}
SlurmctldLogFile=${folder}/slurmctld.log
SlurmdLogFile=${folder}/slurmd.log
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
MpiDefault=none
SelectType=select/cons_tres
SelectTypeParameters=CR_Core
SchedulerType=sched/builtin
SchedulerParameters=sched_interval=1,batch_sched_delay=0
JobAcctGatherType=jobacct_gather/none
AccountingStorageType=accounting_storage/none
MailProg=/bin/true
ReturnToService=2
KillWait=5
MaxArraySize=${maxArraySize}
NodeName=${host} NodeAddr=127.0.0.1 CPUs=2 RealMemory=1000 State=UNKNOWN
PartitionName=main Nodes=ALL Default=YES MaxTime=INFINITE State=UP
`;
}

async function waitFor(
  what: string,
  isReady: () => Promise<boolean>,
): Promise<void> {
  for (const until = Date.now() + 30_000; Date.now() < until;) {
    if (await isReady()) return;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error(`Cannot start ${what} within 30 s`);
}

/** The output of one of Slurm's commands. */
export async function slurmOutput(...command: string[]): Promise<string> {
  const [program, ...args] = command;
  const { stdout } = await new Deno.Command(program, { args, stderr: "null" })
    .output();
  return new TextDecoder().decode(stdout);
}

/**
 * Runs a test with a Slurm of two processors, which SLURM_CONF names.
 *
 * @param maxArraySize The cluster's MaxArraySize.
 * @param test The test.
 */
export async function withSlurm(
  maxArraySize: number,
  test: () => Promise<void>,
): Promise<void> {
  const folder = await Deno.makeTempDir();
  const daemons: Deno.ChildProcess[] = [];
  const start = (name: string, ...args: string[]) => {
    daemons.push(
      new Deno.Command(`${DAEMONS}/${name}`, {
        args,
        stdin: "null",
        stdout: "null",
        stderr: "null",
      }).spawn(),
    );
  };
  const before = Deno.env.get("SLURM_CONF");
  try {
    for (const name of ["state", "spool"]) {
      await Deno.mkdir(`${folder}/${name}`);
    }
    const key = crypto.getRandomValues(new Uint8Array(1024));
    await Deno.writeFile(`${folder}/munge.key`, key, { mode: 0o600 });
    const config = `${folder}/slurm.conf`;
    await Deno.writeTextFile(config, configuration(folder, maxArraySize));
    Deno.env.set("SLURM_CONF", config);
    start(
      "munged",
      "--foreground",
      "--force",
      ...["key-file=munge.key", "socket=munge.socket", "pid-file=munge.pid"]
        .concat(["log-file=munge.log", "seed-file=munge.seed"])
        .map((option) => `--${option.replace("=", `=${folder}/`)}`),
    );
    const socket = `${folder}/munge.socket`;
    await waitFor(
      "munged",
      () => Deno.lstat(socket).then(() => true, () => false),
    );
    start("slurmctld", "-D", "-f", config);
    start("slurmd", "-D", "-f", config);
    await waitFor(
      "Slurm",
      async () =>
        (await slurmOutput("sinfo", "-h", "-o", "%T")).includes("idle"),
    );
    await test();
  } finally {
    for (const daemon of daemons.reverse()) {
      daemon.kill("SIGTERM");
      await daemon.status;
    }
    if (before === undefined) Deno.env.delete("SLURM_CONF");
    else Deno.env.set("SLURM_CONF", before);
    await Deno.remove(folder, { recursive: true });
  }
}
