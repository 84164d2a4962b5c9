import { assert, assertEquals, assertThrows } from "@std/assert";
import type { ConsoleStream } from "./console_stream.ts";
import { createProgress, type ProgressOptions } from "./progress.ts";

interface Setting {
  writes: string[];
  /** Milliseconds; tests move it on. */
  time: number;
  width: number;
  options: ProgressOptions;
}

function setUp(
  stream: Partial<ConsoleStream>,
  options: Partial<ProgressOptions> = {},
): Setting {
  const setting: Setting = {
    writes: [],
    time: 5_000,
    width: 100,
    options: {
      total: 1000,
      label: "Training",
      now: () => setting.time,
      stream: {
        isTerminal: false,
        color: false,
        columns: () => setting.width,
        write(text) {
          setting.writes.push(text);
          return true;
        },
        ...stream,
      },
      ...options,
    },
  };
  return setting;
}

Deno.test("createProgress() draws rate, time left and score on a terminal", () => {
  const setting = setUp({ isTerminal: true });
  const progress = createProgress(setting.options);
  progress.update(0);
  setting.time += 1_000;
  progress.update(250, { score: -1.23456 });
  setting.time += 1_000;
  progress.update(500);
  progress.finish();
  assertEquals(setting.writes, [
    "\rTraining   0% [                    ]  0/1000 steps\x1b[K",
    "\rTraining  25% [=====               ]  250/1000 steps  250 steps/s  0:03 left  score -1.235\x1b[K",
    "\rTraining  50% [==========          ]  500/1000 steps  250 steps/s  0:02 left  score -1.235\x1b[K",
    "\rTraining  50% [==========          ]  500/1000 steps  250 steps/s  in 0:02  score -1.235\x1b[K",
    "\n",
  ]);
});

Deno.test("createProgress() draws at most ten times a second", () => {
  const setting = setUp({ isTerminal: true });
  const progress = createProgress(setting.options);
  for (let i = 0; i <= 1000; i++) {
    progress.update(i);
    setting.time += 1;
  }
  assertEquals(setting.writes.length, 11);
});

Deno.test("createProgress() fits every width in one line", () => {
  for (let width = 1; width <= 200; width++) {
    const setting = setUp({ isTerminal: true }, {
      total: 1_000_000,
      label: "Training a network",
    });
    setting.width = width;
    const progress = createProgress(setting.options);
    setting.time += 60_000;
    progress.update(123_456, { score: -98.7654 });
    const line = setting.writes[0].slice(1, -"\x1b[K".length);
    assert(line.length < width, `${line.length} of ${width}`);
    assert(!/[\r\n]/.test(line));
    if (width >= 65) assert(line.includes("score -98.77"), line);
    if (width >= 76) assert(line.includes("["), line);
  }
});

Deno.test("createProgress() uses colour only where it is welcome", () => {
  for (const color of [true, false]) {
    const setting = setUp({ isTerminal: true, color });
    createProgress(setting.options).update(500);
    assertEquals(setting.writes[0].includes("\x1b[36m"), color);
  }
});

Deno.test("createProgress() forgets an old speed", () => {
  const setting = setUp({ isTerminal: true }, { total: 1e6 });
  const progress = createProgress(setting.options);
  setting.time += 1_000;
  progress.update(100_000);
  for (let second = 1; second <= 60; second++) {
    setting.time += 1_000;
    progress.update(100_000 + 10 * second);
  }
  const rate = Number(/([\d.]+) steps\/s/.exec(setting.writes.at(-1)!)?.[1]);
  // The mean over all would be 1650; after 60 s a memory of 10 s keeps
  // exp(-6) of the first second's 100000 steps: 10 + 248 / 10.
  assert(rate > 30 && rate < 40, String(rate));
});

Deno.test("createProgress() does not count what was done before", () => {
  const setting = setUp({ isTerminal: true }, { start: 900 });
  const progress = createProgress(setting.options);
  setting.time += 1_000;
  progress.update(910);
  assert(setting.writes[0].includes("10.0 steps/s  0:09 left"));
});

