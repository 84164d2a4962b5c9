/** Figures as drawings: margins, panels, legends, titles. */
import {
  type AxisPlan,
  gridCommands,
  planAxis,
  xAxisCommands,
  yAxisCommands,
  zeroCommands,
} from "./_axis_marks.ts";
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
import { type Frame, layerCommands } from "./_marks.ts";
import { makePanels, type Panel } from "./_panels.ts";
import {
  annotationCommands,
  annotations,
  frameOf,
  type Paper,
  shapeCommands,
} from "./_shapes.ts";
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

function titleText(figure: Figure): string {
  const { title } = figure.layout as { title?: string | { text?: string } };
  return typeof title === "string" ? title : title?.text ?? "";
}

function plansOf(frame: Frame): { x: AxisPlan; y: AxisPlan } {
  return {
    x: planAxis(frame.x, frame.width),
    y: planAxis(frame.y, frame.height),
  };
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
