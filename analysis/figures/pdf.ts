/**
 * Figures as PDF, drawn without a browser: vectors, and text in Helvetica,
 * which every viewer has.
 *
 * @module
 */
import { zlibSync } from "fflate";
import type { Rgba } from "./_color.ts";
import { drawFigure } from "./_draw.ts";
import type {
  Command,
  Drawing,
  MarkersCommand,
  RectangleCommand,
  Stroke,
  TextCommand,
} from "./_drawing.ts";
import { SYMBOL_GLYPHS } from "./_font_widths.ts";
import { PdfFile } from "./_pdf_file.ts";
import {
  measureLine,
  measureRun,
  SCRIPT_SIZE,
  SUBSCRIPT_DROP,
  SUPERSCRIPT_RISE,
  type TextRun,
  winAnsiCode,
} from "./_text.ts";
import type { Figure } from "./figure.ts";

export type * from "./figure.ts";

/** What {@linkcode figurePdf} takes. */
export interface PdfOptions {
  /** The document's title. Default: the first figure's. */
  title?: string;
}

/** Points (1/72 inch) a pixel (1/96 inch). */
const POINTS_PER_PIXEL = 0.75;
/** Control points of a quarter circle by a Bézier curve. */
const KAPPA = 0.5522847498;

const FONTS = [
  "Helvetica",
  "Helvetica-Bold",
  "Helvetica-Oblique",
  "Helvetica-BoldOblique",
  "Symbol",
] as const;

const SYMBOL_CODES = new Map(
  SYMBOL_GLYPHS.map(([character, code]) => [character, code]),
);

function short(value: number): string {
  const rounded = Math.round(value * 1000) / 1000;
  return String(rounded === 0 ? 0 : rounded);
}

/** Content of a page, and the opacities that it names. */
interface Page {
  lines: string[];
  opacities: Set<string>;
}

function colorOperands([red, green, blue]: Rgba): string {
  return [red, green, blue].map((part) => short(part / 255)).join(" ");
}

function opacityName(fill: number, stroke: number): string {
  return `A${Math.round(fill * 1000)}_${Math.round(stroke * 1000)}`;
}

/** Sets colours; true when there is anything to paint. */
function setPaint(
  page: Page,
  style: { fill?: Rgba; stroke?: Stroke },
): string | undefined {
  const fill = style.fill && style.fill[3] > 0 ? style.fill : undefined;
  const stroke = style.stroke && style.stroke.color[3] > 0
    ? style.stroke
    : undefined;
  if (fill === undefined && stroke === undefined) return undefined;
  const [fillOpacity, strokeOpacity] = [fill?.[3] ?? 1, stroke?.color[3] ?? 1];
  if (fillOpacity < 1 || strokeOpacity < 1) {
    const name = opacityName(fillOpacity, strokeOpacity);
    page.opacities.add(name);
    page.lines.push(`/${name} gs`);
  }
  if (fill !== undefined) page.lines.push(`${colorOperands(fill)} rg`);
  if (stroke !== undefined) {
    const dash = (stroke.dash ?? []).map(short).join(" ");
    page.lines.push(
      `${colorOperands(stroke.color)} RG ${
        short(stroke.width)
      } w [${dash}] 0 d 1 j`,
    );
  }
  return fill === undefined ? "S" : stroke === undefined ? "f" : "B";
}

function polyline(points: readonly number[], closed: boolean): string {
  const steps: string[] = [];
  for (let i = 0; i < points.length; i += 2) {
    const operator = i === 0 ? "m" : "l";
    steps.push(`${short(points[i])} ${short(points[i + 1])} ${operator}`);
  }
  if (closed) steps.push("h");
  return steps.join(" ");
}

function circle(x: number, y: number, r: number): string {
  const k = r * KAPPA;
  const curve = (...values: number[]) => `${values.map(short).join(" ")} c`;
  return [
    `${short(x + r)} ${short(y)} m`,
    curve(x + r, y + k, x + k, y + r, x, y + r),
    curve(x - k, y + r, x - r, y + k, x - r, y),
    curve(x - r, y - k, x - k, y - r, x, y - r),
    curve(x + k, y - r, x + r, y - k, x + r, y),
    "h",
  ].join(" ");
}

function markers(page: Page, command: MarkersCommand, operator: string): void {
  const { points, radii, shape } = command;
  radii.forEach((radius, i) => {
    const [x, y] = [points[2 * i], points[2 * i + 1]];
    const outline = shape === "circle"
      ? circle(x, y, radius)
      : polyline(shape.map((v, k) => v * radius + (k % 2 ? y : x)), true);
    page.lines.push(`${outline} ${operator}`);
  });
}

function rectangleOperand(box: RectangleCommand | Command & { kind: "clip" }) {
  return `${short(box.x)} ${short(box.y)} ${short(box.width)} ${
    short(box.height)
  } re`;
}

/** The number of a font in {@linkcode FONTS}. */
function fontOf(run: TextRun, character: string): number {
  if (winAnsiCode(character) < 0 && SYMBOL_CODES.has(character)) return 4;
  return (run.bold ? 1 : 0) + (run.italic ? 2 : 0);
}

/** Characters of one font, as a hexadecimal string; "?" for unknown ones. */
function encode(text: string, font: number): string {
  const codes = Array.from(text, (character) => {
    const code = font === 4
      ? SYMBOL_CODES.get(character)!
      : winAnsiCode(character);
    return (code < 0 ? 63 : code).toString(16).padStart(2, "0");
  });
  return `<${codes.join("")}>`;
}

