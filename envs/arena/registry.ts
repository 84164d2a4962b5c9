/**
 * Arenas by name.
 *
 * @module
 */
import type { JsonRecord } from "../../core/state_json.ts";
import type { Arena } from "./arena.ts";
import { ForagingArena } from "./foraging_arena.ts";
import { MergingRoom, Wernle2018 } from "./merging_room.ts";
import { RecordedArena } from "./recorded_arena.ts";
import { CircularArena, ConnectedRooms } from "./rooms.ts";
import { Simple2D } from "./simple_2d.ts";

export type { Arena };

/** The classes of arenas, by the names of their classes. */
export const ARENAS: Readonly<
  Record<string, new (parameters: JsonRecord) => Arena>
> = {
  CircularArena,
  ConnectedRooms,
  ForagingArena,
  MergingRoom,
  RecordedArena,
  Simple2D,
  Wernle2018,
};

const VERSION = "-v1";

/** The names that {@linkcode makeArena} knows, such as `Simple2D-v1`. */
export const ARENA_IDS: readonly string[] = Object.keys(ARENAS)
  .map((name) => `${name}${VERSION}`);

/**
 * An arena by its name.
 *
 * @param id Name and version. Throws `RangeError` for one that is not in
 * {@linkcode ARENA_IDS}.
 * @param parameters As the class takes them.
 */
export function makeArena(id: string, parameters: JsonRecord): Arena {
  if (!ARENA_IDS.includes(id)) {
    throw new RangeError(
      `Cannot make the arena "${id}": expected one of ${ARENA_IDS.join(", ")}`,
    );
  }
  return new ARENAS[id.slice(0, -VERSION.length)](parameters);
}
