import { assertEquals, assertNotEquals, assertThrows } from "@std/assert";
import { join } from "@std/path";
import {
  abiVersion,
  readInterface,
  symbolsModule,
  writtenFiles,
} from "./write_symbols.ts";

const SOURCE = `
shared_constants! {
    /// How many.
    SIZE: u32 = 1_024;
}
impl Fault {
    /// TypeError: it is wrong
    /// in two lines.
    pub const WRONG: Fault = Fault(-3);
}
export! {
    /// Does it.
    fn loadstar_do_it(words: &mut [u32], values: &[f64], rate: f64, count: u64) {
        Ok(0)
    }
}
#[cfg(test)]
mod tests {
    export! {
        /// Left out.
        fn loadstar_left_out() {
            Ok(0)
        }
    }
}
`;
const END = SOURCE.indexOf("#[cfg");

Deno.test("writtenFiles() of the crate are up to date", async () => {
  const root = join(import.meta.dirname!, "..");
  for (const [path, text] of await writtenFiles(root)) {
    assertEquals(
      await Deno.readTextFile(join(root, path)),
      text,
      `${path} is out of date: run "deno run -R -W tools/write_symbols.ts"`,
    );
  }
});

Deno.test("readInterface() reads functions, constants and faults", () => {
  assertEquals(readInterface([SOURCE]), {
    functions: [{
      symbol: "loadstar_do_it",
      doc: "Does it.",
      arguments: [
        { name: "words", type: "u32", slice: "written" },
        { name: "values", type: "f64", slice: "read" },
        { name: "rate", type: "f64" },
        { name: "count", type: "u64" },
      ],
    }],
    constants: [{ name: "SIZE", doc: "How many.", value: 1024 }],
    faults: [{
      name: "WRONG",
      code: -3,
      kind: "TypeError",
      message: "it is wrong in two lines",
    }],
  });
});

Deno.test("symbolsModule() passes each buffer with as many elements as its bytes make", () => {
  const text = symbolsModule(readInterface([SOURCE]));
  const parameters = /parameters: (\[[^\]]*\])/.exec(text)![1];
  assertEquals(JSON.parse(parameters.replace(/,\s*\]/, "]")), [
    "buffer",
    "u32",
    "buffer",
    "u32",
    "f64",
    "u64",
  ]);
  assertEquals(/words: Uint32Array<ArrayBuffer>/.test(text), true);
  const lengths =
    /words\.byteLength >>> 2,\s*values,\s*values\.byteLength >>> 3,/;
  assertEquals(lengths.test(text), true);
});

Deno.test("abiVersion() and the written module notice what changes", () => {
  const before = readInterface([SOURCE]);
  for (
    const [from, to] of [
      ["rate: f64", "rate: u32"],
      ["values: &[f64]", "values: &mut [f64]"],
      ["values: &[f64]", "values: &[f32]"],
      [", count: u64", ""],
      ["loadstar_do_it", "loadstar_do_that"],
      ["1_024", "1_025"],
      ["Fault(-3)", "Fault(-4)"],
    ]
  ) {
    const after = readInterface([SOURCE.replace(from, to)]);
    assertNotEquals(abiVersion(after), abiVersion(before), to);
    assertNotEquals(symbolsModule(after), symbolsModule(before), to);
  }
  const body = readInterface([SOURCE.replace("Ok(0)", "Ok(1)")]);
  assertEquals(abiVersion(body), abiVersion(before));
});

Deno.test("readInterface() refuses what it cannot carry or read", () => {
  for (
    const [from, to, message] of [
      ["rate: f64", "rate: String", 'the argument "rate: String"'],
      ["rate: f64", "rate: &[bool]", 'the argument "rate: &[bool]"'],
      ["TypeError: it", "it", "the fault WRONG"],
      ["export! {\n", "export! { \n", "all that Rust exports"],
      ["", SOURCE.slice(SOURCE.indexOf("export!"), END), "twice"],
    ]
  ) {
    assertThrows(
      () => readInterface([SOURCE.slice(0, END).replace(from, to)]),
      SyntaxError,
      message,
    );
  }
});
