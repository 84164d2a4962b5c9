import { assert, assertEquals, assertThrows } from "@std/assert";
import { join } from "@std/path";
import {
  booleanOption,
  choiceOption,
  integerListOption,
  integerOption,
  numberListOption,
  numberOption,
  type Option,
  parsedOption,
  pathOption,
  stringOption,
} from "./options.ts";
import { userPath } from "./paths.ts";

const description = "";

function checkRefused(option: Option<unknown>, texts: string[]): void {
  for (const text of texts) {
    const error = assertThrows(() => option.parse(text), SyntaxError);
    assertEquals(error.message, `expected ${option.expected}`, text);
  }
}

Deno.test("integerOption() reads whole numbers only", () => {
  const option = integerOption({ description });
  const accepted: [string, number][] = [
    ["12", 12],
    ["-3", -3],
    ["+7", 7],
    ["007", 7],
    ["1e5", 100_000],
    ["1E+2", 100],
    ["2.5e3", 2500],
    ["10.0", 10],
    ["5.", 5],
    ["-0", 0],
    ["9007199254740991", Number.MAX_SAFE_INTEGER],
  ];
  for (const [text, value] of accepted) {
    assertEquals(option.parse(text), value, text);
  }
  checkRefused(option, [
    "",
    " ",
    " 5",
    "1e",
    "0x10",
    "0b1",
    "12abc",
    "1_000",
    "1,000",
    "1.5",
    "2.55e1",
    "1.00000000000000000001",
    "9007199254740992",
    "1e400",
    "Infinity",
    "NaN",
    "--5",
    "١",
  ]);
});

Deno.test("numberOption() reads decimal numbers only", () => {
  const option = numberOption({ description });
  const accepted: [string, number][] = [
    ["0.5", 0.5],
    [".5", 0.5],
    ["5.", 5],
    ["-3", -3],
    ["1e-4", 1e-4],
    ["+2.5E3", 2500],
    ["-0", 0],
  ];
  for (const [text, value] of accepted) {
    assert(Object.is(option.parse(text), value), text);
  }
  checkRefused(option, [
    "",
    ".",
    "1e",
    "e5",
    "0x1",
    "12abc",
    "1_0",
    "1,5",
    "1e999",
    "inf",
    "NaN",
    "1 2",
  ]);
});

Deno.test("number options keep their bounds and name them", () => {
  const cases: [Option<number>, string, string[], string[]][] = [
    [
      integerOption({ description, default: 1, minimum: 1 }),
      "a whole number from 1",
      ["1", "2"],
      ["0", "-1"],
    ],
    [
      integerOption({ description, required: true, minimum: 1, maximum: 3 }),
      "a whole number from 1 to 3",
      ["1", "3"],
      ["0", "4"],
    ],
    [
      numberOption({
        description,
        default: 1,
        exclusiveMinimum: 0,
        maximum: 1,
      }),
      "a number above 0 and at most 1",
      ["1e-9", "1"],
      ["0", "1.0000001"],
    ],
    [
      numberOption({
        description,
        default: 0,
        minimum: 0,
        exclusiveMaximum: 1,
      }),
      "a number from 0 and below 1",
      ["0", "0.999"],
      ["1", "-0.1"],
    ],
  ];
  for (const [option, expected, accepted, refused] of cases) {
    assertEquals(option.expected, expected);
    for (const text of accepted) assertEquals(option.parse(text), +text);
    checkRefused(option, refused);
  }
});

Deno.test("list options read numbers separated by commas", () => {
  const sizes = integerListOption({ description, minimum: 1 });
  assertEquals(sizes.parse("256,128"), [256, 128]);
  assertEquals(sizes.parse("64, 1e2"), [64, 100]);
  assertEquals(
    sizes.expected,
    "whole numbers from 1, separated by commas",
  );
  checkRefused(sizes, ["", "1,", ",1", "1,,2", "1;2", "1,0", "[1,2]", "1 2"]);
  const rates = numberListOption({ description, default: [0.5, 0.9] });
  assertEquals(rates.defaultValue(), [0.5, 0.9]);
  assertEquals(rates.defaultText, "0.5,0.9");
  assertEquals(rates.parse("-1,.25"), [-1, 0.25]);
  checkRefused(rates, ["", "a", "1,b"]);
});

