/**
 * Figures as a web page that needs no network.
 *
 * @module
 */
import { writeFileAtomically } from "../../core/atomic_file.ts";
import { formatTable, type Table } from "../../core/table.ts";
import { escapeHtml } from "../../core/escape_html.ts";
import { plainText } from "./_text.ts";
import type { Figure } from "./figure.ts";
import {
  DEFAULT_HEIGHT,
  DEFAULT_WIDTH,
  FONT_FAMILY,
  FONT_SIZE,
  TEXT_COLOR,
  TITLE_SIZE,
} from "./style.ts";
import { figureSvg } from "./svg.ts";

export type * from "./figure.ts";

/** What {@linkcode figurePage} takes. */
export interface PageOptions {
  /** Heading and title. Default: the first figure's title. */
  title?: string;
  /** Paragraphs below the heading; plain text, blank lines between them. */
  notes?: string;
  /** Tables below the notes. Default none. */
  tables?: readonly Table[];
}

/** JSON that can stand in a script element. */
function scriptJson(value: unknown): string {
  return JSON.stringify(value).replace(/</g, "\\u003c")
    .replace(/\u2028/g, "\\u2028").replace(/\u2029/g, "\\u2029");
}

/** plotly's source, for a script element. */
export async function plotlySource(): Promise<string> {
  const { default: source } = await import(
    "plotly.js-dist-min/plotly.min.js",
    { with: { type: "text" } }
  ) as unknown as { default: string };
  // Within JavaScript's strings and patterns a backslash changes nothing
  // here; in HTML these would end or unhinge the script element.
  return source.replace(/<\/script/gi, "<\\/script").replace(/<!--/g, "<\\!--");
}

/** The drawing that stands in where scripts do not run, if there is one. */
function fallback(figure: Figure, index: number): string {
  try {
    return figureSvg(figure, { idPrefix: `figure-${index + 1}` });
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    return `<p>${escapeHtml("This figure needs JavaScript.")}</p>`;
  }
}

function titleOf(figure: Figure | undefined): string {
  const { title } = (figure?.layout ?? {}) as { title?: { text?: string } };
  return plainText(title?.text ?? "") || "Figures";
}

function paragraphs(notes: string): string {
  return notes.split(/\n\s*\n/).map((text) => text.trim()).filter(Boolean)
    .map((text) => `<p>${escapeHtml(text)}</p>`).join("\n");
}

/** Characters that a line of a table has room for on a wide page. */
const TABLE_WIDTH = 130;

function tablesHtml(tables: readonly Table[]): string {
  return tables.map((table) =>
    `<pre>${escapeHtml(formatTable(table, { width: TABLE_WIDTH }))}</pre>\n`
  )
    .join("");
}

const STYLE = `
body { margin: 0 auto; max-width: 1100px; padding: 16px 24px; color: ${TEXT_COLOR}; background: #fff; font-family: ${FONT_FAMILY}; line-height: 1.45; }
h1 { font-size: 24px; margin: 12px 0; }
pre { overflow-x: auto; font-size: 13px; }
figure { margin: 24px 0; overflow-x: auto; }
figure svg { max-width: 100%; height: auto; }
`.trim();

/**
 * For pages narrower than figures are laid out for, such as a phone's: breaks
 * titles into lines, sets legends above and makes room for their rows, which
 * plotly sets 30 pixels apart, and leaves numbers out of cells that are
 * narrower. plotly itself does none of it.
 */
