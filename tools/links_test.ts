import { assert, assertEquals, assertThrows } from "@std/assert";
import { parse, stringify } from "@std/csv";
import { bold, stripAnsiCode } from "@std/fmt/colors";
import { format } from "@std/fmt/duration";
import { basename, dirname, extname, fromFileUrl, join } from "@std/path";
import { isAbsolute, relative, resolve, toFileUrl } from "@std/path";
import { closestString, levenshteinDistance } from "@std/text";
import {
  compareExports,
  type Declared,
  declaredExports,
  realParameters,
  satisfies,
} from "./links.ts";

const ROOT = join(import.meta.dirname!, "..");

async function readJson(path: string) {
  return JSON.parse(await Deno.readTextFile(join(ROOT, path)));
}

const config = await readJson("deno.json");
const folders: string[] = config.links ?? [];
const links = await Promise.all(folders.map(async (folder) => ({
  folder,
  config: await readJson(join(folder, "deno.json")),
})));

/** The module of deno-std that an export such as `./colors` stands for. */
function realModule(folder: string, key: string): string {
  const name = basename(folder).replace(/^std_/, "");
  return `${name}/${key === "." ? "mod" : key.slice(2)}.js`;
}

for (const link of links) {
  Deno.test(`${link.folder} declares what its package exports`, async () => {
    const entries = Object.entries<string>(link.config.exports);
    const paths = entries.map(([, file]) => join(ROOT, link.folder, file));
    const { stdout, success } = await new Deno.Command(Deno.execPath(), {
      args: ["doc", "--json", ...paths],
      cwd: ROOT,
    }).output();
    assert(success);
    const declared = declaredExports(
      JSON.parse(new TextDecoder().decode(stdout)),
    );
    for (const [i, [key]] of entries.entries()) {
      const url = toFileUrl(paths[i]).href;
      const module = realModule(link.folder, key);
      const real = await import(`${link.config.imports["deno-std"]}/${module}`);
      const found = declared.get(url) ?? [];
      assertEquals(compareExports(found, real), [], module);
      assertEquals(
        Object.keys(await import(url)).sort(),
        [...new Set(found.map(({ name }) => name))].sort(),
        `${url} exports what it declares`,
      );
    }
  });

  Deno.test(`${link.folder} has a version that deno.json accepts`, () => {
    const { name, version } = link.config;
    const range = config.imports[name]?.replace(`jsr:${name}@`, "");
    assert(satisfies(version, range), `${name} ${version} is not in ${range}`);
  });
}

Deno.test("deno.json links every folder of links/", async () => {
  const present: string[] = [];
  for await (const { name } of Deno.readDir(join(ROOT, "links"))) {
    present.push(`./links/${name}`);
  }
  if (folders.length > 0) assertEquals(folders.toSorted(), present.sort());
});

Deno.test("deno.json has a link for every jsr: import, or none at all", () => {
  const wanted = Object.entries<string>(config.imports)
    .filter(([, target]) => target.startsWith("jsr:")).map(([name]) => name);
  const linked = links.map((link) => link.config.name);
  if (links.length > 0) assertEquals(linked.sort(), wanted.sort());
});

// Options are checked by what they do: nothing at run time names them.

Deno.test("@std/csv reads as its declared options say", () => {
  const table: [string[][], string[][]][] = [
    [parse("a,b\n1,2\n"), [["a", "b"], ["1", "2"]]],
    [parse("a;b", { separator: ";" }), [["a", "b"]]],
    [parse("# c\na", { comment: "#" }), [["a"]]],
    [parse(" a, b", { trimLeadingSpace: true }), [["a", "b"]]],
    [parse('a "b",c', { lazyQuotes: true }), [['a "b"', "c"]]],
    [parse("a\nb,c", { fieldsPerRecord: -1 }), [["a"], ["b", "c"]]],
  ];
  for (const [actual, expected] of table) assertEquals(actual, expected);
  const records: Record<string, string>[] = parse("a,b\n1,2", {
    skipFirstRow: true,
  });
  assertEquals(records, [{ a: "1", b: "2" }]);
  assertThrows(() => parse('a "b",c'), SyntaxError);
  assertThrows(() => parse("a\nb,c", { fieldsPerRecord: 0 }), SyntaxError);
});

Deno.test("@std/csv writes as its declared options say", () => {
  const rows = [{ a: 1, b: "x" }];
  assertEquals(stringify([["a,", 1]]), '"a,",1\r\n');
  assertEquals(stringify(rows, { columns: ["b", "a"] }), "b,a\r\nx,1\r\n");
  assertEquals(
    stringify(rows, { columns: ["a"], headers: false, separator: ";" }),
    "1\r\n",
  );
  assertEquals(stringify([[1, 2]], { separator: ";" }), "1;2\r\n");
});