Deno.test("choiceOption() gives the spelling of the list", () => {
  const option = choiceOption(["SINE_CURVE", "STEADY"], {
    description,
    default: "STEADY",
  });
  for (const text of ["SINE_CURVE", "sine_curve", "Sine-Curve"]) {
    assertEquals(option.parse(text), "SINE_CURVE");
  }
  assertEquals(option.defaultValue(), "STEADY");
  checkRefused(option, ["", "SINE", "sinecurve", "constructor"]);
  // Where case tells values apart, the exact one comes first.
  const cased = choiceOption(["a", "A"], { description });
  assertEquals(cased.parse("A"), "A");
});

Deno.test("booleanOption() reads words in any case", () => {
  const option = booleanOption({ description });
  for (const text of ["true", "True", "1", "YES", "yes"]) {
    assertEquals(option.parse(text), true);
  }
  for (const text of ["false", "FALSE", "0", "no", "No"]) {
    assertEquals(option.parse(text), false);
  }
  checkRefused(option, ["", "y", "on", "2", "truee", " true"]);
  assertEquals(option.defaultValue(), false);
  assertEquals(
    booleanOption({ description, default: true }).defaultText,
    "true",
  );
});

Deno.test("stringOption() and pathOption() refuse blank text", () => {
  checkRefused(stringOption({ description }), ["", " "]);
  checkRefused(pathOption({ description }), ["", "\t"]);
  assertEquals(stringOption({ description }).parse(" a b "), " a b ");
});

Deno.test("pathOption() resolves values and defaults as the user means them", () => {
  const option = pathOption({ description, default: "models/a.zip" });
  assertEquals(option.defaultText, "models/a.zip");
  assertEquals(option.defaultValue(), userPath("models/a.zip"));
  assertEquals(option.parse("../b"), userPath(join("..", "b")));
  assertEquals(pathOption({ description }).defaultValue(), undefined);
});

Deno.test("parsedOption() passes on what its reader says", () => {
  const option = parsedOption((text) => {
    if (text === "") return undefined;
    const pairs = text.split(",").map((pair) => pair.split(":"));
    const wrong = pairs.find((pair) => pair.length !== 2);
    if (wrong) throw new SyntaxError(`expected a colon in "${wrong}"`);
    return pairs;
  }, { description, expected: "pairs like h1:h2", default: "h1:h2" });
  assertEquals(option.defaultValue(), [["h1", "h2"]]);
  assertEquals(option.defaultText, "h1:h2");
  assertEquals(option.parse("a:b,c:d"), [["a", "b"], ["c", "d"]]);
  assertThrows(() => option.parse("a"), SyntaxError, 'a colon in "a"');
  assertThrows(() => option.parse(""), SyntaxError, "expected pairs like");
});

Deno.test("options refuse a default that they would not accept", () => {
  const wrong: (() => unknown)[] = [
    () => integerOption({ description, default: 0, minimum: 1 }),
    () => integerOption({ description, default: 1.5 }),
    () => numberOption({ description, default: NaN }),
    () => stringOption({ description, default: "" }),
    () => integerListOption({ description, default: [1, 0], minimum: 1 }),
    () => choiceOption(["a"], { description, default: "b" as "a" }),
    () =>
      parsedOption(() => undefined, { description, expected: "", default: "" }),
  ];
  for (const make of wrong) assertThrows(make, SyntaxError, "expected");
});

Deno.test("options know a misspelt setting and a default of a wrong type", () => {
  // @ts-expect-error: no such setting
  integerOption({ description, minimun: 1 });
  // @ts-expect-error: not a number
  const make = () => numberOption({ description, default: "x" });
  assertThrows(make, SyntaxError);
  // @ts-expect-error: not one of the values
  const choose = () => choiceOption(["a"], { description, default: "b" });
  assertThrows(choose, SyntaxError);
});
