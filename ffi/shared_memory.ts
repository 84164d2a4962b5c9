/**
 * Memory that a data plane and a control plane share: statistics of servers
 * go one way, weights the other, without a lock and never half a message.
 *
 * ```ts
 * import { SharedMemoryRegion } from "./shared_memory.ts";
 *
 * using control = SharedMemoryRegion.create("loadstar_example");
 * using dataPlane = SharedMemoryRegion.open("loadstar_example");
 * dataPlane.writeMsgOut(new Float32Array(2 * 11).fill(0.5));
 * const { status, message } = control.readMsgOut();
 * console.assert(status === "fresh" && message?.servers === 2);
 * control.writeMsgIn([1, 3]);
 * console.assert(dataPlane.readMsgIn().message?.weights[1] === 3);
 * control.unlink();
 * ```
 *
 * The other side may be a program in C: `docs/shared_memory.md`.
 *
 * @module
 */
import { type NativeLibrary, requireLibrary, unwrap } from "./library.ts";
import {
  type Inbox,
  type MsgIn,
  msgInInbox,
  type MsgOut,
  msgOutInbox,
  type Reading,
  STATISTICS_PER_SERVER,
} from "./shared_memory_messages.ts";
import {
  checkActiveServers,
  checkStatistics,
  checkWeights,
  explainStatistics,
  explainWeights,
} from "./_shared_memory_checks.ts";
import {
  describeRegion,
  type RegionStatus,
  STATUS_NUMBERS,
} from "./shared_memory_status.ts";

export type { MsgIn, MsgOut, Reading } from "./shared_memory_messages.ts";
export type { RegionStatus } from "./shared_memory_status.ts";

/** Options of {@linkcode SharedMemoryRegion.writeMsgOut}. */
export interface MsgOutOptions {
  /** Bit i for server i. Default: all servers that there are rows of. */
  activeServers?: bigint;
}

/** How long to wait for a message. */
export interface WaitOptions {
  /** The most seconds to wait. Default `1`. */
  timeoutSeconds?: number;
  /** Seconds between two looks. Default `0.001`. */
  pollSeconds?: number;
}

/** What the native library found under a name. */
function describeFound([bytes, layoutVersion, ownerPid]: Float64Array): string {
  const parts = [
    bytes > 0 ? `${bytes} bytes` : "",
    layoutVersion > 0 ? `layout ${layoutVersion}` : "",
    ownerPid > 0 ? `owner is process ${ownerPid}` : "",
  ].filter((part) => part !== "");
  return parts.length === 0 ? "" : ` (${parts.join(", ")})`;
}

/** Calls a native function with a region's name. */
function callByName(
  name: string,
  action: string,
  call: (
    library: NativeLibrary,
    name: Uint8Array<ArrayBuffer>,
    details: Float64Array<ArrayBuffer>,
  ) => number,
): number {
  if (typeof name !== "string") {
    throw new TypeError(
      `Cannot ${action} shared memory ${name}, expected a name`,
    );
  }
  const library = requireLibrary("share memory");
  const details = new Float64Array(3);
  const result = call(library, new TextEncoder().encode(name), details);
  if (result >= 0) return result;
  const found = describeFound(details);
  return unwrap(
    result,
    `${action} shared memory ${JSON.stringify(name)}${found} in /dev/shm`,
  );
}

interface OpenHandle {
  readonly library: NativeLibrary;
  readonly handle: number;
}

/** Closes what was forgotten; the locks go with the process at the latest. */
const forgotten = new FinalizationRegistry<OpenHandle>(
  ({ library, handle }) => void library.sharedMemoryClose(handle),
);

/** Not a handle: those begin at 256. */
const CLOSED = 0;

/**
 * A region of shared memory, open here. Each direction has one writer, who
 * becomes it by the first write and ends to be by closing; readers there may
 * be any number. Nothing here waits, but for the two functions whose name says
 * so.
 */
