/**
 * Figures as files.
 *
 * @module
 */
import { extname } from "@std/path";
import { writeFileAtomically } from "../../core/atomic_file.ts";
import { FigureBrowser } from "./browser.ts";
import type { Figure } from "./figure.ts";
import { writeFigurePage } from "./page.ts";
import { figurePdf } from "./pdf.ts";
import { figureSvg } from "./svg.ts";

export type * from "./figure.ts";
export { FigureBrowser, type RenderOptions } from "./browser.ts";

/** What {@linkcode writeFigure} takes. */
export interface WriteFigureOptions {
  /** Title of a page or document. Default: the first figure's. */
  title?: string;
  /** Paragraphs of a page, below its heading. */
  notes?: string;
  /**
   * Who draws SVG, PDF and PNG: the house, or plotly in an installed
   * Chromium, which knows every kind of trace. PNG needs Chromium in either
   * case. Default `"house"`.
   */
  renderer?: "house" | "browser";
  /**
   * The run's Chromium. Without one, a Chromium is started and ended for this
   * file alone, if the file needs it.
   */
  browser?: FigureBrowser;
  /** Pixels of a PNG for each pixel of the figure. Default 2. */
  scale?: number;
}

/** What a figure can be written as. */
export const FIGURE_SUFFIXES = [".html", ".svg", ".pdf", ".png"] as const;

async function withBrowser<T>(
  options: WriteFigureOptions,
  use: (browser: FigureBrowser) => Promise<T>,
): Promise<T> {
  if (options.browser !== undefined) return await use(options.browser);
  await using browser = new FigureBrowser();
  return await use(browser);
}

/** The file's content, drawn by plotly in a browser. */
function renderInBrowser(
  figures: readonly Figure[],
  suffix: string,
  options: WriteFigureOptions,
): Promise<Uint8Array | string> {
  const render = {
    drawnBy: options.renderer === "browser" ? "plotly" : "house",
    scale: options.scale,
  } as const;
  return withBrowser<Uint8Array | string>(options, (browser) => {
    if (suffix === ".png") return browser.png(figures, render);
    if (suffix === ".pdf") return browser.pdf(figures, render);
    if (figures.length !== 1) {
      throw new RangeError(
        `Cannot write ${figures.length} figures as plotly's SVG, expected one figure`,
      );
    }
    return browser.svg(figures[0]);
  });
}

/**
 * Writes figures as what the path's suffix says: `.html` (a page that needs no
 * network), `.svg`, `.pdf` (a page each) or `.png`. Several figures stand
 * below each other. The same figures give the same bytes.
 *
 * @param path The file's place. Throws `RangeError` for another suffix.
 * @param figures One figure or several. Throws `RangeError` for none, and
 * `TypeError` for traces that need `renderer: "browser"`.
 * @param options Title, notes, renderer, browser, scale.
 *
 * @example A figure as PDF
 * ```ts
 * import { assert } from "@std/assert";
 * import { writeFigure } from "./export.ts";
 * import { lineFigure } from "./line_figure.ts";
 *
 * const folder = await Deno.makeTempDir();
 * const path = `${folder}/cost.pdf`;
 * await writeFigure(path, lineFigure([{ name: "cost", y: [3, 1, 2] }]));
 * assert((await Deno.stat(path)).size > 0);
 * await Deno.remove(folder, { recursive: true });
 * ```
 */
export async function writeFigure(
  path: string,
  figures: Figure | readonly Figure[],
  options: WriteFigureOptions = {},
): Promise<void> {
  const suffix = extname(path).toLowerCase();
  if (!(FIGURE_SUFFIXES as readonly string[]).includes(suffix)) {
    throw new RangeError(
      `Cannot write a figure to ${
        JSON.stringify(path)
      }, expected a name ending in ${FIGURE_SUFFIXES.join(", ")}`,
    );
  }
  const list = "data" in figures ? [figures] : figures;
  if (list.length === 0) {
    throw new RangeError("Cannot write no figures, expected at least one");
  }
  const { title, notes, renderer = "house" } = options;
  if (suffix === ".html") {
    await writeFigurePage(path, list, { title, notes });
  } else if (suffix === ".png" || renderer === "browser") {
    await writeFileAtomically(
      path,
      await renderInBrowser(list, suffix, options),
    );
  } else if (suffix === ".pdf") {
    await writeFileAtomically(path, figurePdf(list, { title }));
  } else await writeFileAtomically(path, figureSvg(list));
}
