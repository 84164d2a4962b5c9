/**
 * A simulated data plane behind shared memory: it runs against the clock on
 * the wall, says how its servers are, and takes weights.
 *
 * @module
 */
import { SharedMemoryRegion } from "../../ffi/shared_memory.ts";
import type { MsgIn, Reading } from "../../ffi/shared_memory_messages.ts";
import type {
  DataPlane,
  DataPlaneView,
  RecentFlows,
} from "../../envs/load_balancing/data_plane.ts";

export type { DataPlane, DataPlaneView, RecentFlows };

/** Options of {@linkcode createDataPlaneSide}. */
export interface DataPlaneSideOptions {
  /** The simulated system. */
  plane: DataPlane;
  /** Names of its regions, one for each view. */
  names: readonly string[];
  /** Simulated seconds between two messages. Default 0.25. */
  intervalSeconds?: number;
  /** Simulated seconds a second. Default 1. */
  speed?: number;
  /**
   * Seconds of a controller's silence after which balancers go by the servers'
   * capacities again. Default 2.
   */
  controlTimeoutSeconds?: number;
  /** Is told what happens. */
  note?: (text: string) => void;
  /** The time in milliseconds. Default `performance.now`. */
  now?: () => number;
}

/** What has happened. */
export interface DataPlaneSummary {
  /** Simulated time, in seconds. */
  readonly time: number;
  /** Messages that were written to each region. */
  readonly messages: number;
  /** Messages that came from controllers, of all regions. */
  readonly weightsTaken: number;
  /** Seconds that the clock stood still as the process was stopped or late. */
  readonly lostSeconds: number;
  /** Regions that a controller steers now. */
  readonly steered: number;
  /** Flows of the last interval. */
  readonly recent: RecentFlows;
}

/** The data plane's side of the regions. */
export interface DataPlaneSide {
  /**
   * Lets the simulation catch up with the clock, and tells and takes news.
   *
   * @returns Whether messages were written.
   */
  step(): boolean;
  /** Time between two steps, in milliseconds. */
  readonly pauseMs: number;
  /** What has happened so far. */
  summary(): DataPlaneSummary;
  /** Closes the regions and takes their names away. */
  close(): void;
}

/** Weights are looked for so many times an interval, at least. */
const LOOKS = 10;
const LONGEST_PAUSE_MS = 10;
/** A clock that is later than this was stopped, and stands still for as long. */
const LATE_MS = 1000;
const CHECK_MS = 100;

/** One region. */
interface Side {
  readonly name: string;
  readonly view: DataPlaneView;
  region: SharedMemoryRegion | undefined;
  /** Process that steers; 0 for none. */
  pid: number;
  /** What was said last of what cannot be used. */
  told: string;
}

/**
 * The data plane's side. Makes the regions. Throws `Error` where another lives
 * under one of the names, or something else lies there.
 *
 * @param options System and names.
 */