/** A run cut into pieces of one font each. */
function fontPieces(run: TextRun): { font: number; text: string }[] {
  const pieces: { font: number; text: string }[] = [];
  for (const character of run.text) {
    const font = fontOf(run, character);
    const last = pieces.at(-1);
    if (last?.font === font) last.text += character;
    else pieces.push({ font, text: character });
  }
  return pieces;
}

function textLine(page: Page, command: TextCommand): void {
  const { x, y, size, color, anchor, angle, runs } = command;
  const width = measureLine(runs, size);
  let along = anchor === "start" ? 0 : anchor === "end" ? -width : -width / 2;
  const radians = angle * Math.PI / 180;
  const [cosine, sine] = [Math.cos(radians), Math.sin(radians)];
  page.lines.push("BT", `${colorOperands(color)} rg`);
  for (const run of runs) {
    const down = run.script > 0
      ? -SUPERSCRIPT_RISE * size
      : run.script < 0
      ? SUBSCRIPT_DROP * size
      : 0;
    const runSize = run.script === 0 ? size : size * SCRIPT_SIZE;
    for (const piece of fontPieces(run)) {
      const left = x + along * cosine - down * sine;
      const base = y + along * sine + down * cosine;
      // The page is upside down, so text is turned over once more.
      const matrix = [cosine, sine, sine, -cosine, left, base].map(short);
      page.lines.push(
        `/F${piece.font} ${short(runSize)} Tf ${matrix.join(" ")} Tm ${
          encode(piece.text, piece.font)
        } Tj`,
      );
      along += measureRun({ ...run, text: piece.text }, size);
    }
  }
  page.lines.push("ET");
}

function draw(page: Page, command: Command): void {
  page.lines.push("q");
  if (command.kind === "text") textLine(page, command);
  else if (command.kind === "clip") {
    page.lines.push(`${rectangleOperand(command)} W n`);
    for (const inner of command.commands) draw(page, inner);
  } else {
    const operator = setPaint(page, command);
    if (operator !== undefined) {
      if (command.kind === "rectangle") {
        page.lines.push(`${rectangleOperand(command)} ${operator}`);
      } else if (command.kind === "markers") markers(page, command, operator);
      else {
        const outline = command.parts
          .map((part) => polyline(part, command.closed)).join("\n");
        page.lines.push(`${outline} ${operator}`);
      }
    }
  }
  page.lines.push("Q");
}

function addPage(
  file: PdfFile,
  drawing: Drawing,
  shared: { fonts: string; parent: number },
): number {
  const { width, height, commands } = drawing;
  const scale = POINTS_PER_PIXEL;
  const page: Page = {
    lines: [`${scale} 0 0 ${-scale} 0 ${short(height * scale)} cm`],
    opacities: new Set(),
  };
  for (const command of commands) draw(page, command);
  const content = file.addStream(
    "/Filter /FlateDecode",
    zlibSync(new TextEncoder().encode(page.lines.join("\n"))),
  );
  const states = [...page.opacities].map((name) => {
    const [fill, stroke] = name.slice(1).split("_").map((v) =>
      Number(v) / 1000
    );
    return `/${name} << /ca ${fill} /CA ${stroke} >>`;
  });
  return file.add(
    `<< /Type /Page /Parent ${shared.parent} 0 R /MediaBox [0 0 ${
      short(width * scale)
    } ${
      short(height * scale)
    }] /Contents ${content} 0 R /Resources << /Font << ${shared.fonts} >> /ExtGState << ${
      states.join(" ")
    } >> >> >>`,
  );
}

/** Text of the document's properties: UTF-16 with its mark. */
function documentText(text: string): string {
  let hex = "feff";
  for (let i = 0; i < text.length; i++) {
    hex += text.charCodeAt(i).toString(16).padStart(4, "0");
  }
  return `<${hex}>`;
}

/**
 * Figures as a PDF document, a page each. The same figures give the same
 * bytes: there is no date in it.
 *
 * Characters beyond Western European letters, Greek letters and the common
 * mathematical signs become question marks.
 *
 * @param figures One figure or several. Throws `TypeError` for traces and
 * axes that only plotly can draw, and `RangeError` without any figure.
 * @param options The document's title.
 */
export function figurePdf(
  figures: Figure | readonly Figure[],
  options: PdfOptions = {},
): Uint8Array {
  const list = "data" in figures ? [figures] : figures;
  if (list.length === 0) {
    throw new RangeError("Cannot draw no figures, expected at least one");
  }
  const drawings = list.map(drawFigure);
  const file = new PdfFile();
  const catalog = file.reserve();
  const parent = file.reserve();
  const fonts = FONTS.map((name, i) => {
    const encoding = name === "Symbol" ? "" : " /Encoding /WinAnsiEncoding";
    const number = file.add(
      `<< /Type /Font /Subtype /Type1 /BaseFont /${name}${encoding} >>`,
    );
    return `/F${i} ${number} 0 R`;
  }).join(" ");
  const pages = drawings.map((drawing) =>
    addPage(file, drawing, { fonts, parent })
  );
  file.set(catalog, `<< /Type /Catalog /Pages ${parent} 0 R >>`);
  file.set(
    parent,
    `<< /Type /Pages /Count ${pages.length} /Kids [${
      pages.map((number) => `${number} 0 R`).join(" ")
    }] >>`,
  );
  const title = options.title ?? drawings[0].title;
  const info = file.add(
    `<< /Title ${documentText(title)} /Producer (Loadstar) >>`,
  );
  return file.bytes({ catalog, info });
}
