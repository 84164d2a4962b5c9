/**
 * Figures in notebooks.
 *
 * @module
 */
import type { Figure } from "./figure.ts";
import { figureSvg } from "./svg.ts";

export type * from "./figure.ts";

const JUPYTER_DISPLAY: unique symbol = Symbol.for("Jupyter.display") as never;

/** What a notebook's cell shows when it is the cell's last value. */
export interface DisplayedFigure {
  /** The figure itself. */
  readonly figure: Figure;
  /**
   * The figure by MIME type: plotly's, and a drawing where that is not known,
   * as SVG and as an image within HTML. The drawing is missing for traces that
   * only plotly can draw.
   */
  mimeBundle(): Record<string, unknown>;
}

/**
 * What the ids in a figure's drawing begin with: an export of a notebook is
 * one page, where other figures' ids must not be the same. FNV-1a, 32 bits.
 */
function idPrefix({ data, layout }: Figure): string {
  let hash = 0x811c9dc5;
  for (const character of JSON.stringify([data, layout])) {
    hash = Math.imul(hash ^ character.codePointAt(0)!, 0x01000193);
  }
  return `figure-${(hash >>> 0).toString(36)}`;
}

/**
 * A drawing as an image within HTML. Exports by nbconvert 6 take the drawing
 * itself apart as something dangerous.
 */
function imageHtml(svg: string): string {
  const title = /<title>([^<]*)<\/title>/.exec(svg)?.[1] ?? "";
  const url = svg.replace(/[%#&<>"\r\n]/g, encodeURIComponent);
  return `<img alt="${title}" src="data:image/svg+xml,${url}">`;
}

function mimeBundle(figure: Figure): Record<string, unknown> {
  const bundle: Record<string, unknown> = {
    "application/vnd.plotly.v1+json": {
      data: figure.data,
      layout: figure.layout,
      config: { displaylogo: false, responsive: true },
    },
  };
  try {
    const svg = figureSvg(figure, { idPrefix: idPrefix(figure) });
    bundle["image/svg+xml"] = svg;
    bundle["text/html"] = imageHtml(svg);
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
  }
  return bundle;
}

/**
 * A figure that Deno's Jupyter kernel displays: let it be the last value of a
 * cell. Outside a notebook it is a plain object. Where a cell waits for
 * anything before, prefer `show` of `experiments/notebook/`: Deno 2.9 may send
 * a last value too late.
 *
 * @param figure The figure.
 *
 * @example What the kernel finds
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { displayFigure } from "./display.ts";
 * import { lineFigure } from "./line_figure.ts";
 *
 * const shown = displayFigure(lineFigure([{ name: "a", y: [1, 2] }]));
 * assertEquals(Object.keys(shown.mimeBundle()).length, 3);
 * ```
 */
export function displayFigure(figure: Figure): DisplayedFigure {
  const shown = {
    figure,
    mimeBundle: () => mimeBundle(figure),
    [JUPYTER_DISPLAY]: () => mimeBundle(figure),
  };
  return shown;
}
