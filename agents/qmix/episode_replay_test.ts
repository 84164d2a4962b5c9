import { assertEquals, assertLess, assertThrows } from "@std/assert";
import { Random } from "../../core/random.ts";
import {
  createEpisodeBatch,
  createEpisodeReplay,
  type Episode,
  type EpisodeReplayOptions,
} from "./episode_replay.ts";

const COLUMNS = {
  seen: { width: 2, rows: "steps-and-last" },
  done: { width: 1, rows: "steps" },
  memory: { width: 3, rows: "episode" },
} as const;

type Columns = typeof COLUMNS;

function options(
  changes: Partial<EpisodeReplayOptions<Columns>> = {},
): EpisodeReplayOptions<Columns> {
  return { capacity: 4, time: 3, batchSize: 2, columns: COLUMNS, ...changes };
}

/** An episode whose numbers tell which it is; room for three steps. */
function episode(number: number, length: number): Episode<Columns> {
  const fill = (size: number) =>
    Float32Array.from({ length: size }, (_, i) => 100 * number + i);
  return {
    length,
    arrays: { seen: fill(8), done: fill(3), memory: fill(3) },
  };
}

Deno.test("createEpisodeReplay() pads with zeros and marks what is filled", () => {
  const replay = createEpisodeReplay(options());
  replay.add(episode(1, 1));
  replay.add(episode(2, 3));
  const batch = createEpisodeBatch(options());
  for (const array of Object.values(batch.arrays)) array.fill(NaN);
  replay.sample(batch, new Random(1));
  const first = batch.arrays.memory[0] === 100 ? 0 : 1;
  const at = (values: Float32Array, width: number, place: number) =>
    Array.from(
      { length: values.length / width / 2 },
      (
        _,
        t,
      ) => [
        ...values.subarray(
          (2 * t + place) * width,
          (2 * t + place + 1) * width,
        ),
      ],
    )
      .flat();
  const { seen, done, memory } = batch.arrays;
  const short = (values: Float32Array, width: number) =>
    at(values, width, first);
  const long = (values: Float32Array, width: number) =>
    at(values, width, 1 - first);
  assertEquals(short(seen, 2), [100, 101, 102, 103, 0, 0, 0, 0]);
  assertEquals(short(done, 1), [100, 0, 0]);
  assertEquals(short(memory, 3), [100, 101, 102]);
  assertEquals(short(batch.filled, 1), [1, 0, 0]);
  assertEquals(short(batch.ends, 1), [1, 0, 0]);
  assertEquals(long(seen, 2), [200, 201, 202, 203, 204, 205, 206, 207]);
  assertEquals(long(done, 1), [200, 201, 202]);
  assertEquals(long(batch.filled, 1), [1, 1, 1]);
  assertEquals(long(batch.ends, 1), [0, 0, 1]);
});

Deno.test("createEpisodeReplay() copies episodes and forgets the oldest", () => {
  const replay = createEpisodeReplay(options({ batchSize: 4 }));
  const reused = episode(0, 2);
  for (let number = 0; number < 6; number++) {
    reused.arrays.memory.fill(number);
    replay.add(reused);
  }
  assertEquals(replay.size, 4);
  const batch = createEpisodeBatch(options({ batchSize: 4 }));
  replay.sample(batch, new Random(1));
  const numbers = [0, 3, 6, 9].map((place) => batch.arrays.memory[place]);
  assertEquals(numbers.sort(), [2, 3, 4, 5]);
});

Deno.test("createEpisodeReplay() draws every subset alike", () => {
  // 15 pairs of 6 in 15,000 draws: chi-square with 14 degrees of freedom is
  // above 60 with probability 1e-7. Drawing with replacement fails at once;
  // a draw that never takes the last episode gives 7500.
  const settings = options({ capacity: 6 });
  const replay = createEpisodeReplay(settings);
  for (let number = 0; number < 6; number++) replay.add(episode(number, 1));
  const batch = createEpisodeBatch(settings);
  const random = new Random(2);
  const counts = new Map<string, number>();
  for (let i = 0; i < 15_000; i++) {
    replay.sample(batch, random);
    const { memory } = batch.arrays;
    const pair = [memory[0], memory[3]].map((value) => value / 100).sort();
    counts.set(`${pair}`, (counts.get(`${pair}`) ?? 0) + 1);
  }
  assertEquals(counts.size, 15);
  let square = 0;
  for (const count of counts.values()) square += (count - 1000) ** 2 / 1000;
  assertLess(square, 60);
});

Deno.test("createEpisodeReplay() goes on from a saved state", () => {
  const settings = options({ batchSize: 3 });
  const replay = createEpisodeReplay(settings);
  for (const [number, length] of [1, 3, 2, 1, 3].entries()) {
    replay.add(episode(number, length));
  }
  const saved = structuredClone(replay.saveState());
  const other = createEpisodeReplay(settings);
  other.add(episode(9, 2));
  other.loadState(saved);
  assertEquals(other.saveState(), saved);
  for (const memory of [replay, other]) memory.add(episode(7, 2));
  assertEquals(other.saveState(), replay.saveState());
  const drawn = [replay, other].map((memory) => {
    const batch = createEpisodeBatch(settings);
    memory.sample(batch, new Random(3));
    return batch;
  });
  assertEquals(drawn[0], drawn[1]);
  assertThrows(
    () => createEpisodeReplay(options({ capacity: 5 })).loadState(saved),
    TypeError,
    "a memory of 4 episodes of up to 3 steps, expected 5 of 3",
  );
});

Deno.test("createEpisodeReplay() throws for what does not fit", () => {
  const replay = createEpisodeReplay(options());
  assertThrows(() => replay.add(episode(1, 4)), RangeError, "4 steps");
  assertThrows(() => replay.add(episode(1, 0)), RangeError, "expected 1 to 3");
  replay.add(episode(1, 3));
  assertThrows(
    () => replay.sample(createEpisodeBatch(options()), new Random(1)),
    RangeError,
    "Cannot draw 2 episodes of 1",
  );
  for (const bad of [{ capacity: 0 }, { time: 1.5 }, { batchSize: -1 }]) {
    assertThrows(() => createEpisodeReplay(options(bad)), RangeError);
  }
});