Deno.test("@std/fmt paints text and writes durations as declared", () => {
  assertEquals(stripAnsiCode(bold("text")), "text");
  const hour = 3_600_000 + 2000;
  assertEquals(format(hour, { style: "narrow", ignoreZero: true }), "1h 2s");
  assertEquals(format(hour, { style: "digital" }), "00:01:00:02:000:000:000");
  assertEquals(
    format(hour, { style: "full", ignoreZero: true }),
    "1 hour, 2 seconds",
  );
});

Deno.test("@std/path works on paths as declared", () => {
  assertEquals(basename("/a/b.ts", ".ts"), "b");
  assertEquals(dirname("/a/b.ts"), "/a");
  assertEquals(extname("b.ts"), ".ts");
  assertEquals(fromFileUrl("file:///a%20b"), "/a b");
  assertEquals(isAbsolute("a"), false);
  assertEquals(join("a", "..", "b"), "b");
  assertEquals(relative("/a/b", "/a/c"), "../c");
  assertEquals(resolve("/a", "b"), "/a/b");
  assertEquals(toFileUrl("/a b").href, "file:///a%20b");
});

Deno.test("@std/text compares words as declared", () => {
  assertEquals(levenshteinDistance("kitten", "sitting"), 3);
  assertEquals(closestString("AB", ["ax", "xyz"]), "ax");
  const options = { caseSensitive: true };
  assertEquals(closestString("AB", ["abc", "AX"], options), "AX");
});

Deno.test("declaredExports() reads functions and typed values, not types", () => {
  const signature = {
    params: [{ kind: "identifier" }, { kind: "identifier" }],
  };
  const rest = { params: [{ kind: "rest" }] };
  const doc = {
    nodes: {
      "file:///m.ts": {
        symbols: [
          {
            name: "f",
            declarations: [
              { declarationKind: "export", kind: "function", def: signature },
              { declarationKind: "export", kind: "function", def: rest },
            ],
          },
          {
            name: "v",
            declarations: [{
              declarationKind: "export",
              kind: "variable",
              def: { tsType: { kind: "fnOrConstructor", value: signature } },
            }],
          },
          {
            name: "T",
            declarations: [{ declarationKind: "export", kind: "interface" }],
          },
          {
            name: "hidden",
            declarations: [{ declarationKind: "private", kind: "function" }],
          },
        ],
      },
    },
  };
  assertEquals(declaredExports(doc).get("file:///m.ts"), [
    { name: "f", parameters: 2 },
    { name: "f", parameters: Infinity },
    { name: "v", parameters: 2 },
  ]);
});

Deno.test("realParameters() reads a function's own source", () => {
  // deno-lint-ignore ban-types
  const table: [Function, number][] = [
    [() => {}, 0],
    [(a: number, b: number) => a + b, 2],
    [(a: number, b = [1, 2]) => [a, b], 2],
    [({ a, b } = { a: 1, b: 2 }, c?: number) => [a, b, c], 2],
    [(a: number, ...rest: number[]) => [a, rest], Infinity],
  ];
  for (const [fn, expected] of table) {
    assertEquals(realParameters(fn), expected, fn.toString());
  }
});

Deno.test("compareExports() finds wrong declarations", () => {
  const real = { two: (a: number, b?: number) => [a, b], value: 1 };
  const table: [Declared, string[]][] = [
    [{ name: "two", parameters: 2 }, []],
    [{ name: "two", parameters: 1 }, []],
    [{ name: "value", parameters: undefined }, []],
    [{ name: "none", parameters: 0 }, ["none is not exported"]],
    [{ name: "toString", parameters: 0 }, ["toString is not exported"]],
    [{ name: "value", parameters: 0 }, [
      "value is a number, declared as a function",
    ]],
    [{ name: "two", parameters: 3 }, [
      "two takes 2 arguments, declared to take 3",
    ]],
  ];
  for (const [declared, expected] of table) {
    assertEquals(compareExports([declared], real), expected);
  }
});

Deno.test("satisfies() compares as caret ranges do", () => {
  const table: [string, string, boolean][] = [
    ["1.0.13", "^1.0.13", true],
    ["1.2.0", "^1.0.13", true],
    ["1.0.12", "^1.0.13", false],
    ["2.0.0", "^1.0.13", false],
    ["0.2.5", "^0.2.3", true],
    ["0.3.0", "^0.2.3", false],
    ["0.0.4", "^0.0.3", false],
    ["1.0.13", "1.0.13", true],
    ["1.0.14", "1.0.13", false],
  ];
  for (const [version, range, expected] of table) {
    assertEquals(satisfies(version, range), expected, `${version} ${range}`);
  }
});

Deno.test("satisfies() throws when a version or range is malformed", () => {
  for (const [version, range] of [["1.0", "^1.0.0"], ["1.0.0", "~1.0.0"]]) {
    assertThrows(
      () => satisfies(version, range),
      SyntaxError,
      "Cannot compare",
    );
  }
});
