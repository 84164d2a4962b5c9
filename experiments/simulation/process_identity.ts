/**
 * Who a process is, so that it is not mistaken for a later one of the same
 * number: process id, start time, boot and host.
 *
 * @module
 */

/** A process, told apart from every other one. */
export interface ProcessIdentity {
  /** Its number. */
  readonly pid: number;
  /**
   * When it began, as the system counts: clock ticks since the boot on Linux,
   * a date elsewhere. Empty where it could not be asked.
   */
  readonly start: string;
  /** The boot of the system that it runs in; empty where unknown. */
  readonly boot: string;
  /** The machine's name; empty where unknown. */
  readonly host: string;
}

/** What the system says of a process number now. */
export interface ProcessFacts {
  /** When the process began. */
  readonly start: string;
  /** Memory that it occupies, in bytes; NaN where unknown. */
  readonly residentBytes: number;
}

/** Whether a process is there; `unknown` for one of another machine. */
export type Presence = "alive" | "gone" | "unknown";

/** What the system says, with process numbers as keys. */
export interface SystemView {
  /** The machine's name. */
  readonly host: string;
  /** The present boot. */
  readonly boot: string;
  /** Processes that were asked about and are there. */
  readonly processes: ReadonlyMap<number, ProcessFacts>;
}

// Deno reads /proc only with every permission; a shell reads it with its own
// built-in command. Elsewhere (macOS) ps knows. `$$` is the shell itself.
const SYSTEM_VIEW = `
if [ -r /proc/$$/stat ]; then
  IFS= read -r host </proc/sys/kernel/hostname
  IFS= read -r boot </proc/sys/kernel/random/boot_id
  echo "host $host"; echo "boot $boot"
  # Memory is counted in pages, of 4, 16 or 64 KiB.
  while read -r name kibibytes _; do
    case $name in KernelPageSize:) echo "page $kibibytes"; break; esac
  done </proc/$$/smaps
  for pid; do
    { IFS= read -r stat </proc/$pid/stat; } 2>/dev/null && echo "stat $stat"
  done
else
  echo "host $(uname -n)"
  echo "boot $(sysctl -n kern.bootsessionuuid 2>/dev/null)"
  for pid; do
    line=$(ps -o state=,rss=,lstart= -p "$pid" 2>/dev/null) && echo "ps $pid $line"
  done
fi
exit 0`;

/** Where the system does not say. */
const USUAL_PAGE_KIBIBYTES = 4;

// The shell turns into the program, which so keeps the shell's number and
// start. The program's output goes to files, as that outlives who began it.
const BEGIN = `
run_log=$1; error_log=$2; shift 2
if [ -r /proc/$$/stat ]; then
  IFS= read -r stat </proc/$$/stat
  IFS= read -r boot </proc/sys/kernel/random/boot_id
  IFS= read -r host </proc/sys/kernel/hostname
else
  stat=$(ps -o lstart= -p $$ | tr -s " ")
  boot=$(sysctl -n kern.bootsessionuuid 2>/dev/null)
  host=$(uname -n)
fi
exec "$@" "$stat" "$boot" "$host" >>"$run_log" 2>>"$error_log"`;

/**
 * A command that begins a program with its output in files, and with three
 * more arguments that tell it who it is, for {@linkcode identityOf}.
 *
 * @param command The program and its arguments.
 * @param logs Files that standard output and standard error are added to.
 */
export function identifiedCommand(
  command: readonly string[],
  logs: { output: string; errors: string },
): string[] {
  return ["sh", "-c", BEGIN, "sh", logs.output, logs.errors, ...command];
}

/**
 * This process, as the last three arguments of {@linkcode identifiedCommand}
 * tell.
 *
 * @param args What the shell found out: the process, the boot and the host.
 */