export class SharedMemoryRegion implements Disposable {
  /** The region's name. */
  readonly name: string;
  readonly #library: NativeLibrary;
  readonly #msgOut: Inbox<MsgOut> = msgOutInbox();
  readonly #msgIn: Inbox<MsgIn> = msgInInbox();
  #handle: number;

  private constructor(name: string, handle: number) {
    this.name = name;
    this.#library = requireLibrary("share memory");
    this.#handle = handle;
    forgotten.register(this, { library: this.#library, handle }, this);
  }

  /**
   * Makes a region and owns it until it is closed. One whose owner has died is
   * taken over: it gets a new epoch, and others that have it open go on with
   * it.
   *
   * @param name 1 to 250 letters, digits, dots, hyphens or underscores. Throws
   * `RangeError` for another name, `Error` for one whose owner lives, for
   * something else under this name, for no space, and without the library;
   * `Deno.errors.PermissionDenied` where another user has the name.
   */
  static create(name: string): SharedMemoryRegion {
    const handle = callByName(
      name,
      "create",
      (library, bytes, details) => library.sharedMemoryCreate(bytes, details),
    );
    return new SharedMemoryRegion(name, handle);
  }

  /**
   * Opens a region that another process made, or this one.
   *
   * @param name The region's name. Throws `Deno.errors.NotFound` where there
   * is none, `Error` for something else under this name, whether by size,
   * magic or version of the layout, `Deno.errors.PermissionDenied` for one of
   * another user, and as {@linkcode SharedMemoryRegion.create} does.
   */
  static open(name: string): SharedMemoryRegion {
    const handle = callByName(
      name,
      "open",
      (library, bytes, details) => library.sharedMemoryOpen(bytes, details),
    );
    return new SharedMemoryRegion(name, handle);
  }

  /**
   * Takes a name away: of a region whose owner is dead or has closed it, or of
   * what else is there. Who has it open keeps it.
   *
   * @param name The region's name. Throws `Error` where the owner lives,
   * `Deno.errors.NotFound` where there is nothing.
   */
  static unlink(name: string): void {
    callByName(
      name,
      "unlink",
      (library, bytes, details) => library.sharedMemoryUnlink(bytes, details),
    );
  }

  /** Whether {@linkcode SharedMemoryRegion.close} was called. */
  get isClosed(): boolean {
    return this.#handle === CLOSED;
  }

  /** Looks for what the data plane says; allocates the message it returns. */
  readMsgOut(): Reading<MsgOut> {
    const result = this.#library.sharedMemoryReadMsgOut(
      this.#handle,
      this.#msgOut.words,
      this.#msgOut.offset,
    );
    if (result < 0) this.#fail(result, "read msg_out of");
    return this.#msgOut.receive(result);
  }

  /** Looks for what the control plane wants; allocates what it returns. */
  readMsgIn(): Reading<MsgIn> {
    const result = this.#library.sharedMemoryReadMsgIn(
      this.#handle,
      this.#msgIn.words,
      this.#msgIn.offset,
    );
    if (result < 0) this.#fail(result, "read msg_in of");
    return this.#msgIn.receive(result);
  }

