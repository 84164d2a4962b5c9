/**
 * Who owns and writes a region of shared memory.
 *
 * @module
 */

/** A process that owns a region or writes one of its directions. */
export interface Party {
  /**
   * Whether it has its lock: the kernel takes it when the process ends,
   * however that happens.
   */
  readonly isAlive: boolean;
  /** Its number, 0 where there never was one. */
  readonly pid: number;
  /**
   * Nanoseconds since it wrote or gave a sign of life, `undefined` where it
   * never did: a process may be alive and stuck.
   */
  readonly silentNs: number | undefined;
}

/** What is known of a region. */
export interface RegionStatus {
  /** One more each time an owner takes the region. */
  readonly epoch: number;
  /** Whether the owner is here. */
  readonly isOwner: boolean;
  /** Whether the region has lost its name, so that nobody can open it anew. */
  readonly isUnlinked: boolean;
  /** Who owns it. */
  readonly owner: Party;
  /** Who writes msg_out. */
  readonly msgOutWriter: Party;
  /** Who writes msg_in. */
  readonly msgInWriter: Party;
}

/** How many numbers the native library tells. */
export const STATUS_NUMBERS = 12;

/**
 * Names what the native library tells.
 *
 * @param numbers `[12]`, in the order of the native function.
 */
export function describeRegion(numbers: Float64Array): RegionStatus {
  const [epoch, owned, own, msgOutWritten, msgInWritten, unlinked] = numbers;
  const party = (alive: number, index: number): Party => ({
    isAlive: alive === 1,
    pid: numbers[6 + index],
    silentNs: numbers[9 + index] < 0 ? undefined : numbers[9 + index],
  });
  return {
    epoch,
    isOwner: own === 1,
    isUnlinked: unlinked === 1,
    owner: party(owned, 0),
    msgOutWriter: party(msgOutWritten, 1),
    msgInWriter: party(msgInWritten, 2),
  };
}
