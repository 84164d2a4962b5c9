import {
  assert,
  assertEquals,
  assertStringIncludes,
  assertThrows,
} from "@std/assert";
import { unzlibSync } from "fflate";
import { sampleFigures } from "./_sample_figures.ts";
import { figurePdf } from "./pdf.ts";

const latin1 = new TextDecoder("latin1");

/** Contents of all streams of a document. */
function streams(pdf: Uint8Array): string[] {
  const text = latin1.decode(pdf);
  return [...text.matchAll(/\/Length (\d+) >>\nstream\n/g)].map((found) => {
    const start = found.index + found[0].length;
    const bytes = pdf.subarray(start, start + Number(found[1]));
    assertEquals(
      text.slice(start + Number(found[1])).slice(0, 10),
      "\nendstream",
    );
    return latin1.decode(unzlibSync(bytes));
  });
}

Deno.test("figurePdf() lists where its objects begin", () => {
  const pdf = figurePdf(Object.values(sampleFigures()));
  const text = latin1.decode(pdf);
  assert(text.startsWith("%PDF-1.4\n") && text.endsWith("%%EOF\n"));
  const table = Number(/startxref\n(\d+)\n/.exec(text)![1]);
  assert(text.slice(table).startsWith("xref\n"));
  const offsets = [...text.slice(table).matchAll(/^(\d{10}) 00000 n $/gm)];
  assert(offsets.length > 10);
  offsets.forEach(([, offset], i) =>
    assert(text.slice(Number(offset)).startsWith(`${i + 1} 0 obj\n`))
  );
  assertStringIncludes(text, `/Size ${offsets.length + 1} `);
});

Deno.test("figurePdf() draws finite numbers and balanced states", () => {
  const figures = Object.values(sampleFigures());
  const contents = streams(figurePdf(figures));
  assertEquals(contents.length, figures.length);
  for (const content of contents) {
    assert(!/NaN|Infinity|undefined|e[-+]\d/.test(content));
    const lines = content.split("\n");
    const count = (name: string) => lines.filter((one) => one === name).length;
    assertEquals(count("q"), count("Q"));
    assertEquals(count("BT"), count("ET"));
  }
});

Deno.test("figurePdf() sets Greek letters and signs in the Symbol font", () => {
  const [content] = streams(figurePdf(sampleFigures().logarithmic));
  // Greek rho of the axis title is code 0x72 of Symbol.
  assert(/\/F4 [\d.]+ Tf [^\n]*<72> Tj/.test(content));
});

Deno.test("figurePdf() gives the same bytes for the same figure", () => {
  assertEquals(
    figurePdf(sampleFigures().fourInOne),
    figurePdf(sampleFigures().fourInOne),
  );
});

Deno.test("figurePdf() names the document", () => {
  const title = (pdf: Uint8Array) => {
    const hex = /\/Title <feff([0-9a-f]*)>/.exec(latin1.decode(pdf))![1];
    return hex.match(/.{4}/g)!
      .map((code) => String.fromCharCode(parseInt(code, 16))).join("");
  };
  const { lines } = sampleFigures();
  assertEquals(title(figurePdf(lines)), "Mean return over 10 seeds");
  assertEquals(title(figurePdf(lines, { title: "Größe (λ)" })), "Größe (λ)");
  assertThrows(() => figurePdf([]), RangeError, "Cannot draw no figures");
});
