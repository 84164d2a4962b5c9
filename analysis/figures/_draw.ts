/** Figures as drawings: margins, panels, legends, titles. */
import {
  type AxisPlan,
  gridCommands,
  planAxis,
  xAxisCommands,
  yAxisCommands,
  zeroCommands,
} from "./_axis_marks.ts";
import { coordinate } from "./_axes.ts";
import { parseColor } from "./_color.ts";
import { type Command, type Drawing, textCommands } from "./_drawing.ts";
import {
  colorScaleCommands,
  colorScaleWidth,
  type Legend,
  legendCommands,
  legendSize,
  readColorScale,
  readLegends,
  SCALE_GAP,
} from "./_legend.ts";
import {
  type Frame,
  layerCommands,
  pixelX,
  pixelY,
  strokeLine,
} from "./_marks.ts";
import { makePanels, type Panel } from "./_panels.ts";
import { measureText, plainText } from "./_text.ts";
import type { Figure } from "./figure.ts";
import {
  DEFAULT_HEIGHT,
  DEFAULT_WIDTH,
  FONT_SIZE,
  TEXT_COLOR,
  TITLE_SIZE,
} from "./style.ts";

/** Space around everything, in pixels. */
const EDGE = 12;
const LEGEND_GAP = 6;

/** The plotting area: what plotly calls paper. */
interface Paper {
  left: number;
  top: number;
  width: number;
  height: number;
}

function titleText(figure: Figure): string {
  const { title } = figure.layout as { title?: string | { text?: string } };
  return typeof title === "string" ? title : title?.text ?? "";
}

