/** Axes as drawing commands, and the space that they take. */
import { type Axis, axisTicks, fraction } from "./_axes.ts";
import { parseColor } from "./_color.ts";
import {
  type Command,
  lineCommand,
  type Stroke,
  textCommands,
} from "./_drawing.ts";
import { type Frame, pixelX, pixelY } from "./_marks.ts";
import { measureText, wrapText } from "./_text.ts";
import type { Tick } from "./_ticks.ts";
import {
  AXIS_COLOR,
  AXIS_TITLE_SIZE,
  FONT_SIZE,
  GRID_COLOR,
  TEXT_COLOR,
} from "./style.ts";

const TICK_LENGTH = 5;
const MINOR_TICK_LENGTH = 3;
const LABEL_GAP = 4;
const TITLE_GAP = 8;
/** Slant of category names that find no room side by side, in degrees. */
const SLANT = -35;

/** Ticks with labels that do not overlap, and their slant. */
export interface AxisPlan {
  ticks: Tick[];
  angle: number;
  /** From the axis line to the far side of the title, in pixels. */
  depth: number;
  /** How far labels reach beyond either end of the axis, in pixels. */
  before: number;
  after: number;
}

function axisTitleText(axis: Axis): string {
  const { title } = axis.options as { title?: string | { text?: string } };
  return typeof title === "string" ? title : title?.text ?? "";
}

function titleDepth(axis: Axis): number {
  const title = axisTitleText(axis);
  return title === ""
    ? 0
    : TITLE_GAP + measureText(title, AXIS_TITLE_SIZE).height;
}

function labelWidth({ label }: Tick): number {
  return label === "" ? 0 : measureText(label, FONT_SIZE).width;
}

/** Whether labels in a row keep a distance. */
function fitInRow(axis: Axis, ticks: readonly Tick[], length: number): boolean {
  const spans = ticks.filter(({ label }) => label !== "").map((tick) => {
    const middle = fraction(axis, tick.at) * length;
    const half = labelWidth(tick) / 2 + 4;
    return [middle - half, middle + half];
  }).sort((a, b) => a[0] - b[0]);
  return spans.every((span, i) => i === 0 || span[0] >= spans[i - 1][1]);
}

/** Slanted or wrapped category names; every n-th where there are too many. */
function categoryPlan(
  axis: Axis,
  length: number,
): { ticks: Tick[]; angle: number } {
  const ticks = axisTicks(axis, 0);
  if (axis.letter === "y" || fitInRow(axis, ticks, length)) {
    return { ticks: everyNth(ticks, length, FONT_SIZE * 1.3), angle: 0 };
  }
  const slot = length / Math.max(1, ticks.length) - 8;
  const wrapped = ticks.map(({ at, label }) => ({
    at,
    label: wrapText(label, { size: FONT_SIZE, width: slot }),
  }));
  const lines = Math.max(
    ...wrapped.map(({ label }) => label.split("<br>").length),
  );
  if (lines <= 3 && fitInRow(axis, wrapped, length)) {
    return { ticks: wrapped, angle: 0 };
  }
  return { ticks: everyNth(ticks, length, FONT_SIZE * 2), angle: SLANT };
}

function everyNth(
  ticks: readonly Tick[],
  length: number,
  space: number,
): Tick[] {
  const stride = Math.max(1, Math.ceil(ticks.length * space / length));
  return ticks.filter((_, i) => i % stride === 0);
}

function chooseTicks(
  axis: Axis,
  length: number,
): { ticks: Tick[]; angle: number } {
  if (axis.options.visible === false || axis.options.showticklabels === false) {
    const ticks = axisTicks(axis, Math.max(2, length / 80));
    return { ticks: ticks.map(({ at }) => ({ at, label: "" })), angle: 0 };
  }
  if (axis.kind === "category") return categoryPlan(axis, length);
  if (axis.letter === "y") {
    const space = axis.kind === "log" ? 26 : 42;
    return { ticks: axisTicks(axis, Math.max(2, length / space)), angle: 0 };
  }
  for (let count = Math.max(2, Math.floor(length / 65)); count > 1; count--) {
    const ticks = axisTicks(axis, count);
    if (fitInRow(axis, ticks, length)) return { ticks, angle: 0 };
  }
  return { ticks: axisTicks(axis, 1), angle: 0 };
}

/** Ticks and space of an axis of the given length in pixels. */
export function planAxis(axis: Axis, length: number): AxisPlan {
  const { ticks, angle } = chooseTicks(axis, length);
  const labels = ticks.filter(({ label }) => label !== "");
  const tick = axis.options.ticks === "" ? 0 : TICK_LENGTH;
  const title = titleDepth(axis);
  const widest = Math.max(0, ...labels.map(labelWidth));
  if (axis.letter === "y") {
    return {
      ticks,
      angle,
      depth: tick + (widest > 0 ? LABEL_GAP + widest : 0) + title,
      before: labels.length > 0 ? FONT_SIZE / 2 : 0,
      after: labels.length > 0 ? FONT_SIZE / 2 : 0,
    };
  }
  const heights = labels.map(({ label }) =>
    measureText(label, FONT_SIZE).height
  );
  const radians = -angle * Math.PI / 180;
  const labelDepth = angle === 0
    ? Math.max(0, ...heights)
    : widest * Math.sin(radians) + FONT_SIZE;
  const reach = (sign: 1 | -1) =>
    Math.max(
      0,
      ...labels.map((one) => {
        const place = fraction(axis, one.at) * length;
        const outside = sign < 0 ? -place : place - length;
        const half = angle === 0
          ? labelWidth(one) / 2
          : sign < 0
          ? labelWidth(one) * Math.cos(radians)
          : 4;
        return outside + half;
      }),
    );
  return {
    ticks,
    angle,
    depth: tick + (labels.length > 0 ? LABEL_GAP + labelDepth : 0) + title,
    before: reach(-1),
    after: reach(1),
  };
}

