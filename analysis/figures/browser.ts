/**
 * Figures drawn by an installed Chromium.
 *
 * @module
 */
import { type Chromium, startChromium } from "./_chromium.ts";
import { plotlySource } from "./page.ts";
import type { Figure } from "./figure.ts";
import { DEFAULT_HEIGHT, DEFAULT_WIDTH } from "./style.ts";
import { figureSvg } from "./svg.ts";

export type * from "./figure.ts";

/** How {@linkcode FigureBrowser} renders. */
export interface RenderOptions {
  /**
   * Who draws: the house (as in {@linkcode figureSvg}), or plotly in the
   * browser, which knows every kind of trace. Default house.
   */
  drawnBy?: "house" | "plotly";
  /** Pixels of the image for each pixel of the figure. Default 2. */
  scale?: number;
}

/** Size of a page that holds all figures below each other. */
function pageSize(figures: readonly Figure[]): {
  width: number;
  height: number;
} {
  const widths = figures.map(({ layout }) => layout.width ?? DEFAULT_WIDTH);
  const heights = figures.map(({ layout }) => layout.height ?? DEFAULT_HEIGHT);
  return {
    width: Math.max(...widths),
    height: heights.reduce((sum, height) => sum + height, 0),
  };
}

function decodeBase64(text: string): Uint8Array {
  return Uint8Array.fromBase64(text);
}