Deno.test("createProgress() writes messages above the bar", () => {
  const setting = setUp({ isTerminal: true });
  const progress = createProgress(setting.options);
  progress.message("before");
  progress.update(500);
  progress.message("between");
  progress.finish();
  progress.message("after");
  const bar = "\rTraining  50% [==========          ]  500/1000 steps";
  assertEquals(setting.writes, [
    "before\n",
    `${bar}\x1b[K`,
    "\r\x1b[Kbetween\n",
    `${bar}\x1b[K`,
    `${bar}  in 0:00\x1b[K`,
    "\n",
    "after\n",
  ]);
});

Deno.test("createProgress() writes a line every 10 % elsewhere", () => {
  const setting = setUp({}, { unit: "episodes", scoreName: "reward" });
  const progress = createProgress(setting.options);
  for (let i = 1; i <= 1000; i++) {
    setting.time += 16;
    progress.update(i, { score: i });
  }
  progress.finish();
  assertEquals(setting.writes.length, 10);
  assertEquals(
    setting.writes[0],
    "Training: 10% (100 of 1000 episodes), 62.5 episodes/s, 0:14 left, reward 100\n",
  );
  // The last 10 % were reported already: nothing is said twice.
  assertEquals(
    setting.writes.at(-1),
    "Training: 100% (1000 of 1000 episodes), 62.5 episodes/s, reward 1000\n",
  );
});

Deno.test("createProgress() writes few lines for short and for long work", () => {
  const cases: [string, number, number, number][] = [
    ["a tenth of a second", 0.1, 1, 1],
    ["3 seconds", 3, 2, 4],
    ["a minute", 60, 10, 16],
    ["10 hours", 36_000, 20, 120],
  ];
  for (const [name, seconds, fewest, most] of cases) {
    const setting = setUp({});
    const progress = createProgress(setting.options);
    for (let i = 1; i <= 1000; i++) {
      setting.time += seconds;
      progress.update(i);
    }
    progress.finish();
    const { length } = setting.writes;
    assert(length >= fewest && length <= most, `${name}: ${length} lines`);
  }
});

Deno.test("createProgress() says something every 10 s of slow work", () => {
  const setting = setUp({}, { total: 1e9 });
  const progress = createProgress(setting.options);
  for (let second = 1; second <= 60; second++) {
    setting.time += 1_000;
    progress.update(second);
  }
  assertEquals(setting.writes.length, 6);
});

Deno.test("createProgress() writes nothing when quiet", () => {
  for (const isTerminal of [true, false]) {
    const setting = setUp({ isTerminal }, { quiet: true });
    const progress = createProgress(setting.options);
    setting.time += 60_000;
    progress.update(500, { score: 1 });
    progress.message("hello");
    progress.finish();
    assertEquals(setting.writes, []);
  }
});

Deno.test("createProgress() finishes once, and not what has not begun", () => {
  for (const isTerminal of [true, false]) {
    const idle = setUp({ isTerminal });
    createProgress(idle.options).finish();
    assertEquals(idle.writes, []);
    const setting = setUp({ isTerminal });
    {
      using progress = createProgress(setting.options);
      progress.update(1);
      progress.finish();
      const { length } = setting.writes;
      progress.update(500);
      progress.finish();
      assertEquals(setting.writes.length, length);
    }
    assert(setting.writes.at(-1)!.endsWith("\n"));
  }
});

Deno.test("createProgress() accepts a total of 0 and no other odd one", () => {
  const setting = setUp({ isTerminal: true }, { total: 0 });
  createProgress(setting.options).update(0);
  assert(setting.writes[0].startsWith("\rTraining 100% [===="));
  for (const total of [-1, NaN]) {
    assertThrows(
      () => createProgress({ ...setting.options, total }),
      RangeError,
      `Cannot show the progress of ${total} steps`,
    );
  }
});

Deno.test("createProgress() leaves out a score that is NaN", () => {
  const setting = setUp({ isTerminal: true });
  createProgress(setting.options).update(1, { score: NaN });
  assert(!setting.writes[0].includes("score"));
});
