/**
 * Notebooks as files: read, stripped of outputs, as TypeScript.
 *
 * @module
 */

/** One output of a cell, as nbformat has it. */
export interface CellOutput {
  /** `display_data`, `execute_result`, `stream` or `error`. */
  readonly output_type: string;
  /** Values by MIME type; texts may be lists of lines. */
  readonly data?: Readonly<Record<string, unknown>>;
  /** A stream's text. */
  readonly text?: string | readonly string[];
  /** An error's name. */
  readonly ename?: string;
  /** An error's message. */
  readonly evalue?: string;
}

/** One cell, as nbformat has it. */
export interface NotebookCell {
  /** What the cell is. */
  readonly cell_type: "code" | "markdown" | "raw";
  /** Its name, unique in the notebook. */
  readonly id?: string;
  /** What tools noted on it, such as `tags` and `execution` times. */
  readonly metadata: Readonly<Record<string, unknown>>;
  /** Its text, or its lines. */
  readonly source: string | readonly string[];
  /** What a code cell showed. */
  readonly outputs?: readonly CellOutput[];
  /** As which it was run. */
  readonly execution_count?: number | null;
}

/** A notebook of nbformat 4. */
export interface Notebook {
  /** The cells, from top to bottom. */
  readonly cells: readonly NotebookCell[];
  /** Kernel, language and what tools noted. */
  readonly metadata: Readonly<Record<string, unknown>>;
  /** Major version of the format. */
  readonly nbformat: number;
  /** Minor version of the format. */
  readonly nbformat_minor: number;
}

/** The name of the kernel that notebooks ask for. */
export const KERNEL_NAME = "loadstar";

/** What all notebooks of the project say of themselves. */
const METADATA = {
  kernelspec: {
    display_name: "Loadstar (Deno)",
    language: "typescript",
    name: KERNEL_NAME,
  },
  language_info: {
    file_extension: ".ts",
    mimetype: "text/x.typescript",
    name: "typescript",
    pygments_lexer: "typescript",
  },
};

/**
 * Reads a notebook.
 *
 * @param text The file's text.
 * @param path Its path, for errors. Throws `SyntaxError`, in one line, where
 * the text is no notebook of nbformat 4.
 */
export function readNotebook(text: string, path: string): Notebook {
  const refuse = (reason: string) =>
    new SyntaxError(`Cannot read the notebook ${path}: ${reason}`);
  let value;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw refuse((error as Error).message);
  }
  if (value?.nbformat !== 4 || !Array.isArray(value.cells)) {
    throw refuse(
      `nbformat ${value?.nbformat}, expected 4 with a list of cells`,
    );
  }
  return value;
}

/** A text that nbformat may have cut into lines. */
export function joined(text: string | readonly string[]): string {
  return typeof text === "string" ? text : text.join("");
}

/**
 * The notebook's code as one module: its cells one after the other.
 *
 * @param notebook The notebook.
 */
export function notebookCode(notebook: Notebook): string {
  return notebook.cells.filter((cell) => cell.cell_type === "code")
    .map((cell) => `${joined(cell.source)}\n`).join("\n");
}

/**
 * The files that a notebook's text links to, as relative paths.
 *
 * @param notebook The notebook.
 */
export function notebookLinks(notebook: Notebook): string[] {
  return notebook.cells.filter((cell) => cell.cell_type === "markdown")
    .flatMap((cell) =>
      Array.from(
        joined(cell.source).matchAll(/\]\((?!\w+:|#)([^)\s#]+)/g),
        ([, path]) => path.startsWith(".") ? path : `./${path}`,
      )
    );
}

/** Lines with their ends, as nbformat writes them. */
function linesOf(text: string): string[] {
  return text.split(/(?<=\n)/).filter((line) => line !== "");
}

/** Tags and whether it is folded; what else tools noted goes. */
function keptMetadata({ tags, jupyter }: NotebookCell["metadata"]) {
  return {
    ...jupyter === undefined ? {} : { jupyter },
    ...tags === undefined ? {} : { tags },
  };
}

/**
 * A notebook's text as git has it: no outputs, no counts of execution, the
 * project's metadata, keys in the order of the alphabet.
 *
 * @param notebook The notebook.
 */
export function strippedNotebook(notebook: Notebook): string {
  const cells = notebook.cells.map((cell, index) => ({
    cell_type: cell.cell_type,
    ...cell.cell_type === "code" ? { execution_count: null } : {},
    id: cell.id ?? `cell-${index + 1}`,
    metadata: keptMetadata(cell.metadata),
    ...cell.cell_type === "code" ? { outputs: [] } : {},
    source: linesOf(joined(cell.source)),
  }));
  const whole = { cells, metadata: METADATA, nbformat: 4, nbformat_minor: 5 };
  return `${JSON.stringify(whole, null, 1)}\n`;
}