const FIT_SCRIPT = `
const narrow = document.body.clientWidth < ${DEFAULT_WIDTH};
const pen = document.createElement("canvas").getContext("2d");
const widthOf = (text, style) => {
  pen.font = style + "px ${FONT_FAMILY}";
  return pen.measureText(text.replace(/<[^>]*>/g, "")).width;
};
// Numbers in the cells of a heat map need room, too.
function thin(element, trace) {
  const columns = trace.type === "heatmap" ? trace.z[0]?.length ?? 0 : 0;
  const isFull = narrow && columns * 32 > element.clientWidth - 160;
  return isFull ? { ...trace, texttemplate: "" } : trace;
}
function fit(element, { data, layout }) {
  const { margin = {}, title, legend = {} } = layout;
  if (!narrow || layout.width !== undefined) return layout;
  const room = element.clientWidth - (margin.l ?? 80) - 12;
  const fitted = { ...layout };
  let more = 0;
  if (title?.text) {
    let text = "";
    for (const word of title.text.split(" ")) {
      const line = text.split("<br>").at(-1) + " " + word;
      const isLong = text !== "" && widthOf(line, "bold ${TITLE_SIZE}") > room;
      if (isLong) more += 22;
      text += (text === "" ? "" : isLong ? "<br>" : " ") + word;
    }
    fitted.title = { ...title, text };
  }
  if (layout.showlegend) {
    const planned = legend.orientation === "h" ? 22 : 0;
    const place = { x: 0, xanchor: "left", y: 1.01, yanchor: "bottom" };
    fitted.legend = { ...legend, orientation: "h", ...place };
    const widths = data.filter((trace) => trace.showlegend !== false)
      .map((trace) => 40 + widthOf(trace.name ?? "", ${FONT_SIZE}));
    let rows = 1;
    let used = 0;
    for (const width of widths) {
      if (used > 0 && used + width > room) {
        rows++;
        used = 0;
      }
      used += width;
    }
    more += (rows === 1 ? 22 : 30 * rows) - planned;
  }
  fitted.margin = { ...margin, t: (margin.t ?? 100) + more };
  element.style.height = element.clientHeight + more + "px";
  return fitted;
}`.trim();

/**
 * A self-contained page: plotly (4.8 MB) is inlined and each figure can be
 * zoomed and read off; without scripts its drawing is shown.
 *
 * @param figures One figure or several.
 * @param options Title and notes.
 */
export async function figurePage(
  figures: Figure | readonly Figure[],
  options: PageOptions = {},
): Promise<string> {
  const list = "data" in figures ? [figures] : figures;
  const title = options.title ?? titleOf(list[0]);
  const heading = options.title === undefined
    ? ""
    : `<h1>${escapeHtml(options.title)}</h1>\n`;
  const elements = list.map((figure, i) => {
    const { width, height = DEFAULT_HEIGHT } = figure.layout;
    const size = width === undefined
      ? `height:${height}px`
      : `width:${width}px;height:${height}px`;
    return `<figure aria-label="${escapeHtml(titleOf(figure))}">
<div id="figure-${i + 1}" style="${size}"></div>
<noscript>${fallback(figure, i)}</noscript>
</figure>`;
  });
  return `<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escapeHtml(title)}</title>
<style>
${STYLE}
</style>
<noscript><style>figure > div { display: none; }</style></noscript>
</head>
<body>
${heading}${paragraphs(options.notes ?? "")}
${tablesHtml(options.tables ?? [])}${elements.join("\n")}
<script>${await plotlySource()}</script>
<script>
const figures = ${scriptJson(list)};
${FIT_SCRIPT}
window.figuresDrawn = Promise.all(figures.map((figure, i) => {
  const element = document.getElementById("figure-" + (i + 1));
  const data = figure.data.map((trace) => thin(element, trace));
  return Plotly.newPlot(element, data, fit(element, figure), {
    responsive: true,
    displaylogo: false,
    ...(narrow ? { displayModeBar: false } : {}),
    toImageButtonOptions: { format: "svg" },
  });
}));
</script>
</body>
</html>
`;
}

/**
 * Writes {@linkcode figurePage} to a file.
 *
 * @param path The file's place, usually ending in `.html`.
 * @param figures One figure or several.
 * @param options Title and notes.
 */
export async function writeFigurePage(
  path: string,
  figures: Figure | readonly Figure[],
  options: PageOptions = {},
): Promise<void> {
  await writeFileAtomically(path, await figurePage(figures, options));
}
