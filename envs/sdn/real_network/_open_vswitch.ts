/**
 * An Open vSwitch of its own: database and switch process, with all files in
 * one folder and all ports in one namespace.
 *
 * @module
 */
import { portName, portsOf, type Topology } from "../switch_ports.ts";
import { dpidText } from "../ryu_messages.ts";
import { runProgram } from "./_programs.ts";

export type { Topology };

/** Options of {@linkcode startOpenVSwitch}. */
export interface OpenVSwitchOptions {
  /** Where files go. */
  readonly folder: string;
  /** Where ports are. */
  readonly namespace: string;
  /** Where the controller listens, such as `unix:/run/c.sock`. */
  readonly controller: string;
}

/** A running Open vSwitch; disposing of it ends it. */
export interface OpenVSwitch extends AsyncDisposable {
  /** Settles with the reason when one of its processes ends by itself. */
  readonly failed: Promise<string>;
}

/** How long each step may take. */
const STEP_SECONDS = 20;

/**
 * Arguments of `ovs-vsctl` for the switches of a network, in one transaction.
 * They have the userspace datapath, do nothing without a controller, and their
 * numbers and ports are those of `portsOf`.
 *
 * @param topology The network.
 * @param controller Where the controller listens.
 */
export function bridgeArguments(
  topology: Topology,
  controller: string,
): string[] {
  // Open vSwitch would take the token buckets off the ports otherwise.
  const leaveSpeeds = [
    "--",
    "--id=@speeds",
    "create",
    "qos",
    "type=linux-noop",
  ];
  const switches = topology.nodeNames.map((_, node) => {
    const name = `s${node + 1}`;
    return [
      ["--", "add-br", name],
      [
        "--",
        "set",
        "bridge",
        name,
        "datapath_type=netdev",
        "fail_mode=secure",
        "protocols=OpenFlow13",
        `other_config:datapath-id=${dpidText(node + 1)}`,
        "other_config:disable-in-band=true",
      ],
      ...portsOf(topology, node).flatMap(({ number }) => {
        const port = portName(node, number);
        return [
          ["--", "add-port", name, port],
          ["--", "set", "interface", port, `ofport_request=${number}`],
          ["--", "set", "port", port, "qos=@speeds"],
        ];
      }),
      ["--", "set-controller", name, controller],
      ["--", "set", "controller", name, "max_backoff=1000"],
    ].flat();
  });
  return [leaveSpeeds, ...switches].flat();
}

function spawn(
  command: readonly string[],
  { folder, namespace }: OpenVSwitchOptions,
): Deno.ChildProcess {
  const [program] = command;
  return new Deno.Command("ip", {
    args: [
      "netns",
      "exec",
      namespace,
      ...command,
      `--pidfile=${folder}/${program}.pid`,
      `--unixctl=${folder}/${program}.ctl`,
      `--log-file=${folder}/${program}.log`,
      "-vconsole:off",
    ],
    env: environment(folder),
    stdin: "null",
    stdout: "null",
    stderr: "null",
    // Ctrl-C in a terminal is for this process, which then ends the others.
    detached: true,
  }).spawn();
}

function environment(folder: string): Record<string, string> {
  return { OVS_RUNDIR: folder, OVS_LOGDIR: folder, OVS_DBDIR: folder };
}

/** The last that a program wrote, as its folder does not stay. */
async function lastWords(program: string, folder: string): Promise<string> {
  const log = await Deno.readTextFile(`${folder}/${program}.log`)
    .catch(() => "");
  return log.trim().split("\n").at(-1) ?? "";
}

async function end(process: Deno.ChildProcess): Promise<void> {
  try {
    process.kill("SIGTERM");
  } catch {
    // It has ended by itself.
  }
  await process.status;
}

/**
 * Starts database and switch process, and makes the switches of a network.
 *
 * @param topology The network, whose cables are laid.
 * @param options Where. Throws `Error` where a step fails.
 */
export async function startOpenVSwitch(
  topology: Topology,
  options: OpenVSwitchOptions,
): Promise<OpenVSwitch> {
  const { folder, controller } = options;
  const env = environment(folder);
  const socket = `unix:${folder}/db.sock`;
  const failed = Promise.withResolvers<string>();
  await using started = new AsyncDisposableStack();
  let isEnding = false;
  const start = (command: readonly string[]) => {
    const process = spawn(command, options);
    process.status.then(async ({ code }) => {
      if (isEnding) return;
      const [program] = command;
      const words = await lastWords(program, folder);
      failed.resolve(`${program} ended with ${code} (${words})`);
    });
    started.defer(() => end(process));
  };
  const vsctl = ["ovs-vsctl", "--retry", `--timeout=${STEP_SECONDS}`];
  const configure = async (...args: string[]) => {
    const command = [...vsctl, `--db=${socket}`, ...args];
    const failure = await Promise.race([
      runProgram(command, { env }).then(() => undefined),
      failed.promise,
    ]);
    if (failure !== undefined) {
      throw new Error(`Cannot start Open vSwitch: ${failure}`);
    }
  };
  await runProgram(["ovsdb-tool", "create", `${folder}/conf.db`], { env });
  start(["ovsdb-server", `${folder}/conf.db`, `--remote=p${socket}`]);
  await configure("--no-wait", "init");
  start(["ovs-vswitchd", socket]);
  await configure(...bridgeArguments(topology, controller));
  started.defer(() => {
    isEnding = true;
  });
  const running = started.move();
  return {
    failed: failed.promise,
    [Symbol.asyncDispose]: () => running.disposeAsync(),
  };
}