export function createDataPlaneSide(
  options: DataPlaneSideOptions,
): DataPlaneSide {
  const { plane, names, intervalSeconds = 0.25, speed = 1 } = options;
  const { controlTimeoutSeconds = 2, note = () => {} } = options;
  const now = options.now ?? (() => performance.now());
  const pauseMs = Math.min(
    LONGEST_PAUSE_MS,
    1000 * intervalSeconds / speed / LOOKS,
  );
  const sides: Side[] = [];
  try {
    plane.views.forEach((view, i) =>
      sides.push({
        name: names[i],
        view,
        region: SharedMemoryRegion.create(names[i]),
        pid: 0,
        told: "",
      })
    );
  } catch (error) {
    close();
    throw error;
  }
  let begunAt = now();
  let lostMs = 0;
  let publishAt = plane.time;
  let checkAt = -Infinity;
  let [messages, weightsTaken] = [0, 0];
  let recent = plane.look();
  const of = ({ name }: Side) => sides.length > 1 ? ` of ${name}` : "";
  const the = (side: Side) =>
    sides.length > 1 ? ` the balancer${of(side)}` : "";

  function close(): void {
    for (const { region } of sides) {
      if (region?.status().isUnlinked === false) region.unlink();
      region?.close();
    }
  }

  /** A region that cannot be written any more, or lost its name, is made anew. */
  function remake(side: Side, why: string): void {
    side.region?.close();
    side.region = undefined;
    try {
      side.region = SharedMemoryRegion.create(side.name);
      note(`Made shared memory "${side.name}" anew, as ${why}`);
    } catch (error) {
      tellOnce(side, (error as Error).message);
    }
  }

  function tellOnce(side: Side, text: string): void {
    if (side.told !== text) note(side.told = text);
  }

  function toOwnWeights(side: Side, why: string): void {
    side.pid = 0;
    side.view.setWeights(side.view.capacities);
    note(`${why}: balancers${of(side)} go by the servers' capacities`);
  }

  function lookForWeights(side: Side, region: SharedMemoryRegion): void {
    try {
      takeWeights(side, region.readMsgIn());
    } catch (error) {
      // What no writer writes; the next message may be whole.
      const why = (error as Error).message;
      if (side.pid !== 0) toOwnWeights(side, why);
      else tellOnce(side, why);
    }
  }

  function takeWeights(side: Side, { status, message }: Reading<MsgIn>): void {
    if (message === undefined) return;
    if (status !== "fresh" && status !== "restarted") return;
    weightsTaken++;
    const { view } = side;
    if (message.servers !== view.servers.length) {
      return tellOnce(
        side,
        `Weights of ${message.servers} servers${
          of(side)
        } are left, expected ${view.servers.length}`,
      );
    }
    if (side.pid === 0) {
      side.pid = side.region!.status().msgInWriter.pid;
      note(`Controller (process ${side.pid}) steers${the(side)}`);
    }
    view.setWeights(message.weights);
  }

  function check(side: Side, region: SharedMemoryRegion): void {
    const { isUnlinked, msgInWriter } = region.status();
    if (isUnlinked) return remake(side, "its name was taken away");
    region.beat();
    if (side.pid === 0) return;
    const silentMs = (msgInWriter.silentNs ?? 0) / 1e6;
    if (!msgInWriter.isAlive) {
      toOwnWeights(side, `Controller (process ${side.pid}) has ended`);
    } else if (msgInWriter.pid !== side.pid) {
      side.pid = msgInWriter.pid;
      note(`Controller (process ${side.pid}) has taken over${the(side)}`);
    } else if (silentMs > 1000 * controlTimeoutSeconds) {
      toOwnWeights(
        side,
        `Controller (process ${side.pid}) has been silent for ${
          (silentMs / 1000).toFixed(1)
        } s`,
      );
    }
  }

  function publish(): void {
    recent = plane.look();
    messages++;
    for (const { region, view } of sides) {
      region?.writeMsgOut(view.statistics, {
        activeServers: view.activeServers(),
      });
    }
  }

  /** Time by the clock; pauses of the whole process are none of the plane's. */
  function clockSeconds(): number {
    const time = (now() - begunAt) / 1000 * speed;
    const lateMs = (time - plane.time) / speed * 1000;
    if (lateMs <= LATE_MS) return time;
    begunAt += lateMs;
    lostMs += lateMs;
    return plane.time;
  }

  return {
    step() {
      const time = clockSeconds();
      const before = messages;
      while (publishAt <= time) {
        plane.advanceTo(publishAt);
        publish();
        publishAt += intervalSeconds;
      }
      plane.advanceTo(time);
      const isDue = now() >= checkAt;
      if (isDue) checkAt = now() + CHECK_MS;
      for (const side of sides) {
        if (side.region) lookForWeights(side, side.region);
        if (!isDue) continue;
        if (side.region) check(side, side.region);
        else remake(side, "it could not be before");
      }
      return messages > before;
    },
    pauseMs,
    summary: () => ({
      time: plane.time,
      messages,
      weightsTaken,
      lostSeconds: lostMs / 1000,
      steered: sides.filter(({ pid }) => pid !== 0).length,
      recent,
    }),
    close,
  };
}