const axisStroke: Stroke = { color: parseColor(AXIS_COLOR), width: 1 };

/** The lines behind the marks. */
export function gridCommands(
  frame: Frame,
  plans: { x: AxisPlan; y: AxisPlan },
): Command[] {
  const parts: number[][] = [];
  const right = frame.left + frame.width;
  const bottom = frame.top + frame.height;
  if (frame.x.options.showgrid !== false && frame.x.kind !== "category") {
    for (const { at, label } of plans.x.ticks) {
      if (label === "") continue;
      const x = pixelX(frame, at);
      parts.push([x, frame.top, x, bottom]);
    }
  }
  if (frame.y.options.showgrid !== false && frame.y.kind !== "category") {
    for (const { at, label } of plans.y.ticks) {
      if (label === "") continue;
      const y = pixelY(frame, at);
      parts.push([frame.left, y, right, y]);
    }
  }
  if (parts.length === 0) return [];
  const stroke = { color: parseColor(GRID_COLOR), width: 1 };
  return [{ kind: "path", parts, closed: false, stroke }];
}

/** The line at zero, where bars stand. */
export function zeroCommands(frame: Frame, along: "x" | "y"): Command[] {
  const axis = frame[along];
  if (axis.kind !== "linear" || !(axis.low < 0 && axis.high > 0)) return [];
  const at = along === "y" ? pixelY(frame, 0) : pixelX(frame, 0);
  const points = along === "y"
    ? [frame.left, at, frame.left + frame.width, at]
    : [at, frame.top, at, frame.top + frame.height];
  return [lineCommand(points, axisStroke)];
}

/** Line, ticks, labels and title of the axis below a frame. */
export function xAxisCommands(frame: Frame, plan: AxisPlan): Command[] {
  const bottom = frame.top + frame.height;
  const right = frame.left + frame.width;
  const ticks = frame.x.options.ticks === "" ? 0 : 1;
  const parts = [[frame.left - 0.5, bottom, right, bottom]];
  const commands: Command[] = [];
  const text = parseColor(TEXT_COLOR);
  for (const { at, label } of plan.ticks) {
    const x = pixelX(frame, at);
    const length = label === "" ? MINOR_TICK_LENGTH : TICK_LENGTH;
    if (ticks > 0) parts.push([x, bottom, x, bottom + length]);
    commands.push(...textCommands(label, {
      x: plan.angle === 0 ? x : x + 4,
      y: bottom + ticks * TICK_LENGTH + LABEL_GAP,
      size: FONT_SIZE,
      color: text,
      anchor: plan.angle === 0 ? "middle" : "end",
      vertical: "top",
      angle: plan.angle,
    }));
  }
  const title = axisTitleText(frame.x);
  commands.push(...textCommands(title, {
    x: frame.left + frame.width / 2,
    y: bottom + plan.depth - measureText(title, AXIS_TITLE_SIZE).height,
    size: AXIS_TITLE_SIZE,
    color: text,
    anchor: "middle",
    vertical: "top",
  }));
  return [
    { kind: "path", parts, closed: false, stroke: axisStroke },
    ...commands,
  ];
}

/** Line, ticks, labels and title of the axis left of a frame. */
export function yAxisCommands(frame: Frame, plan: AxisPlan): Command[] {
  const bottom = frame.top + frame.height;
  const ticks = frame.y.options.ticks === "" ? 0 : 1;
  const parts = [[frame.left, frame.top, frame.left, bottom]];
  const commands: Command[] = [];
  const text = parseColor(TEXT_COLOR);
  for (const { at, label } of plan.ticks) {
    const y = pixelY(frame, at);
    const length = label === "" ? MINOR_TICK_LENGTH : TICK_LENGTH;
    if (ticks > 0) parts.push([frame.left - length, y, frame.left, y]);
    commands.push(...textCommands(label, {
      x: frame.left - ticks * TICK_LENGTH - LABEL_GAP,
      y,
      size: FONT_SIZE,
      color: text,
      anchor: "end",
      vertical: "middle",
    }));
  }
  commands.push(...textCommands(axisTitleText(frame.y), {
    x: frame.left - plan.depth,
    y: frame.top + frame.height / 2,
    size: AXIS_TITLE_SIZE,
    color: text,
    anchor: "middle",
    vertical: "top",
    angle: -90,
  }));
  return [
    { kind: "path", parts, closed: false, stroke: axisStroke },
    ...commands,
  ];
}
