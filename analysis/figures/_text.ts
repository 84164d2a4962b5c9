/** Text with plotly's few tags, and how wide it is in Helvetica. */
import {
  HELVETICA_BOLD_WIDTHS,
  HELVETICA_WIDTHS,
  SYMBOL_GLYPHS,
} from "./_font_widths.ts";

/** A piece of text in one style. */
export interface TextRun {
  text: string;
  bold: boolean;
  italic: boolean;
  /** 1 above the line, -1 below it. */
  script: -1 | 0 | 1;
}

/** Size of sub- and superscripts against the text's. */
export const SCRIPT_SIZE = 0.72;
/** How far a superscript is raised, in font sizes. */
export const SUPERSCRIPT_RISE = 0.36;
/** How far a subscript is lowered, in font sizes. */
export const SUBSCRIPT_DROP = 0.18;
/** From baseline to baseline, in font sizes. */
export const LINE_HEIGHT = 1.25;
/** Height of capitals and digits, in font sizes. */
export const CAP_HEIGHT = 0.72;

const ENTITIES: Record<string, string> = {
  "&lt;": "<",
  "&gt;": ">",
  "&amp;": "&",
  "&nbsp;": "\u00a0",
};

const SYMBOL_WIDTHS = new Map(
  SYMBOL_GLYPHS.map(([character, _code, width]) => [character, width]),
);

/** cp1252's characters of codes 0x80 to 0x9f. */
const CP1252 = "€\0‚ƒ„…†‡ˆ‰Š‹Œ\0Ž\0\0‘’“”•–—˜™š›œ\0žŸ";

/** The character's code in WinAnsiEncoding, or -1. */
export function winAnsiCode(character: string): number {
  const code = character.codePointAt(0)!;
  if ((code >= 32 && code < 127) || (code >= 160 && code < 256)) return code;
  const index = code === 0 ? -1 : CP1252.indexOf(character);
  return index < 0 ? -1 : 0x80 + index;
}

/** Splits text with tags into lines of runs. Unknown tags are dropped. */
export function parseText(text: string): TextRun[][] {
  const lines: TextRun[][] = [[]];
  let bold = 0;
  let italic = 0;
  const scripts: (1 | -1)[] = [];
  // A lone "<", as in "p < 0.05", is text.
  for (const token of text.split(/(<\/?[a-zA-Z][^<>]*>)/)) {
    const tag = /^<(\/?)([a-zA-Z]+)/.exec(token);
    if (tag === null || !token.endsWith(">")) {
      const plain = token.replace(/&(?:lt|gt|amp|nbsp);/g, (e) => ENTITIES[e]);
      plain.split("\n").forEach((part, i) => {
        if (i > 0) lines.push([]);
        if (part !== "") {
          lines.at(-1)!.push({
            text: part,
            bold: bold > 0,
            italic: italic > 0,
            script: scripts.at(-1) ?? 0,
          });
        }
      });
      continue;
    }
    const change = tag[1] === "/" ? -1 : 1;
    const name = tag[2].toLowerCase();
    if (name === "br") lines.push([]);
    if (name === "b" || name === "strong") bold += change;
    if (name === "i" || name === "em") italic += change;
    if (name === "sup" || name === "sub") {
      if (change > 0) scripts.push(name === "sup" ? 1 : -1);
      else scripts.pop();
    }
  }
  return lines;
}

/** Text without its tags. */
export function plainText(text: string): string {
  return parseText(text)
    .map((line) => line.map((run) => run.text).join("")).join(" ");
}

/** Width of a character in thousandths of the font size. */
export function characterWidth(character: string, bold: boolean): number {
  const code = winAnsiCode(character);
  if (code >= 0) {
    return (bold ? HELVETICA_BOLD_WIDTHS : HELVETICA_WIDTHS)[code - 32];
  }
  // Wide enough for what only the viewer's fallback font knows.
  return SYMBOL_WIDTHS.get(character) ??
    (character.codePointAt(0)! >= 0x2e80 ? 1000 : 600);
}

/** Width of a run in pixels. */
export function measureRun(run: TextRun, size: number): number {
  let width = 0;
  for (const character of run.text) {
    width += characterWidth(character, run.bold);
  }
  return width / 1000 * size * (run.script === 0 ? 1 : SCRIPT_SIZE);
}

/** Width of a line in pixels. */
export function measureLine(line: readonly TextRun[], size: number): number {
  return line.reduce((sum, run) => sum + measureRun(run, size), 0);
}

/** Width of the widest line and height of all lines, in pixels. */
export function measureText(
  text: string,
  size: number,
): { width: number; height: number } {
  const lines = parseText(text);
  return {
    width: Math.max(...lines.map((line) => measureLine(line, size))),
    height: lines.length * LINE_HEIGHT * size,
  };
}

/** Breaks text at spaces so that its lines fit the width where they can. */
export function wrapText(
  text: string,
  options: { size: number; width: number },
): string {
  const { size, width } = options;
  const lines: string[] = [];
  for (const word of text.split(" ")) {
    const longer = lines.length === 0 ? word : `${lines.at(-1)} ${word}`;
    if (lines.length > 0 && measureText(longer, size).width <= width) {
      lines[lines.length - 1] = longer;
    } else lines.push(word);
  }
  return lines.join("<br>");
}
