/**
 * Flows between the hosts of a real network: a shell script that runs iperf3
 * in their network namespaces.
 *
 * @module
 */
import { writeFileAtomically } from "../../core/atomic_file.ts";
import { fileError } from "../../core/file_errors.ts";
import { textLines } from "../../core/text_lines.ts";
import type { ScheduledFlow } from "../../envs/sdn/flows.ts";

export type { ScheduledFlow };

/** Each flow has a port of its own, as a server has one client. */
const FIRST_PORT = 5201;
/** What servers are given to begin. */
const SERVER_SECONDS = 0.5;

/**
 * The address of a host that is named `h1`, `h2`, ...: 10.0.0.1, 10.0.0.2, as
 * Mininet and Loadstar's networks number them.
 *
 * @param host The host. Throws `RangeError` for another name.
 */
export function hostAddress(host: string): string {
  const number = /^h(\d{1,5})$/.exec(host)?.[1];
  if (number === undefined || Number(number) < 1) {
    throw new RangeError(
      `Cannot tell the address of the host ${
        JSON.stringify(host)
      }: expected h1, h2, ...`,
    );
  }
  const value = Number(number);
  return `10.0.${value >> 8}.${value & 255}`;
}

function clientLines(flow: ScheduledFlow, port: number): string[] {
  const { source, destination, startSeconds, durationSeconds, rate } = flow;
  return [
    `wait_until ${Math.round(startSeconds * 1e6)}`,
    `on ${source} iperf3 -c ${hostAddress(destination)} -p ${port} -u -b ${
      Math.round(rate * 1e6)
    } -t ${durationSeconds} >/dev/null & clients+=($!)`,
  ];
}

/** `on` replaces the subshell that runs it, so that $! is the program's. */
const PRELUDE = `#!/usr/bin/env bash
# Flows between hosts, by iperf3 over UDP. Microseconds count from one beginning.
set -u
command -v iperf3 >/dev/null || { echo 'iperf3 is not installed' >&2; exit 127; }
on() { exec \${HOST_COMMAND:-ip netns exec} "$@"; }
servers=() clients=() sleeper=
finish() { kill $sleeper "\${servers[@]}" "\${clients[@]}" 2>/dev/null; }
trap finish EXIT
trap 'exit 143' TERM
trap 'exit 130' INT
pause() { sleep "$1" & sleeper=$!; wait "$sleeper"; sleeper=; }
wait_until() {
  local left=$((begin + $1 - \${EPOCHREALTIME/[.,]/}))
  ((left <= 0)) || pause "$((left / 1000000)).$(printf %06d $((left % 1000000)))"
}
`;

const POSTLUDE = `
failed=0
for client in "\${clients[@]}"; do wait "$client" || failed=1; done
exit $failed
`;

/**
 * A bash script that starts a server for each flow, then each flow at its time,
 * waits for the flows and ends the servers, whatever ended it. Hosts are
 * network namespaces (`ip netns exec h1 ...`), which only root may enter;
 * `HOST_COMMAND` in the environment names another way in.
 *
 * @param flows The schedule. Throws `RangeError` for hosts that have no
 * address.
 * @param firstPort Port of the first flow; the next has the next one. Default
 * 5201.
 */
export function trafficScript(
  flows: readonly ScheduledFlow[],
  firstPort: number = FIRST_PORT,
): string {
  const servers = flows.map(({ destination }, i) =>
    `on ${destination} iperf3 -s -p ${firstPort + i} >/dev/null & servers+=($!)`
  );
  const clients = flows.map((flow, i) => ({ flow, port: firstPort + i }))
    .sort((a, b) => a.flow.startSeconds - b.flow.startSeconds)
    .flatMap(({ flow, port }) => clientLines(flow, port));
  return [
    PRELUDE,
    ...servers,
    `pause ${SERVER_SECONDS}`,
    "begin=${EPOCHREALTIME/[.,]/}",
    ...clients,
    POSTLUDE,
  ].join("\n");
}

/**
 * Writes the script, so that it can be executed.
 *
 * @param path Its place. Throws a one-line error where it cannot be written.
 * @param flows The schedule.
 * @param options As {@linkcode trafficScript} takes it.
 */
export async function writeTrafficScript(
  path: string,
  flows: readonly ScheduledFlow[],
  { firstPort }: { firstPort?: number } = {},
): Promise<void> {
  await writeFileAtomically(path, trafficScript(flows, firstPort));
  try {
    await Deno.chmod(path, 0o755);
  } catch (error) {
    throw fileError(error, path);
  }
}

/** Options of {@linkcode startTraffic}. */
export interface TrafficRunOptions {
  /**
   * Words that, put before a host's name and a command, run the command on the
   * host. Default: `HOST_COMMAND` of the environment, or `ip netns exec`.
   */
  readonly hostCommand?: string;
}

/** Traffic that is running; disposing of it ends it, servers included. */
export interface RunningTraffic extends AsyncDisposable {
  /** Why it failed; undefined while it runs and where it has ended well. */
  readonly failure: string | undefined;
  /** Settles when it has ended, by itself or not. */
  readonly finished: Promise<void>;
}

/**
 * Runs the script in the background.
 *
 * @param path The script.
 * @param options How its hosts are reached.
 */
export function startTraffic(
  path: string,
  options: TrafficRunOptions = {},
): RunningTraffic {
  const { hostCommand } = options;
  const process = new Deno.Command("bash", {
    args: [path],
    env: hostCommand === undefined ? {} : { HOST_COMMAND: hostCommand },
    stdin: "null",
    stdout: "null",
    stderr: "piped",
  }).spawn();
  let failure: string | undefined;
  let stopped = false;
  const firstError = readFirstLine(process.stderr);
  const ended = process.status.then(async ({ success, code }) => {
    if (success || stopped) return;
    failure = await firstError || `it ended with ${code}`;
  });
  return {
    get failure() {
      return failure;
    },
    finished: ended,
    async [Symbol.asyncDispose]() {
      stopped = true;
      try {
        process.kill("SIGTERM");
      } catch {
        // It has ended by itself.
      }
      await ended;
    },
  };
}

/** The first line that is not empty; the rest is read and dropped. */
async function readFirstLine(
  stream: ReadableStream<Uint8Array>,
): Promise<string> {
  let first = "";
  const lines = textLines(stream, new AbortController().signal);
  for await (const line of lines) first ||= line.trim();
  return first;
}