export function identityOf(args: readonly string[]): ProcessIdentity {
  const [stat = "", boot = "", host = ""] = args;
  const facts = /^\d+ \(/.test(stat) ? readStat(stat) : undefined;
  return {
    pid: Deno.pid,
    start: facts?.[1].start ?? stat.trim(),
    boot,
    host,
  };
}

/** The facts in a line of `/proc/PID/stat`; undefined for a dead process. */
function readStat(
  line: string,
  pageKibibytes = USUAL_PAGE_KIBIBYTES,
): [number, ProcessFacts] | undefined {
  // The program's name, in parentheses, may hold blanks and parentheses.
  const fields = line.slice(line.lastIndexOf(")") + 2).split(" ");
  const [state] = fields;
  if (state === "Z" || state === "X") return undefined;
  return [parseInt(line), {
    start: fields[19],
    residentBytes: Number(fields[21]) * pageKibibytes * 1024,
  }];
}

function readPs(line: string): [number, ProcessFacts] | undefined {
  const [pid, state, kibibytes, ...start] = line.trim().split(/\s+/);
  if (state.startsWith("Z")) return undefined;
  return [Number(pid), {
    start: start.join(" "),
    residentBytes: Number(kibibytes) * 1024,
  }];
}

/**
 * Asks the system about processes. Needs the permission to run `sh`.
 *
 * @param pids Their numbers.
 */
export async function viewSystem(
  pids: readonly number[],
): Promise<SystemView> {
  const { stdout } = await new Deno.Command("sh", {
    args: ["-c", SYSTEM_VIEW, "sh", ...pids.map(String)],
    stdin: "null",
    stderr: "null",
  }).output();
  let host = "";
  let boot = "";
  let page: number | undefined;
  const processes = new Map<number, ProcessFacts>();
  for (const line of new TextDecoder().decode(stdout).split("\n")) {
    const [kind] = line.split(" ", 1);
    const rest = line.slice(kind.length + 1);
    if (kind === "host") host = rest;
    else if (kind === "boot") boot = rest;
    else if (kind === "page") page = Number(rest);
    else if (kind !== "") {
      const found = kind === "stat" ? readStat(rest, page) : readPs(rest);
      if (found !== undefined) processes.set(...found);
    }
  }
  return { host, boot, processes };
}

/**
 * This process. Where `sh` may not be run, only its number is known.
 */
export async function ownIdentity(): Promise<ProcessIdentity> {
  try {
    const view = await viewSystem([Deno.pid]);
    const start = view.processes.get(Deno.pid)?.start ?? "";
    return { pid: Deno.pid, start, boot: view.boot, host: view.host };
  } catch (error) {
    if (
      error instanceof Deno.errors.NotCapable ||
      error instanceof Deno.errors.NotFound
    ) {
      return { pid: Deno.pid, start: "", boot: "", host: "" };
    }
    throw error;
  }
}

/**
 * Whether a process is still there. One of another machine, or of an unknown
 * one, cannot be told; one of an earlier boot is gone, and so is one whose
 * number is free or belongs to a process that began at another time.
 *
 * @param identity The process.
 * @param view What the system said of its number.
 */
export function presenceOf(
  identity: ProcessIdentity,
  view: SystemView,
): Presence {
  const { pid, start, boot, host } = identity;
  if (host === "" || host !== view.host) return "unknown";
  if (boot !== "" && view.boot !== "" && boot !== view.boot) return "gone";
  const facts = view.processes.get(pid);
  if (facts === undefined) return "gone";
  return start === "" || start === facts.start ? "alive" : "gone";
}

/**
 * Ends a process of this machine, unless it is gone: another one that has its
 * number now is left alone.
 *
 * @param identity The process.
 * @returns Whether it was there.
 */
export async function endProcess(identity: ProcessIdentity): Promise<boolean> {
  const view = await viewSystem([identity.pid]);
  if (presenceOf(identity, view) !== "alive") return false;
  // Deno's own way would need the permission to run any program.
  const { success } = await new Deno.Command("sh", {
    args: ["-c", 'kill -9 "$1"', "sh", String(identity.pid)],
    stdin: "null",
    stdout: "null",
    stderr: "null",
  }).output();
  return success;
}
