/**
 * Figures as SVG, drawn without a browser.
 *
 * @module
 */
import { escapeHtml } from "../../core/escape_html.ts";
import { hexColor, type Rgba } from "./_color.ts";
import { drawFigure } from "./_draw.ts";
import {
  type Command,
  type Drawing,
  type MarkersCommand,
  stackDrawings,
  type Stroke,
  type TextCommand,
} from "./_drawing.ts";
import { SCRIPT_SIZE, SUBSCRIPT_DROP, SUPERSCRIPT_RISE } from "./_text.ts";
import type { Figure } from "./figure.ts";
import { FONT_FAMILY } from "./style.ts";

export type * from "./figure.ts";

/** What {@linkcode figureSvg} takes. */
export interface SvgOptions {
  /**
   * What the ids within begin with, so that several drawings can stand in one
   * page. Default `"figure"`.
   */
  idPrefix?: string;
}

function escapeXml(text: string): string {
  // Without the characters that XML cannot hold.
  return escapeHtml(text)
    // deno-lint-ignore no-control-regex
    .replace(/[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]/g, "\ufffd");
}

/** A length with two decimals at most. */
function short(value: number): string {
  const rounded = Math.round(value * 100) / 100;
  return String(rounded === 0 ? 0 : rounded);
}

function paint(name: "fill" | "stroke", color: Rgba | undefined): string {
  if (color === undefined || color[3] === 0) {
    return name === "fill" ? ' fill="none"' : "";
  }
  const opacity = color[3] < 1 ? ` ${name}-opacity="${short(color[3])}"` : "";
  return ` ${name}="${hexColor(color)}"${opacity}`;
}

function strokeAttributes(stroke: Stroke | undefined): string {
  if (stroke === undefined) return "";
  const dash = stroke.dash === undefined
    ? ""
    : ` stroke-dasharray="${stroke.dash.map(short).join(" ")}"`;
  return `${paint("stroke", stroke.color)} stroke-width="${
    short(stroke.width)
  }"${dash} stroke-linejoin="round"`;
}

function pathData(points: readonly number[], closed: boolean): string {
  let data = "";
  for (let i = 0; i < points.length; i += 2) {
    data += `${i === 0 ? "M" : "L"}${short(points[i])},${short(points[i + 1])}`;
  }
  return closed ? `${data}Z` : data;
}

function markersSvg(command: MarkersCommand): string {
  const { points, radii, shape } = command;
  const marks = radii.map((radius, i) => {
    const [x, y] = [points[2 * i], points[2 * i + 1]];
    if (shape === "circle") {
      return `<circle cx="${short(x)}" cy="${short(y)}" r="${short(radius)}"/>`;
    }
    const moved = shape.map((value, k) => value * radius + (k % 2 ? y : x));
    return `<path d="${pathData(moved, true)}"/>`;
  });
  return `<g${paint("fill", command.fill)}${strokeAttributes(command.stroke)}>${
    marks.join("")
  }</g>`;
}

function textSvg(command: TextCommand): string {
  const { x, y, size, color, anchor, angle, runs } = command;
  let shift = 0;
  const spans = runs.map(({ text, bold, italic, script }) => {
    const target = script > 0
      ? -SUPERSCRIPT_RISE * size
      : script < 0
      ? SUBSCRIPT_DROP * size
      : 0;
    const move = target - shift;
    shift = target;
    const attributes = (bold ? ' font-weight="bold"' : "") +
      (italic ? ' font-style="italic"' : "") +
      (script === 0 ? "" : ` font-size="${short(size * SCRIPT_SIZE)}"`) +
      (move === 0 ? "" : ` dy="${short(move)}"`);
    const content = escapeXml(text);
    return attributes === ""
      ? content
      : `<tspan${attributes}>${content}</tspan>`;
  });
  const turned = angle === 0
    ? ""
    : ` transform="rotate(${short(angle)} ${short(x)} ${short(y)})"`;
  const anchored = anchor === "start" ? "" : ` text-anchor="${anchor}"`;
  return `<text x="${short(x)}" y="${short(y)}" font-size="${short(size)}"${
    paint("fill", color)
  }${anchored}${turned}>${spans.join("")}</text>`;
}

function commandSvg(command: Command, nextId: () => string): string {
  switch (command.kind) {
    case "path": {
      const data = command.parts
        .map((part) => pathData(part, command.closed)).join("");
      return `<path d="${data}"${paint("fill", command.fill)}${
        strokeAttributes(command.stroke)
      }/>`;
    }
    case "markers":
      return markersSvg(command);
    case "rectangle":
      return `<rect x="${short(command.x)}" y="${short(command.y)}" width="${
        short(command.width)
      }" height="${short(command.height)}"${paint("fill", command.fill)}${
        strokeAttributes(command.stroke)
      }/>`;
    case "text":
      return textSvg(command);
    case "clip": {
      const id = nextId();
      const inner = command.commands
        .map((one) => commandSvg(one, nextId)).join("\n");
      return `<clipPath id="${id}"><rect x="${short(command.x)}" y="${
        short(command.y)
      }" width="${short(command.width)}" height="${
        short(command.height)
      }"/></clipPath>\n<g clip-path="url(#${id})">\n${inner}\n</g>`;
    }
  }
}

/** A drawing as SVG text. */
function drawingSvg(drawing: Drawing, idPrefix: string): string {
  const { width, height, title, commands } = drawing;
  let ids = 0;
  const nextId = () => `${idPrefix}-clip-${++ids}`;
  const lines = commands.map((command) => commandSvg(command, nextId));
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" role="img" font-family="${FONT_FAMILY}" style="white-space:pre">
<title>${escapeXml(title)}</title>
${lines.join("\n")}
</svg>
`;
}

/**
 * A figure as SVG text; several are set below each other. Lines, bands,
 * points, bars, histograms and heat maps are drawn as plotly would, in the
 * house's style; axes may be linear, logarithmic or of categories.
 *
 * @param figures One figure or several. Throws `TypeError` for traces and
 * axes that only plotly can draw, and `RangeError` without any figure.
 * @param options How ids begin.
 *
 * @example A line
 * ```ts
 * import { assertStringIncludes } from "@std/assert";
 * import { lineFigure } from "./line_figure.ts";
 * import { figureSvg } from "./svg.ts";
 *
 * const svg = figureSvg(lineFigure([{ name: "cost", y: [3, 1, 2] }]));
 * assertStringIncludes(svg, "</svg>");
 * ```
 */
export function figureSvg(
  figures: Figure | readonly Figure[],
  options: SvgOptions = {},
): string {
  const { idPrefix = "figure" } = options;
  const list = "data" in figures ? [figures] : figures;
  if (list.length === 0) {
    throw new RangeError("Cannot draw no figures, expected at least one");
  }
  return drawingSvg(stackDrawings(list.map(drawFigure)), idPrefix);
}
