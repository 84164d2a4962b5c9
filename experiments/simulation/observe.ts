/**
 * How runs really stand: what was written, held against the processes that are
 * there.
 *
 * @module
 */
import {
  presenceOf,
  type ProcessIdentity,
  type SystemView,
  viewSystem,
} from "./process_identity.ts";
import type { RunPlace } from "./run_tree.ts";
import type { LauncherJob, RunState, RunStatus } from "./run_status.ts";
import { heartbeatAge, OLD_HEARTBEAT_MS } from "./supervisor.ts";

export type { RunPlace } from "./run_tree.ts";
export type { RunState } from "./run_status.ts";

/** A run, and how it stands. */
export interface ObservedRun extends RunPlace {
  /** How it stands. */
  readonly state: RunState;
  /** What else is known, for people. */
  readonly note: string | undefined;
  /** Whether nobody here can find out how it stands: `running` is a guess. */
  readonly isUnreachable: boolean;
}

/** Asks a cluster which of its jobs are gone for good. */
export type JobsGone = (
  jobs: readonly LauncherJob[],
) => Promise<ReadonlySet<string>>;

/** Options of {@linkcode observeRuns}. */
export interface ObserveOptions {
  /** Asks the cluster. Default: jobs are never known to be gone. */
  jobsGone?: JobsGone;
}

interface Surroundings {
  readonly root: string;
  readonly view: SystemView;
  readonly jobsGone: ReadonlySet<string>;
}

type Judgement = Pick<ObservedRun, "state" | "note"> & {
  readonly isUnreachable?: boolean;
};

function age(milliseconds: number): string {
  if (!Number.isFinite(milliseconds)) return "no heartbeat";
  return `last heartbeat ${Math.round(milliseconds / 1000)} s ago`;
}

/**
 * Lost is a run only where its heartbeat is old and its process is provably
 * gone: either seen so on this machine, or told so by the cluster.
 */
function judgeRunning(status: RunStatus, around: Surroundings): Judgement {
  const { supervisor, job } = status;
  const computing: ProcessIdentity | undefined = status.process ?? supervisor;
  const beat = supervisor === undefined
    ? Infinity
    : heartbeatAge(around.root, supervisor.id);
  // A process that has put its heartbeat away may live on for other reasons.
  const attended = beat < OLD_HEARTBEAT_MS ||
    (Number.isFinite(beat) && supervisor !== undefined &&
      presenceOf(supervisor, around.view) === "alive");
  const jobIsGone = job !== undefined && around.jobsGone.has(job.id);
  const presence = computing === undefined
    ? "gone"
    : presenceOf(computing, around.view);
  if (presence === "alive") {
    const note = attended || supervisor === undefined
      ? undefined
      : `goes on though who looked after it is gone (${age(beat)})`;
    return { state: "running", note };
  }
  if (attended) return { state: "running", note: undefined };
  if (presence === "gone" || jobIsGone) {
    return {
      state: "lost",
      note: jobIsGone
        ? `job ${job!.id} is gone`
        : `its process ${computing?.pid ?? ""} is gone`,
    };
  }
  return {
    state: "running",
    isUnreachable: true,
    note: `cannot be asked from here, runs on ${
      JSON.stringify(computing?.host ?? "")
    } (${age(beat)})`,
  };
}

function judge(place: RunPlace, around: Surroundings): Judgement {
  const { status, damage } = place;
  if (damage !== undefined) return { state: "error", note: damage };
  if (status === undefined) return { state: "in_queue", note: undefined };
  if (status.state !== "running") {
    return { state: status.state, note: status.message };
  }
  return judgeRunning(status, around);
}

/**
 * How runs stand now.
 *
 * @param root The tree.
 * @param places Its runs, from `listRuns`.
 * @param options How a cluster is asked.
 */
export async function observeRuns(
  root: string,
  places: readonly RunPlace[],
  options: ObserveOptions = {},
): Promise<ObservedRun[]> {
  const running = places.flatMap(({ status }) =>
    status?.state === "running" ? [status] : []
  );
  const pids = running.flatMap(({ process, supervisor }) =>
    [process?.pid, supervisor?.pid].filter((pid) => pid !== undefined)
  );
  const jobs = running.flatMap(({ job }) => job === undefined ? [] : [job]);
  const around: Surroundings = {
    root,
    view: running.length > 0
      ? await viewSystem([...new Set(pids)])
      : { host: "", boot: "", processes: new Map() },
    jobsGone: jobs.length > 0 && options.jobsGone
      ? await options.jobsGone(jobs)
      : new Set(),
  };
  return places.map((place) => ({
    ...place,
    isUnreachable: false,
    ...judge(place, around),
  }));
}
