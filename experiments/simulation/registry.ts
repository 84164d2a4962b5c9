/**
 * The classes and functions that simulations may name, each imported when it is
 * wanted, so that a process of a run loads nothing else.
 *
 * @module
 */
import { nearestName } from "../../core/nearest_name.ts";

type Load = () => Promise<unknown>;

const PARTS: Readonly<Record<string, Load>> = {
  CircularArena: async () =>
    (await import("../../envs/arena/rooms.ts")).CircularArena,
  ConnectedRooms: async () =>
    (await import("../../envs/arena/rooms.ts")).ConnectedRooms,
  ForagingArena: async () =>
    (await import("../../envs/arena/foraging_arena.ts")).ForagingArena,
  MergingRoom: async () =>
    (await import("../../envs/arena/merging_room.ts")).MergingRoom,
  RecordedArena: async () =>
    (await import("../../envs/arena/recorded_arena.ts")).RecordedArena,
  Simple2D: async () =>
    (await import("../../envs/arena/simple_2d.ts")).Simple2D,
  Wernle2018: async () =>
    (await import("../../envs/arena/merging_room.ts")).Wernle2018,
  Stachenfeld2018: async () =>
    (await import("../../agents/stachenfeld_2018/stachenfeld_2018.ts"))
      .Stachenfeld2018,
  Weber2018: async () =>
    (await import("../../agents/weber_2018/weber_2018.ts")).Weber2018,
  defaultTrainingLoop: async () =>
    (await import("./training_loops.ts")).defaultTrainingLoop,
  episodeBasedTrainingLoop: async () =>
    (await import("./training_loops.ts")).episodeBasedTrainingLoop,
};

/** The names of all classes and functions that simulations may name. */
export const PART_NAMES: readonly string[] = Object.keys(PARTS);

function comparable(name: string): string {
  return name.replaceAll("_", "").toLowerCase();
}

/**
 * The registered spelling of a name: `episode_based_training_loop` is
 * `episodeBasedTrainingLoop`.
 *
 * @param name Throws `RangeError` for one that is not registered.
 */
export function registeredName(name: string): string {
  const found = PART_NAMES.find((each) =>
    comparable(each) === comparable(name)
  );
  if (found !== undefined) return found;
  const nearest = nearestName(name, PART_NAMES);
  throw new RangeError(
    `Cannot find ${JSON.stringify(name)}: expected ${
      nearest === undefined ? "" : `perhaps ${nearest}, `
    }one of ${
      PART_NAMES.join(", ")
    }, or { module, export } of a file of your own`,
  );
}

/**
 * The class or function of a name.
 *
 * @param name Throws `RangeError` for one that is not registered.
 */
export async function registeredPart(name: string): Promise<unknown> {
  return await PARTS[registeredName(name)]();
}

/**
 * The name under which a class or function is registered: the very same one,
 * not another of its name.
 *
 * @param value A class or function.
 */
export async function nameOfPart(value: unknown): Promise<string | undefined> {
  if (typeof value !== "function" || !Object.hasOwn(PARTS, value.name)) {
    return undefined;
  }
  return await PARTS[value.name]() === value ? value.name : undefined;
}
