import { assertEquals, assertGreater, assertThrows } from "@std/assert";
import { join } from "@std/path";
import { findPython } from "./_test_python.ts";
import { eventFileName, openEventLog, readEvents } from "./tensorboard.ts";

const NOW = 1700000000.25;
const now = () => NOW;

function inFolder(body: (path: string) => void) {
  const folder = Deno.makeTempDirSync();
  try {
    body(join(folder, "run", eventFileName(new Date(NOW * 1000))));
  } finally {
    Deno.removeSync(folder, { recursive: true });
  }
}

Deno.test("eventFileName() is what TensorBoard looks for", () => {
  assertEquals(
    eventFileName(new Date(NOW * 1000)),
    "events.out.tfevents.1700000000.loadstar",
  );
  assertEquals(
    eventFileName(new Date(1000)),
    "events.out.tfevents.0000000001.loadstar",
  );
});

Deno.test("openEventLog() writes events that readEvents() gives back", () =>
  inFolder((path) => {
    using log = openEventLog(path, { now });
    const values: [string, number, number][] = [
      ["rollout/reward", 0.5, 0],
      ["loss", NaN, 127],
      ["loss", -Infinity, 128],
      ["größe", -1.5, 2 ** 31],
      ["", 3e38, Number.MAX_SAFE_INTEGER],
    ];
    for (const value of values) log.scalar(...value);
    const bytes = Deno.readFileSync(path);
    assertEquals(log.byteLength, bytes.length);
    assertEquals(readEvents(bytes), [
      { wallTime: NOW, step: 0, scalars: [], fileVersion: "brain.Event:2" },
      ...values.map(([tag, value, step]) => ({
        wallTime: NOW,
        step,
        scalars: [{ tag, value: Math.fround(value) }],
      })),
    ]);
  }));

/*
 * Written by TensorBoard 2.21's own RecordWriter (tensorboard.summary.
 * writer), at the wall time above: the version, then 0.5 for "loss" at step
 * 300.
 */
const REFERENCE =
  "1800000000000000a37f4b220900001040fc54d9411a0d627261696e2e4576656e743a32338d2fe91b000000000000001a0d9e130900001040fc54d94110ac022a0d0a0b0a046c6f7373150000003f77f990a0";

Deno.test("openEventLog() writes TensorBoard's own bytes", () =>
  inFolder((path) => {
    using log = openEventLog(path, { now });
    log.scalar("loss", 0.5, 300);
    assertEquals(Deno.readFileSync(path).toHex(), REFERENCE);
  }));

Deno.test("openEventLog() takes the clock's time by default", () =>
  inFolder((path) => {
    const before = Date.now() / 1000;
    using _log = openEventLog(path);
    const [{ wallTime }] = readEvents(Deno.readFileSync(path));
    assertGreater(wallTime, before - 1);
    assertGreater(Date.now() / 1000 + 1, wallTime);
  }));

Deno.test("openEventLog() goes on as if never stopped when resumed", () =>
  inFolder((path) => {
    const log = openEventLog(path, { now });
    log.scalar("a", 1, 1);
    const resumeAt = log.byteLength;
    log.scalar("a", 2, 2);
    log.flush();
    const whole = Deno.readFileSync(path);
    log.scalar("lost", 3, 3);
    log.close();
    using resumed = openEventLog(path, { now, resumeAt });
    assertEquals(resumed.byteLength, resumeAt);
    resumed.scalar("a", 2, 2);
    assertEquals(Deno.readFileSync(path), whole);
  }));

Deno.test("openEventLog() refuses to resume and leaves the file as it was", () =>
  inFolder((path) => {
    const log = openEventLog(path, { now });
    const first = log.byteLength;
    log.scalar("a", 1, 1);
    log.close();
    const content = Deno.readFileSync(path);
    const size = content.length;
    for (
      const [resumeAt, ErrorClass, message] of [
        [size + 1, RangeError, `it has only ${size}`],
        [size - 1, RangeError, "expected the end of a record"],
        [first + 5, RangeError, "expected the end of a record"],
        [first - 1, RangeError, "expected the end of a record"],
        [NaN, RangeError, "expected a whole number from 0"],
      ] as const
    ) {
      assertThrows(() => openEventLog(path, { resumeAt }), ErrorClass, message);
      assertEquals(Deno.readFileSync(path), content);
    }
    Deno.writeFileSync(path, new Uint8Array(size));
    assertThrows(
      () => openEventLog(path, { resumeAt: size }),
      SyntaxError,
      "expected an undamaged event file",
    );
  }));

Deno.test("openEventLog() throws when the step is not a whole number", () =>
  inFolder((path) => {
    using log = openEventLog(path);
    for (const step of [-1, 0.5, NaN, 2 ** 53]) {
      assertThrows(() => log.scalar("a", 1, step), RangeError, `step ${step}`);
    }
  }));

Deno.test("readEvents() finds a change of any byte and any cut", () =>
  inFolder((path) => {
    using log = openEventLog(path, { now });
    const first = log.byteLength;
    log.scalar("loss", 0.5, 300);
    const bytes = Deno.readFileSync(path);
    for (let i = 0; i < bytes.length; i++) {
      const damaged = Uint8Array.from(bytes);
      damaged[i] ^= 0x10;
      assertThrows(() => readEvents(damaged), SyntaxError, "Cannot read the");
      if (i === 0 || i === first) continue;
      assertThrows(
        () => readEvents(bytes.subarray(0, i)),
        SyntaxError,
        "it is cut short",
      );
    }
  }));

const python = await findPython("tensorboard");

const READ = `
import json, sys
from tensorboard.backend.event_processing.event_accumulator import EventAccumulator
found = EventAccumulator(sys.argv[1], size_guidance={"scalars": 0}).Reload()
print(json.dumps({tag: [[e.step, e.value, e.wall_time] for e in found.Scalars(tag)]
  for tag in found.Tags()["scalars"]}))
`;

Deno.test({
  name:
    `TensorBoard reads what openEventLog() writes, before and after a resumption${
      python ? "" : " [skipped: no tensorboard]"
    }`,
  ignore: !python,
  async fn() {
    const folder = await Deno.makeTempDir();
    const path = join(folder, eventFileName(new Date(NOW * 1000)));
    try {
      let resumeAt: number;
      {
        using log = openEventLog(path, { now });
        log.scalar("größe/loss", 0.5, 1);
        resumeAt = log.byteLength;
        log.scalar("größe/loss", 7, 2);
      }
      {
        using log = openEventLog(path, { now, resumeAt });
        log.scalar("größe/loss", -0.25, 2 ** 40);
        log.scalar("eval/mean_reward", -1e-3, 3);
      }
      assertEquals(JSON.parse(await python!.run(READ, folder)), {
        "größe/loss": [[1, 0.5, NOW], [2 ** 40, -0.25, NOW]],
        "eval/mean_reward": [[3, Math.fround(-1e-3), NOW]],
      });
    } finally {
      await Deno.remove(folder, { recursive: true });
    }
  },
});
