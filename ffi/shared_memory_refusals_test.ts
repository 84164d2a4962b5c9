import { assertEquals, assertThrows } from "@std/assert";
import { fromFileUrl } from "@std/path";
import {
  SHARED_MEMORY_FOLDER,
  skipReason,
  statisticsOf,
  withName,
} from "./_shared_memory_testing.ts";
import { nativeLibrary } from "./library.ts";
import { SharedMemoryRegion } from "./shared_memory.ts";

const skipped = skipReason();

function test(name: string, fn: (region: string) => void | Promise<void>) {
  Deno.test({
    name: `SharedMemoryRegion ${name}${skipped}`,
    ignore: skipped !== "",
    fn: () => withName(fn),
  });
}

function pathOf(name: string): string {
  return `${SHARED_MEMORY_FOLDER}/${name}`;
}

Deno.test({
  name: `SharedMemoryRegion refuses names that are none${skipped}`,
  ignore: skipped !== "",
  fn() {
    const wrong = [
      "",
      "a/b",
      "/a",
      "../a",
      ".hidden",
      "a b",
      "a\0b",
      "ü",
      "a".repeat(251),
    ];
    for (const name of wrong) {
      for (const action of ["create", "open", "unlink"] as const) {
        assertThrows(
          () => SharedMemoryRegion[action](name),
          RangeError,
          `Cannot ${action} shared memory ${
            JSON.stringify(name)
          } in /dev/shm: a name has 1 to 250 letters, digits, dots, hyphens or underscores, no slashes`,
        );
      }
    }
    assertThrows(
      () => SharedMemoryRegion.open(7 as unknown as string),
      TypeError,
      "Cannot open shared memory 7, expected a name",
    );
    for (const action of ["open", "unlink"] as const) {
      assertThrows(
        () => SharedMemoryRegion[action]("loadstar_test_nobody_has"),
        Deno.errors.NotFound,
        `Cannot ${action} shared memory "loadstar_test_nobody_has" in /dev/shm: no such file`,
      );
    }
  },
});

test("refuses what cannot be written, and keeps what was", (name) => {
  using region = SharedMemoryRegion.create(name);
  region.writeMsgOut(statisticsOf(1, 1));
  region.writeMsgIn([1]);
  const nan = statisticsOf(1, 2);
  nan[13] = NaN;
  // deno-lint-ignore no-explicit-any
  const wrong: [() => void, any, string][] = [
    [
      () => region.writeMsgOut(nan),
      RangeError,
      "Cannot write NaN as flowCompletionTimePercentile90 of server 1, expected a finite number",
    ],
    [
      () => region.writeMsgOut(new Float32Array(11).fill(Infinity)),
      RangeError,
      "Cannot write Infinity as flowsOngoing of server 0",
    ],
    [
      () => region.writeMsgOut(new Float32Array(12)),
      TypeError,
      "Cannot write 12 statistics, expected 11 for each of 1 to 64 servers",
    ],
    [() => region.writeMsgOut(new Float32Array(0)), TypeError, "0 statistics"],
    [
      () => region.writeMsgOut(new Float32Array(65 * 11)),
      TypeError,
      "715 statistics",
    ],
    [
      // deno-lint-ignore no-explicit-any
      () => region.writeMsgOut([1, 2] as any),
      TypeError,
      "expected a Float32Array",
    ],
    [
      () => region.writeMsgOut(new Float32Array(22), { activeServers: 4n }),
      RangeError,
      "Cannot write active servers 4, expected bits of the 2 servers",
    ],
    [
      () => region.writeMsgOut(new Float32Array(22), { activeServers: -1n }),
      RangeError,
      "active servers -1",
    ],
    [
      () => region.writeMsgIn([1, -1]),
      RangeError,
      "Cannot write weight -1 of server 1, expected a finite number of 0 or more",
    ],
    [() => region.writeMsgIn([NaN]), RangeError, "weight NaN of server 0"],
    [() => region.writeMsgIn([1e39]), RangeError, "weight Infinity"],
    [
      () => region.writeMsgIn([0, 0]),
      RangeError,
      "Cannot write 2 weights of 0, expected at least one above",
    ],
    [() => region.writeMsgIn([]), TypeError, "0 weights, expected 1 to 64"],
    [() => region.writeMsgIn(new Float32Array(65)), TypeError, "65 weights"],
    // deno-lint-ignore no-explicit-any
    [() => region.writeMsgIn("12" as any), TypeError, "weights of string"],
    [
      // deno-lint-ignore no-explicit-any
      () => region.writeMsgIn(undefined as any),
      TypeError,
      "weights of undefined",
    ],
  ];
  for (const [write, kind, message] of wrong) {
    assertThrows(write, kind, message);
  }
  assertEquals(region.readMsgOut().message?.number, 1);
  assertEquals(region.readMsgIn().message?.number, 1);
});

const isRoot = Deno.build.os === "linux" && Deno.uid() === 0;
const reason = skipped || (isRoot ? "" : " [skipped: not root]");

Deno.test({
  name: `SharedMemoryRegion.create() refuses a name of another user${reason}`,
  ignore: reason !== "",
  fn: () =>
    withName((name) => {
      Deno.writeFileSync(pathOf(name), new Uint8Array());
      Deno.chownSync(pathOf(name), 65534, 65534);
      assertThrows(
        () => SharedMemoryRegion.create(name),
        Error,
        `Cannot create shared memory "${name}" in /dev/shm: it belongs to another user`,
      );
    }),
});

Deno.test({
  name: `SharedMemoryRegion.create() says that there is no space${reason}`,
  ignore: reason !== "",
  async fn() {
    const module = new URL("./shared_memory.ts", import.meta.url).href;
    const script = `import { SharedMemoryRegion } from "${module}";
      try { SharedMemoryRegion.create("full"); }
      catch (error) { console.log(error.message); }
      console.log([...Deno.readDirSync("/dev/shm")].length);`;
    const { stdout, stderr } = await new Deno.Command("unshare", {
      args: [
        "--mount",
        "sh",
        "-c",
        'mount -t tmpfs -o size=8k tmpfs /dev/shm && exec "$0" run -A --quiet "$1" "$2"',
        Deno.execPath(),
        `--config=${fromFileUrl(new URL("../deno.json", import.meta.url))}`,
        `data:application/typescript,${encodeURIComponent(script)}`,
      ],
      env: { LOADSTAR_LIBRARY: nativeLibrary()!.path },
    }).output();
    const decoder = new TextDecoder();
    assertEquals(
      decoder.decode(stdout),
      'Cannot create shared memory "full" in /dev/shm: no space left (errno 28)\n0\n',
      decoder.decode(stderr),
    );
  },
});