function frameOf(panel: Panel, paper: Paper): Frame {
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

function plansOf(frame: Frame): { x: AxisPlan; y: AxisPlan } {
  return {
    x: planAxis(frame.x, frame.width),
    y: planAxis(frame.y, frame.height),
  };
}

interface Annotation {
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

function annotations(figure: Figure): Annotation[] {
  return (figure.layout.annotations ?? []) as Annotation[];
}

/** What stands above the plotting area at its upper edge. */
function headHeight(
  figure: Figure,
  legends: Legend[],
  paper: { width: number; height: number },
): number {
  let height = 0;
  for (const legend of legends) {
    if (!legend.horizontal || legend.y < 1) continue;
    const above = (legend.y - 1) * paper.height + LEGEND_GAP;
    height = Math.max(height, legendSize(legend, paper.width).height + above);
  }
  for (
    const { text = "", y = 0, yref, yshift = 0, font } of annotations(figure)
  ) {
    if (yref !== "paper" || y < 1) continue;
    const own = measureText(text, font?.size ?? FONT_SIZE).height;
    height = Math.max(height, yshift + own + 2);
  }
  return height;
}

/** The plotting area that leaves room for everything around it. */
function layOut(
  figure: Figure,
  size: { width: number; height: number },
  parts: { panels: Panel[]; legends: Legend[] },
): Paper {
  const { panels, legends } = parts;
  const title = titleText(figure);
  const head = EDGE +
    (title === "" ? 0 : measureText(title, TITLE_SIZE).height + 6);
  let paper: Paper = {
    left: 60,
    top: head + 20,
    width: Math.max(20, size.width - 80),
    height: Math.max(20, size.height - head - 70),
  };
  // Tick labels need room, and room decides which ticks there are.
  for (let round = 0; round < 2; round++) {
    let [left, right, bottom, top] = [0, 0, 0, 0];
    for (const panel of panels) {
      const frame = frameOf(panel, paper);
      const plans = plansOf(frame);
      const inset = {
        left: panel.x.domain[0] * paper.width,
        right: (1 - panel.x.domain[1]) * paper.width,
        bottom: panel.y.domain[0] * paper.height,
        top: (1 - panel.y.domain[1]) * paper.height,
      };
      left = Math.max(
        left,
        plans.y.depth - inset.left,
        plans.x.before - inset.left,
      );
      right = Math.max(right, plans.x.after - inset.right);
      bottom = Math.max(bottom, plans.x.depth - inset.bottom);
      top = Math.max(top, plans.y.after - inset.top);
      const scale = readColorScale(panel);
      if (scale !== undefined) {
        const need = colorScaleWidth(scale, frame.height);
        const room = scale.x === undefined
          ? inset.right
          : (1 - scale.x) * paper.width + SCALE_GAP;
        right = Math.max(right, need - room);
      }
    }
    for (const legend of legends) {
      if (legend.horizontal) continue;
      right = Math.max(right, legendSize(legend, 0).width + 8);
    }
    left += EDGE;
    right += EDGE;
    const width = Math.max(20, size.width - left - right);
    top = head +
      Math.max(top, headHeight(figure, legends, { ...paper, width }));
    bottom += EDGE - 2;
    paper = {
      left,
      top,
      width,
      height: Math.max(20, size.height - top - bottom),
    };
  }
  return paper;
}

function panelCommands(panel: Panel, paper: Paper): Command[] {
  const frame = frameOf(panel, paper);
  const plans = plansOf(frame);
  const bars = panel.layers.find(({ kind }) => kind === "bars");
  const along = bars?.kind === "bars" && bars.horizontal ? "x" : "y";
  const scale = readColorScale(panel);
  return [
    ...gridCommands(frame, plans),
    layerCommands(panel.layers, frame),
    ...(bars === undefined ? [] : zeroCommands(frame, along)),
    ...xAxisCommands(frame, plans.x),
    ...yAxisCommands(frame, plans.y),
    ...(scale === undefined ? [] : colorScaleCommands(scale, {
      x: scale.x === undefined
        ? frame.left + frame.width + SCALE_GAP
        : paper.left + scale.x * paper.width + SCALE_GAP,
      y: frame.top,
      height: frame.height,
    })),
  ];
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

function shapeCommands(
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
    const vertical = points[0] === points[2];
    return [
      strokeLine(points, {
        color: parseColor(line.color ?? TEXT_COLOR),
        width: line.width ?? 2,
        dash: line.dash ?? "solid",
      }),
      ...shapeLabel(
        label,
        vertical
          ? {
            x: points[2] + 5,
            y: Math.min(points[1], points[3]) + 4,
            vertical,
          }
          : { x: points[2] - 4, y: points[3] - 3, vertical },
      ),
    ];
  });
}

/** A line's label on a pale ground, so that marks behind do not disturb it. */
function shapeLabel(
  label: NonNullable<LineShape["label"]>,
  at: { x: number; y: number; vertical: boolean },
): Command[] {
  const { text = "", font = {} } = label;
  if (text === "") return [];
  const size = font.size ?? FONT_SIZE;
  const { width, height } = measureText(text, size);
  return [
    {
      kind: "rectangle",
      x: (at.vertical ? at.x : at.x - width) - 3,
      y: at.vertical ? at.y - 2 : at.y - height + 1,
      width: width + 6,
      height,
      fill: [255, 255, 255, 0.75],
    },
    ...textCommands(text, {
      x: at.x,
      y: at.y,
      size,
      color: parseColor(font.color ?? TEXT_COLOR),
      anchor: at.vertical ? "start" : "end",
      vertical: at.vertical ? "top" : "bottom",
    }),
  ];
}

function annotationCommands(
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

function legendsCommands(legends: readonly Legend[], paper: Paper): Command[] {
  return legends.flatMap((legend) => {
    const { height } = legendSize(legend, paper.width);
    const x = paper.left + legend.x * paper.width;
    const edge = paper.top + (1 - legend.y) * paper.height;
    return legend.horizontal
      ? legendCommands(legend, {
        x,
        y: edge - height - LEGEND_GAP / 2,
        width: paper.width,
      })
      : legendCommands(legend, {
        x: paper.left + paper.width + 16,
        y: edge,
        width: 0,
      });
  });
}

/**
 * A figure as a drawing. Throws `TypeError` for traces and axes that only
 * plotly can draw.
 */
export function drawFigure(figure: Figure): Drawing {
  const { width = DEFAULT_WIDTH, height = DEFAULT_HEIGHT } = figure.layout;
  const panels = makePanels(figure);
  const legends = readLegends(figure, panels);
  const paper = layOut(figure, { width, height }, { panels, legends });
  const context = { panels, paper };
  const title = titleText(figure);
  return {
    width,
    height,
    title: plainText(title),
    commands: [
      {
        kind: "rectangle",
        x: 0,
        y: 0,
        width,
        height,
        fill: parseColor("#ffffff"),
      },
      ...panels.flatMap((panel) => panelCommands(panel, paper)),
      ...shapeCommands(figure, context),
      ...annotationCommands(figure, context),
      ...legendsCommands(legends, paper),
      ...textCommands(title, {
        x: paper.left,
        y: EDGE,
        size: TITLE_SIZE,
        color: parseColor(TEXT_COLOR),
        vertical: "top",
      }),
    ],
  };
}
