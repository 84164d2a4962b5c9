import { assert, assertEquals, assertThrows } from "@std/assert";
import { Random } from "./random.ts";
import { decodePickle } from "./pickle_reader.ts";

/**
 * Written by CPython 3.11 and NumPy 2, the number being the protocol. `plain` is
 * [[1.5, 2, -3, 2**70, True, None, "a"], {"k": (1, 2, 3)}, inf]; `numpy` holds
 * float64(0.5), a 2 x 3 float32 array, a big-endian int32 array and int64(-7);
 * `evil` calls os.system, `object` is an instance of a class. `escaped` is
 * ["a\\b\nc", "\u0394 \x85 \xe9 \U0001f600", "\\u0041"], `array` is
 * float64 [[1.5, -2], [3e300, 130]].
 */
const PICKLES = {
  escaped0: "KGxwMApWYVx1MDA1Y2JcdTAwMGFjCnAxCmFWXHUwMzk0IIUg6SBcVTAwMDFmNjAw" +
    "CnAyCmFWXHUwMDVjdTAwNDEKcDMKYS4=",
  array0: "Y251bXB5Ll9jb3JlLm11bHRpYXJyYXkKX3JlY29uc3RydWN0CnAwCihjbnVtcHkK" +
    "bmRhcnJheQpwMQooSTAKdHAyCmNfY29kZWNzCmVuY29kZQpwMwooVmIKcDQKVmxh" +
    "dGluMQpwNQp0cDYKUnA3CnRwOApScDkKKEkxCihJMgpJMgp0cDEwCmNudW1weQpk" +
    "dHlwZQpwMTEKKFZmOApwMTIKSTAwCkkwMQp0cDEzClJwMTQKKEkzClY8CnAxNQpO" +
    "Tk5JLTEKSS0xCkkwCnRwMTYKYkkwMApnMwooVlx1MDAwMFx1MDAwMFx1MDAwMFx1" +
    "MDAwMFx1MDAwMFx1MDAwMPg/XHUwMDAwXHUwMDAwXHUwMDAwXHUwMDAwXHUwMDAw" +
    "XHUwMDAwXHUwMDAwwDVYXHUwMDAwZi3rUX5cdTAwMDBcdTAwMDBcdTAwMDBcdTAw" +
    "MDBcdTAwMDBAYEAKcDE3Cmc1CnRwMTgKUnAxOQp0cDIwCmIu",
  plain0: "KGxwMAoobHAxCkYxLjUKYUkyCmFJLTMKYUwxMTgwNTkxNjIwNzE3NDExMzAzNDI0" +
    "TAphSTAxCmFOYVZhCnAyCmFhKGRwMwpWawpwNAooSTEKSTIKSTMKdHA1CnNhRmlu" +
    "ZgphLg==",
  plain2: "gAJdcQAoXXEBKEc/+AAAAAAAAEsCSv3///+KCQAAAAAAAAAAQIhOWAEAAABhcQJl" +
    "fXEDWAEAAABrcQRLAUsCSwOHcQVzR3/wAAAAAAAAZS4=",
  plain4: "gASVQgAAAAAAAABdlChdlChHP/gAAAAAAABLAkr9////igkAAAAAAAAAAECITowB" +
    "YZRlfZSMAWuUSwFLAksDh5RzR3/wAAAAAAAAZS4=",
  numpy2: "gAJdcQAoY251bXB5Ll9jb3JlLm11bHRpYXJyYXkKc2NhbGFyCnEBY251bXB5CmR0" +
    "eXBlCnECWAIAAABmOHEDiYiHcQRScQUoSwNYAQAAADxxBk5OTkr/////Sv////9L" +
    "AHRxB2JjX2NvZGVjcwplbmNvZGUKcQhYCQAAAAAAAAAAAMOgP3EJWAYAAABsYXRp" +
    "bjFxCoZxC1JxDIZxDVJxDmNudW1weS5fY29yZS5tdWx0aWFycmF5Cl9yZWNvbnN0" +
    "cnVjdApxD2NudW1weQpuZGFycmF5CnEQSwCFcRFoCFgBAAAAYnESaAqGcRNScRSH" +
    "cRVScRYoSwFLAksDhnEXaAJYAgAAAGY0cRiJiIdxGVJxGihLA2gGTk5OSv////9K" +
    "/////0sAdHEbYoloCFgbAAAAAAAAAAAAwoA/AAAAQAAAQEAAAMKAQAAAwqBAcRxo" +
    "CoZxHVJxHnRxH2JoD2gQSwCFcSBoFIdxIVJxIihLAUsChXEjaAJYAgAAAGk0cSSJ" +
    "iIdxJVJxJihLA1gBAAAAPnEnTk5OSv////9K/////0sAdHEoYoloCFgIAAAAAAAA" +
    "AQAAAAJxKWgKhnEqUnErdHEsYmgBaAJYAgAAAGk4cS2JiIdxLlJxLyhLA2gGTk5O" +
    "Sv////9K/////0sAdHEwYmgIWBAAAADDucO/w7/Dv8O/w7/Dv8O/cTFoCoZxMlJx" +
    "M4ZxNFJxNWUu",
  numpy4: "gASVZgEAAAAAAABdlCiMFm51bXB5Ll9jb3JlLm11bHRpYXJyYXmUjAZzY2FsYXKU" +
    "k5SMBW51bXB5lIwFZHR5cGWUk5SMAmY4lImIh5RSlChLA4wBPJROTk5K/////0r/" +
    "////SwB0lGJDCAAAAAAAAOA/lIaUUpRoAYwMX3JlY29uc3RydWN0lJOUaASMB25k" +
    "YXJyYXmUk5RLAIWUQwFilIeUUpQoSwFLAksDhpRoBowCZjSUiYiHlFKUKEsDaApO" +
    "Tk5K/////0r/////SwB0lGKJQxgAAAAAAACAPwAAAEAAAEBAAACAQAAAoECUdJRi" +
    "aBBoEksAhZRoFIeUUpQoSwFLAoWUaAaMAmk0lImIh5RSlChLA4wBPpROTk5K////" +
    "/0r/////SwB0lGKJQwgAAAABAAAAApR0lGJoA2gGjAJpOJSJiIeUUpQoSwNoCk5O" +
    "Tkr/////Sv////9LAHSUYkMI+f////////+UhpRSlGUu",
  numpy5: "gAWVYwEAAAAAAABdlCiMFm51bXB5Ll9jb3JlLm11bHRpYXJyYXmUjAZzY2FsYXKU" +
    "k5SMBW51bXB5lIwFZHR5cGWUk5SMAmY4lImIh5RSlChLA4wBPJROTk5K/////0r/" +
    "////SwB0lGJDCAAAAAAAAOA/lIaUUpSME251bXB5Ll9jb3JlLm51bWVyaWOUjAtf" +
    "ZnJvbWJ1ZmZlcpSTlCiWGAAAAAAAAAAAAAAAAACAPwAAAEAAAEBAAACAQAAAoECU" +
    "aAaMAmY0lImIh5RSlChLA2gKTk5OSv////9K/////0sAdJRiSwJLA4aUjAFDlHSU" +
    "UpRoESiWCAAAAAAAAAAAAAABAAAAApRoBowCaTSUiYiHlFKUKEsDjAE+lE5OTkr/" +
    "////Sv////9LAHSUYksChZRoGHSUUpRoA2gGjAJpOJSJiIeUUpQoSwNoCk5OTkr/" +
    "////Sv////9LAHSUYkMI+f////////+UhpRSlGUu",
  evil0: "KGxwMApJMQphY3Bvc2l4CnN5c3RlbQpwMQooVnRvdWNoIC90bXAvb3duZWQKcDIK" +
    "dHAzClJwNAphLg==",
  evil2: "gAJdcQAoSwFjcG9zaXgKc3lzdGVtCnEBWBAAAAB0b3VjaCAvdG1wL293bmVkcQKF" +
    "cQNScQRlLg==",
  evil4: "gASVMQAAAAAAAABdlChLAYwFcG9zaXiUjAZzeXN0ZW2Uk5SMEHRvdWNoIC90bXAv" +
    "b3duZWSUhZRSlGUu",
  object0: "Y2NvcHlfcmVnCl9yZWNvbnN0cnVjdG9yCnAwCihjX19tYWluX18KUGxhaW4KcDEK" +
    "Y19fYnVpbHRpbl9fCm9iamVjdApwMgpOdHAzClJwNAooZHA1ClZhCnA2CkkxCnNi" +
    "Lg==",
  object2: "gAJjX19tYWluX18KUGxhaW4KcQApgXEBfXECWAEAAABhcQNLAXNiLg==",
  object4: "gASVIwAAAAAAAACMCF9fbWFpbl9flIwFUGxhaW6Uk5QpgZR9lIwBYZRLAXNiLg==",
};