/** plotly sets attributes in an order that depends on what it drew before. */
function withSortedAttributes(svg: string): string {
  return svg.replace(
    /<([\w:-]+)((?:\s+[\w:-]+="[^"]*")+)/g,
    (_, name: string, attributes: string) => {
      const sorted = attributes.match(/[\w:-]+="[^"]*"/g)!.sort();
      return `<${name} ${sorted.join(" ")}`;
    },
  );
}

/** Sets Chromium's dates to a constant of the same length. */
function withoutDates(pdf: Uint8Array): Uint8Array {
  const mark = (text: string) => new TextEncoder().encode(text);
  const zeros = mark("D:20000101000000+00'00'");
  for (const key of [mark("/CreationDate ("), mark("/ModDate (")]) {
    for (let i = 0; i + key.length < pdf.length; i++) {
      if (!key.every((byte, k) => pdf[i + k] === byte)) continue;
      const start = i + key.length;
      const end = pdf.indexOf(0x29, start);
      pdf.set(zeros.subarray(0, end - start), start);
    }
  }
  return pdf;
}

/**
 * One Chromium for a whole run. It starts with the first rendering and must be
 * closed, best by `await using`.
 */
export class FigureBrowser implements AsyncDisposable {
  #starting: Promise<Chromium> | undefined;
  #closed = false;
  /** One rendering after the other: there is one page. */
  #last: Promise<unknown> = Promise.resolve();

  #chromium(): Promise<Chromium> {
    if (this.#closed) {
      throw new Error("Cannot draw with a browser that was closed");
    }
    return this.#starting ??= startChromium();
  }

  async #show(
    chromium: Chromium,
    figures: readonly Figure[],
    drawnBy: "house" | "plotly" = "house",
  ): Promise<{ width: number; height: number }> {
    const size = pageSize(figures);
    const { width, height } = size;
    const { frameTree } = await chromium.send("Page.getFrameTree") as {
      frameTree: { frame: { id: string } };
    };
    const svg = drawnBy === "house"
      ? figureSvg(figures)
      : (await this.#plot(chromium, figures)).join("");
    await chromium.send("Page.setDocumentContent", {
      frameId: frameTree.frame.id,
      html:
        `<!DOCTYPE html><style>@page{size:${width}px ${height}px;margin:0}html,body{margin:0;height:${height}px;overflow:hidden}svg{display:block}</style><body>${svg}`,
    });
    await chromium.evaluate("document.fonts.ready.then(() => true)");
    return size;
  }

  /** plotly's drawings of the figures as SVG. */
  async #plot(
    chromium: Chromium,
    figures: readonly Figure[],
  ): Promise<string[]> {
    if (!await chromium.evaluate("typeof Plotly === 'object'")) {
      await chromium.evaluate(`${await plotlySource()}\n;true`);
    }
    // plotly draws names of clips at random; the same figure shall give the
    // same bytes.
    await chromium.evaluate(
      "{ let s = 1; Object.assign(Math, { random: () => (s = s * 16807 % 2147483647) / 2147483647 }); }",
    );
    const drawings: string[] = [];
    for (const { data, layout } of figures) {
      const { width = DEFAULT_WIDTH, height = DEFAULT_HEIGHT } = layout;
      const figure = JSON.stringify({ data, layout });
      const address = await chromium.evaluate(
        `Plotly.toImage(${figure}, {format: "svg", width: ${width}, height: ${height}})`,
      );
      const source = String(address).replace(/^[^,]*,/, "");
      drawings.push(withSortedAttributes(decodeURIComponent(source)));
    }
    return drawings;
  }

  #render<T>(
    figures: Figure | readonly Figure[],
    options: RenderOptions,
    finish: (
      chromium: Chromium,
      size: { width: number; height: number },
    ) => Promise<T>,
  ): Promise<T> {
    const list = "data" in figures ? [figures] : figures;
    return this.#queued(async (chromium) =>
      finish(chromium, await this.#show(chromium, list, options.drawnBy))
    );
  }

  #queued<T>(work: (chromium: Chromium) => Promise<T>): Promise<T> {
    const result = this.#last.catch(() => {}).then(async () =>
      work(await this.#chromium())
    );
    this.#last = result;
    return result;
  }

  /**
   * Figures as a PNG image, below each other. Throws `Error` when Chromium is
   * not installed or a permission (run, net to 127.0.0.1, write) is missing.
   *
   * @param figures One figure or several.
   * @param options Who draws, and the scale.
   */
  png(
    figures: Figure | readonly Figure[],
    options: RenderOptions = {},
  ): Promise<Uint8Array> {
    const { scale = 2 } = options;
    return this.#render(figures, options, async (chromium, size) => {
      await chromium.send("Emulation.setDeviceMetricsOverride", {
        ...size,
        deviceScaleFactor: scale,
        mobile: false,
      });
      const { data } = await chromium.send("Page.captureScreenshot", {
        format: "png",
        clip: { x: 0, y: 0, ...size, scale: 1 },
        captureBeyondViewport: true,
      });
      return decodeBase64(data as string);
    });
  }

  /**
   * Figures as a PDF document of one page, below each other. Throws as
   * {@linkcode FigureBrowser.png} does.
   *
   * @param figures One figure or several.
   * @param options Who draws.
   */
  pdf(
    figures: Figure | readonly Figure[],
    options: RenderOptions = {},
  ): Promise<Uint8Array> {
    return this.#render(figures, options, async (chromium, size) => {
      const { data } = await chromium.send("Page.printToPDF", {
        printBackground: true,
        preferCSSPageSize: true,
        paperWidth: size.width / 96,
        paperHeight: size.height / 96,
        marginTop: 0,
        marginBottom: 0,
        marginLeft: 0,
        marginRight: 0,
      });
      return withoutDates(decodeBase64(data as string));
    });
  }

  /**
   * A figure as plotly's own SVG. Throws as {@linkcode FigureBrowser.png}
   * does.
   *
   * @param figure The figure.
   */
  svg(figure: Figure): Promise<string> {
    return this.#queued(async (chromium) => {
      const [drawing] = await this.#plot(chromium, [figure]);
      return `${drawing}\n`;
    });
  }

  /** Ends Chromium if it was started. Calling it again does nothing. */
  async close(): Promise<void> {
    this.#closed = true;
    await this.#last.catch(() => {});
    const chromium = await this.#starting?.catch(() => undefined);
    await chromium?.close();
  }

  /** Does what {@linkcode FigureBrowser.close} does. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }
}
