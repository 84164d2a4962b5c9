import { assertEquals, assertStringIncludes, assertThrows } from "@std/assert";
import { parse } from "@std/csv";
import { join } from "@std/path";
import { openCsvLog } from "./csv_log.ts";

function inFolder(body: (folder: string) => void) {
  const folder = Deno.makeTempDirSync();
  try {
    body(folder);
  } finally {
    Deno.removeSync(folder, { recursive: true });
  }
}

Deno.test("openCsvLog() writes rows that a CSV reader gives back", () =>
  inFolder((folder) => {
    const path = join(folder, "a", "log.csv");
    const rows = [
      [1, "plain"],
      [0.1 + 0.2, 'a "quote", a comma'],
      [-0, "two\nlines\r\n"],
      [NaN, ""],
      [1e21, " ü "],
    ];
    using log = openCsvLog(path, ["value, unit", "note"]);
    for (const row of rows) log.append(row);
    assertEquals(
      parse(Deno.readTextFileSync(path)),
      [
        ["value, unit", "note"],
        ...rows.map(([value, note]) => [
          Object.is(value, -0) ? "-0" : `${value}`,
          // The reader, not the log, takes \r\n within quotes for \n.
          `${note}`.replaceAll("\r\n", "\n"),
        ]),
      ],
    );
    assertEquals(log.byteLength, Deno.statSync(path).size);
  }));

Deno.test("openCsvLog() writes these bytes", () =>
  inFolder((folder) => {
    const path = join(folder, "log.csv");
    const log = openCsvLog(path, ["a,b", 'c"d', "e"]);
    log.append([true, 10n, null]);
    log.append(["x\r", -Infinity, 1.5]);
    log.close();
    log.close();
    assertEquals(
      Deno.readTextFileSync(path),
      '"a,b","c""d",e\ntrue,10,\n"x\r",-Infinity,1.5\n',
    );
    using lone = openCsvLog(path, ["only"]);
    lone.append([null]);
    assertEquals(Deno.readTextFileSync(path), 'only\n""\n');
  }));

Deno.test("openCsvLog() goes on as if never stopped when resumed", () =>
  inFolder((folder) => {
    const [whole, cut] = [join(folder, "whole.csv"), join(folder, "cut.csv")];
    const columns = ["step", "note"];
    const rows = Array.from({ length: 6 }, (_, i) => [i, `note "${i}"\n`]);
    using expected = openCsvLog(whole, columns);
    for (const row of rows) expected.append(row);

    const first = openCsvLog(cut, columns);
    for (const row of rows.slice(0, 3)) first.append(row);
    const resumeAt = first.byteLength;
    first.append(rows[3]);
    first.flush();
    first.close();
    Deno.writeTextFileSync(cut, "half a reco", { append: true });
    using second = openCsvLog(cut, columns, { resumeAt });
    assertEquals(second.byteLength, resumeAt);
    for (const row of rows.slice(3)) second.append(row);
    assertEquals(Deno.readTextFileSync(cut), Deno.readTextFileSync(whole));
    assertEquals(second.byteLength, expected.byteLength);
  }));

Deno.test("openCsvLog() refuses to resume and leaves the file as it was", () =>
  inFolder((folder) => {
    const path = join(folder, "log.csv");
    const content = 'a,b\n1,"x\ny"\n';
    Deno.writeTextFileSync(path, content);
    for (
      const [columns, resumeAt, ErrorClass, message] of [
        [["a", "b"], 13, RangeError, "it has only 12"],
        [["a", "b"], 6, RangeError, "expected the end of a record"],
        [["a", "b"], 9, RangeError, "expected the end of a record"],
        [["a", "b"], 0, RangeError, "expected the end of a record"],
        [["a", "b"], -1, RangeError, "expected a whole number from 0"],
        [["a", "b"], 1.5, RangeError, "expected a whole number from 0"],
        [["a", "c"], 12, SyntaxError, "expected the columns a, c"],
        [["a"], 12, SyntaxError, "expected the columns a"],
      ] as const
    ) {
      const error = assertThrows(
        () => openCsvLog(path, columns, { resumeAt }),
        ErrorClass,
        message,
      );
      assertStringIncludes(error.message, path);
      assertEquals(Deno.readTextFileSync(path), content);
    }
    assertThrows(
      () => openCsvLog(join(folder, "missing.csv"), ["a"], { resumeAt: 2 }),
      Deno.errors.NotFound,
      "no such file, check the path",
    );
  }));

Deno.test("openCsvLog() throws on wrong rows, no columns, and after close", () =>
  inFolder((folder) => {
    const path = join(folder, "log.csv");
    assertThrows(() => openCsvLog(path, []), RangeError, "without columns");
    const log = openCsvLog(path, ["a", "b"]);
    assertThrows(() => log.append([1]), TypeError, "Cannot append 1 values");
    assertEquals(Deno.readTextFileSync(path), "a,b\n");
    log.close();
    assertThrows(() => log.append([1, 2]), Error, "after it was closed");
  }));

Deno.test({
  name: "openCsvLog() says so when the disk is full",
  ignore: Deno.build.os !== "linux",
  fn() {
    assertThrows(
      () => openCsvLog("/dev/full", ["a"]),
      Error,
      'Cannot write "/dev/full": the disk is full',
    );
  },
});
