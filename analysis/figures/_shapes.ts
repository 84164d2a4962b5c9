/** What is placed on top of a figure: lines across and annotations. */
import { coordinate } from "./_axes.ts";
import { parseColor } from "./_color.ts";
import { type Command, textCommands } from "./_drawing.ts";
import { type Frame, pixelX, pixelY, strokeLine } from "./_marks.ts";
import type { Panel } from "./_panels.ts";
import { measureText } from "./_text.ts";
import type { Figure } from "./figure.ts";
import { FONT_SIZE, TEXT_COLOR } from "./style.ts";

/** The plotting area: what plotly calls paper. */
export interface Paper {
  left: number;
  top: number;
  width: number;
  height: number;
}

/** A panel's rectangle. */
export function frameOf(panel: Panel, paper: Paper): Frame {
  const { x, y } = panel;
  return {
    x,
    y,
    left: paper.left + x.domain[0] * paper.width,
    top: paper.top + (1 - y.domain[1]) * paper.height,
    width: (x.domain[1] - x.domain[0]) * paper.width,
    height: (y.domain[1] - y.domain[0]) * paper.height,
  };
}

/** The part of plotly's annotations that is drawn. */
export interface Annotation {
  text?: string;
  x?: number;
  y?: number;
  xref?: string;
  yref?: string;
  xanchor?: string;
  yanchor?: string;
  yshift?: number;
  font?: { size?: number; color?: string };
}

/** The layout's annotations. */
export function annotations(figure: Figure): Annotation[] {
  return (figure.layout.annotations ?? []) as Annotation[];
}

/** A coordinate of a shape or annotation in pixels. */
function place(
  value: unknown,
  ref: string,
  context: { panels: Panel[]; paper: Paper },
): number {
  const { panels, paper } = context;
  if (ref === "paper") return Number(value);
  const [id, domain] = ref.split(" ");
  const panel = panels.find(({ x, y }) => x.id === id || y.id === id);
  if (panel === undefined) return NaN;
  const frame = frameOf(panel, paper);
  const isX = id.startsWith("x");
  if (domain === "domain") {
    return isX
      ? (frame.left + Number(value) * frame.width - paper.left) / paper.width
      : 1 -
        (frame.top + (1 - Number(value)) * frame.height - paper.top) /
          paper.height;
  }
  const at = coordinate(isX ? frame.x : frame.y, value);
  return isX
    ? (pixelX(frame, at) - paper.left) / paper.width
    : 1 - (pixelY(frame, at) - paper.top) / paper.height;
}

interface LineShape {
  type?: string;
  x0?: unknown;
  x1?: unknown;
  y0?: unknown;
  y1?: unknown;
  xref?: string;
  yref?: string;
  line?: { color?: string; width?: number; dash?: string };
  label?: { text?: string; font?: { size?: number; color?: string } };
}

/** The layout's lines with their labels; other shapes are left out. */
export function shapeCommands(
  figure: Figure,
  context: { panels: Panel[]; paper: Paper },
): Command[] {
  const { paper } = context;
  const shapes = (figure.layout.shapes ?? []) as LineShape[];
  return shapes.flatMap((shape) => {
    if (shape.type !== "line") return [];
    const { xref = "x", yref = "y", line = {}, label = {} } = shape;
    const across = (value: unknown) =>
      paper.left + place(value, xref, context) * paper.width;
    const up = (value: unknown) =>
      paper.top + (1 - place(value, yref, context)) * paper.height;
    const points = [
      across(shape.x0),
      up(shape.y0),
      across(shape.x1),
      up(shape.y1),
    ];
    const inside = points.every((value, i) =>
      i % 2 === 0
        ? value >= paper.left - 1 && value <= paper.left + paper.width + 1
        : value >= paper.top - 1 && value <= paper.top + paper.height + 1
    );
    if (!inside) return [];
    return [
      strokeLine(points, {
        color: parseColor(line.color ?? TEXT_COLOR),
        width: line.width ?? 2,
        dash: line.dash ?? "solid",
      }),
      ...shapeLabel(label, { points, panels: context.panels, paper }),
    ];
  });
}

/** How many points of lines and clouds lie in a rectangle. */
function pointsWithin(
  box: { x: number; y: number; width: number; height: number },
  context: { panels: Panel[]; paper: Paper },
): number {
  let count = 0;
  for (const panel of context.panels) {
    const frame = frameOf(panel, context.paper);
    for (const layer of panel.layers) {
      if (layer.kind !== "points" || layer.fill !== undefined) continue;
      const stride = Math.ceil(layer.x.length / 2000);
      for (let i = 0; i < layer.x.length; i += stride) {
        const x = pixelX(frame, layer.x[i]) - box.x;
        const y = pixelY(frame, layer.y[i]) - box.y;
        if (x >= 0 && x <= box.width && y >= 0 && y <= box.height) count++;
      }
    }
  }
  return count;
}

/** A line's label where it covers the fewest points. */
function shapeLabel(
  label: NonNullable<LineShape["label"]>,
  context: { points: readonly number[]; panels: Panel[]; paper: Paper },
): Command[] {
  const { text = "", font = {} } = label;
  if (text === "") return [];
  const size = font.size ?? FONT_SIZE;
  const { width, height } = measureText(text, size);
  const [x0, y0, x1, y1] = context.points;
  const [left, right] = [Math.min(x0, x1), Math.max(x0, x1)];
  const [top, bottom] = [Math.min(y0, y1), Math.max(y0, y1)];
  const places = x0 === x1
    ? [
      [x0 + 5, top + 2],
      [x0 - 5 - width, top + 2],
      [x0 + 5, bottom - height - 4],
      [x0 - 5 - width, bottom - height - 4],
    ]
    : [
      [right - 4 - width, top - height - 2],
      [left + 6, top - height - 2],
      [right - 4 - width, bottom + 3],
      [left + 6, bottom + 3],
    ];
  const { paper } = context;
  const counts = places.map(([x, y]) => {
    const inside = x >= paper.left && x + width <= paper.left + paper.width &&
      y >= paper.top - height && y + height <= paper.top + paper.height;
    const box = { x: x - 2, y, width: width + 4, height };
    return inside ? pointsWithin(box, context) : Infinity;
  });
  const [x, y] = places[counts.indexOf(Math.min(...counts))];
  return [
    {
      kind: "rectangle",
      x: x - 2,
      y,
      width: width + 4,
      height,
      fill: [255, 255, 255, 0.6],
    },
    ...textCommands(text, {
      x,
      y: y + height / 2,
      size,
      color: parseColor(font.color ?? TEXT_COLOR),
      vertical: "middle",
    }),
  ];
}

/** The layout's annotations as text. */
export function annotationCommands(
  figure: Figure,
  context: { panels: Panel[]; paper: Paper },
): Command[] {
  const { paper } = context;
  const anchors: Record<string, "start" | "middle" | "end"> = {
    left: "start",
    right: "end",
  };
  return annotations(figure).flatMap((one) => {
    const { text = "", xref = "x", yref = "y", yshift = 0, font = {} } = one;
    const x = paper.left + place(one.x, xref, context) * paper.width;
    const y = paper.top + (1 - place(one.y, yref, context)) * paper.height;
    if (Number.isNaN(x + y)) return [];
    return textCommands(text, {
      x,
      y: y - yshift,
      size: font.size ?? FONT_SIZE,
      color: parseColor(font.color ?? TEXT_COLOR),
      anchor: anchors[one.xanchor ?? ""] ?? "middle",
      vertical: one.yanchor === "top" || one.yanchor === "bottom"
        ? one.yanchor
        : "middle",
    });
  });
}