  /**
   * Says how the servers are, as the data plane does.
   *
   * @param statistics `[servers, 11]`, row by row, finite numbers.
   * @param options Which servers are active. Throws `TypeError` for another
   * length, `RangeError` for numbers that are not finite and bits beyond the
   * servers, `Error` where another process writes this direction.
   */
  writeMsgOut(
    statistics: Float32Array<ArrayBuffer>,
    options: MsgOutOptions = {},
  ): void {
    checkStatistics(statistics);
    const servers = statistics.length / STATISTICS_PER_SERVER;
    let low = servers < 32 ? 2 ** servers - 1 : 0xffff_ffff;
    let high = servers > 32 ? 2 ** (servers - 32) - 1 : 0;
    const { activeServers } = options;
    if (activeServers !== undefined) {
      checkActiveServers(activeServers, servers);
      low = Number(activeServers & 0xffff_ffffn);
      high = Number(activeServers >> 32n);
    }
    const result = this.#library.sharedMemoryWriteMsgOut(
      this.#handle,
      statistics,
      low,
      high,
    );
    if (result < 0) {
      explainStatistics(statistics);
      this.#fail(result, "write msg_out of");
    }
  }

  /**
   * Says by which weights new flows are to be given to servers, as the control
   * plane does; the table that draws by them is built on the way.
   *
   * @param weights `[servers]`, 0 or above, at least one above; as they are
   * when rounded to 32 bits. Throws `TypeError` for more than 64 or none,
   * `RangeError` for other numbers, `Error` where another process writes this
   * direction.
   */
  writeMsgIn(weights: ArrayLike<number>): void {
    const values = checkWeights(weights);
    const result = this.#library.sharedMemoryWriteMsgIn(this.#handle, values);
    if (result < 0) {
      explainWeights(values);
      this.#fail(result, "write msg_in of");
    }
  }

  /**
   * Waits for a message of the data plane.
   *
   * @param options How long. The reading is `stale` where none came.
   */
  waitForMsgOut(options?: WaitOptions): Promise<Reading<MsgOut>> {
    return waitFor(() => this.readMsgOut(), options);
  }

  /**
   * Waits for a message of the control plane.
   *
   * @param options How long. The reading is `stale` where none came.
   */
  waitForMsgIn(options?: WaitOptions): Promise<Reading<MsgIn>> {
    return waitFor(() => this.readMsgIn(), options);
  }

  /**
   * Gives a sign of life for all that is owned or written here. Writing a
   * message does so for its direction.
   */
  beat(): void {
    const result = this.#library.sharedMemoryBeat(this.#handle);
    if (result < 0) this.#fail(result, "give a sign of life in");
  }

  /** Who owns and writes the region, and how long ago they were heard of. */
  status(): RegionStatus {
    const numbers = new Float64Array(STATUS_NUMBERS);
    const result = this.#library.sharedMemoryStatus(this.#handle, numbers);
    if (result < 0) this.#fail(result, "look at");
    return describeRegion(numbers);
  }

  /**
   * Takes the region's name away: the memory goes when the last process has
   * closed it. Throws `Error` where another process owns it.
   */
  unlink(): void {
    const result = this.#library.sharedMemoryUnlinkOpen(this.#handle);
    if (result < 0) this.#fail(result, "unlink");
  }

  /**
   * Ends the use of the region, and with it all that is owned or written here.
   * The name and the messages stay. A second call does nothing.
   */
  close(): void {
    const handle = this.#handle;
    if (handle === CLOSED) return;
    this.#handle = CLOSED;
    forgotten.unregister(this);
    unwrap(
      this.#library.sharedMemoryClose(handle),
      `close shared memory ${JSON.stringify(this.name)}`,
    );
  }

  /** Closes the region. */
  [Symbol.dispose](): void {
    this.close();
  }

  #fail(result: number, action: string): never {
    unwrap(result, `${action} shared memory ${JSON.stringify(this.name)}`);
    throw new Error("unreachable");
  }
}

async function waitFor<Message>(
  read: () => Reading<Message>,
  options: WaitOptions = {},
): Promise<Reading<Message>> {
  const { timeoutSeconds = 1, pollSeconds = 0.001 } = options;
  for (const seconds of [timeoutSeconds, pollSeconds]) {
    if (!(seconds >= 0 && Number.isFinite(seconds))) {
      throw new RangeError(
        `Cannot wait ${seconds} seconds, expected a finite number of 0 or more`,
      );
    }
  }
  const end = performance.now() + 1000 * timeoutSeconds;
  for (;;) {
    const reading = read();
    if (reading.status === "fresh" || reading.status === "restarted") {
      return reading;
    }
    const left = end - performance.now();
    if (left <= 0) return reading;
    const pause = Math.min(1000 * pollSeconds, left);
    await new Promise((resolve) => setTimeout(resolve, pause));
  }
}