const bytesOf = (name: keyof typeof PICKLES) =>
  Uint8Array.from(atob(PICKLES[name]), (c) => c.charCodeAt(0));

Deno.test("decodePickle() reads plain data of all protocols", () => {
  for (const name of ["plain0", "plain2", "plain4"] as const) {
    assertEquals(decodePickle(bytesOf(name)), [
      [1.5, 2, -3, 2n ** 70n, true, null, "a"],
      new Map([["k", [1, 2, 3]]]),
      Infinity,
    ]);
  }
});

Deno.test("decodePickle() understands NumPy's numbers and arrays", () => {
  for (const name of ["numpy2", "numpy4", "numpy5"] as const) {
    const [half, matrix, whole, seven] = decodePickle(bytesOf(name)) as never[];
    assertEquals(half, 0.5);
    assertEquals({ ...matrix as object }, {
      shape: [2, 3],
      data: Float64Array.of(0, 1, 2, 3, 4, 5),
    });
    assertEquals([...(whole as { data: Float64Array }).data], [1, 2]);
    assertEquals(seven, -7);
  }
});

Deno.test("decodePickle() reads the escapes of protocol 0", () => {
  assertEquals(decodePickle(bytesOf("escaped0")), [
    "a\\b\nc",
    "\u0394 \x85 \xe9 \u{1f600}",
    "\\u0041",
  ]);
  assertEquals({ ...decodePickle(bytesOf("array0")) as object }, {
    shape: [2, 2],
    data: Float64Array.of(1.5, -2, 3e300, 130),
  });
});

