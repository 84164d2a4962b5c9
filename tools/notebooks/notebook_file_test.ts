import { assertEquals, assertThrows } from "@std/assert";
import {
  joined,
  notebookCode,
  notebookLinks,
  readNotebook,
  strippedNotebook,
} from "./notebook_file.ts";

const EXECUTED = JSON.stringify({
  cells: [
    { cell_type: "markdown", id: "a", metadata: {}, source: "# A\ntext" },
    {
      cell_type: "code",
      id: "b",
      execution_count: 3,
      metadata: { tags: ["parameters"], execution: { x: "2026" } },
      outputs: [{ output_type: "stream", name: "stdout", text: ["1\n"] }],
      source: ["const a = 1;\n", "a;"],
    },
    {
      cell_type: "code",
      execution_count: null,
      metadata: {},
      outputs: [],
      source: "a + 1;",
    },
  ],
  metadata: { kernelspec: { name: "deno" }, widgets: {} },
  nbformat: 4,
  nbformat_minor: 4,
});

Deno.test("strippedNotebook() leaves neither outputs nor traces of a run", () => {
  const text = strippedNotebook(readNotebook(EXECUTED, "a.ipynb"));
  const { cells, metadata } = JSON.parse(text);
  assertEquals(cells[0].source, ["# A\n", "text"]);
  assertEquals(cells[1], {
    cell_type: "code",
    execution_count: null,
    id: "b",
    metadata: { tags: ["parameters"] },
    outputs: [],
    source: ["const a = 1;\n", "a;"],
  });
  assertEquals(cells[2].id, "cell-3");
  assertEquals(metadata.kernelspec.name, "loadstar");
  assertEquals(metadata.widgets, undefined);
  assertEquals(strippedNotebook(readNotebook(text, "a.ipynb")), text);
});

Deno.test("notebookCode() is the cells' code in their order", () => {
  const notebook = readNotebook(EXECUTED, "a.ipynb");
  assertEquals(notebookCode(notebook), "const a = 1;\na;\n\na + 1;\n");
});

Deno.test("notebookLinks() are those to files", () => {
  const source =
    "[a](a.ipynb), [b](../docs/b.md#part), [c](https://c.org), [d](#d)";
  const notebook = {
    ...readNotebook(EXECUTED, "a.ipynb"),
    cells: [{ cell_type: "markdown" as const, metadata: {}, source }],
  };
  assertEquals(notebookLinks(notebook), ["./a.ipynb", "../docs/b.md"]);
});

Deno.test("readNotebook() says in one line what is no notebook", () => {
  for (
    const [text, reason] of [
      ["{", "Cannot read the notebook a.ipynb: "],
      ["[]", "nbformat undefined, expected 4"],
      ['{"nbformat": 3, "worksheets": []}', "nbformat 3, expected 4"],
      ["null", "nbformat undefined, expected 4"],
    ]
  ) {
    const { message } = assertThrows(
      () => readNotebook(text, "a.ipynb"),
      SyntaxError,
      reason,
    );
    assertEquals(message.split("\n").length, 1);
  }
});

Deno.test("joined() takes texts and lists of lines", () => {
  assertEquals(joined(["a\n", "b"]), "a\nb");
  assertEquals(joined("a"), "a");
});