Deno.test("decodePickle() refuses shapes below zero", () => {
  const program = "cnumpy\ndtype\n(Vi1\ntR0cnumpy._core.numeric\n_frombuffer\n";
  const shaped = (shape: string) =>
    text(`${program}(U\x02abcnumpy\ndtype\n(Vi1\ntR(${shape}tVC\ntR.`);
  assertEquals(
    { ...decodePickle(shaped("I2\nI1\n")) as object },
    { shape: [2, 1], data: Float64Array.of(97, 98) },
  );
  assertThrows(
    () => decodePickle(shaped("I-2\nI-1\n")),
    SyntaxError,
    "whole numbers from 0",
  );
});

Deno.test("decodePickle() refuses to import and to make objects", () => {
  for (const name of ["evil0", "evil2", "evil4"] as const) {
    assertThrows(
      () => decodePickle(bytesOf(name), { name: "q_seq.pkl" }),
      SyntaxError,
      "it names posix.system, which data does not need; nothing was run",
    );
  }
  for (const name of ["object0", "object2", "object4"] as const) {
    assertThrows(() => decodePickle(bytesOf(name)), SyntaxError, "it names");
  }
});

const text = (program: string) => new TextEncoder().encode(program);

Deno.test("decodePickle() names the byte of what is wrong", () => {
  const wrong: [Uint8Array, string][] = [
    [text("]"), "byte 1: the file ends after 1 bytes"],
    [text("."), "byte 0: an instruction finds no value"],
    [text("\xff"), "no known instruction"],
    [text("Ix\n."), '"x" is no whole number'],
    [text("cbuiltins\neval\n(V1\ntR."), "builtins.eval"],
    [text("cnumpy\ndtype\n."), "it holds numpy.dtype itself"],
    [text("(I1\nVx\nP0\n."), "the instruction PERSID makes objects"],
    [text("cnumpy\ndtype\n(VO8\ntR."), 'elements "O8", expected numbers'],
    [text("}I1\nb."), "a state is no tuple"],
    [text("g7\n."), "refers to value 7"],
    [text("V\\U00110000\n."), "\\U00110000 is no character"],
    [Uint8Array.of(0x80, 9), "protocol 9 is newer"],
    [Uint8Array.of(0x42, 0xff, 0xff, 0xff, 0x7f), "seems cut off"],
  ];
  for (const [bytes, message] of wrong) {
    assertThrows(
      () => decodePickle(bytes, { name: "a.pkl" }),
      SyntaxError,
      message,
    );
  }
});

Deno.test("every damaged pickle is refused in words or read as data", () => {
  const random = new Random(1);
  const names = Object.keys(PICKLES) as (keyof typeof PICKLES)[];
  let refused = 0;
  for (let trial = 0; trial < 6000; trial++) {
    const bytes = bytesOf(names[trial % names.length]);
    for (let i = random.integer(1, 4); i > 0; i--) {
      bytes[random.integer(0, bytes.length - 1)] = random.integer(0, 255);
    }
    const cut = random.integer(0, 9) === 0
      ? random.integer(0, bytes.length)
      : bytes.length;
    try {
      decodePickle(bytes.subarray(0, cut));
    } catch (error) {
      assert(error instanceof SyntaxError, String(error));
      assert(error.message.startsWith("Cannot read bytes as a pickle: byte "));
      refused++;
    }
  }
  assert(refused > 3000);
});
