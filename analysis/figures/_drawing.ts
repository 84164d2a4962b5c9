/**
 * A drawing: what figures become before they are written as SVG or PDF.
 * Coordinates are pixels from the upper left corner.
 */
import type { Rgba } from "./_color.ts";
import { LINE_HEIGHT, measureLine, parseText, type TextRun } from "./_text.ts";

/** How an outline is drawn. */
export interface Stroke {
  color: Rgba;
  width: number;
  /** Lengths of dashes and gaps in pixels. */
  dash?: readonly number[];
}

/** A polyline or polygons; `points` are x, y in turn. */
export interface PathCommand {
  kind: "path";
  parts: readonly (readonly number[])[];
  closed: boolean;
  fill?: Rgba;
  stroke?: Stroke;
}

/** Markers of one shape and colour. */
export interface MarkersCommand {
  kind: "markers";
  /** x, y in turn. */
  points: readonly number[];
  /** Radius of each in pixels. */
  radii: readonly number[];
  /** Polygon around the unit circle (x, y in turn), or a circle. */
  shape: "circle" | readonly number[];
  fill?: Rgba;
  stroke?: Stroke;
}

/** A rectangle. */
export interface RectangleCommand {
  kind: "rectangle";
  x: number;
  y: number;
  width: number;
  height: number;
  fill?: Rgba;
  stroke?: Stroke;
}

/** One line of text. */
export interface TextCommand {
  kind: "text";
  /** Where the baseline starts, ends or has its middle. */
  x: number;
  y: number;
  runs: readonly TextRun[];
  size: number;
  color: Rgba;
  anchor: "start" | "middle" | "end";
  /** Clockwise around (x, y), in degrees. */
  angle: number;
}

/** Commands of which only what lies in the rectangle shows. */
export interface ClipCommand {
  kind: "clip";
  x: number;
  y: number;
  width: number;
  height: number;
  commands: readonly Command[];
}

/** One step of a drawing. */
export type Command =
  | PathCommand
  | MarkersCommand
  | RectangleCommand
  | TextCommand
  | ClipCommand;

/** A whole drawing. */
export interface Drawing {
  width: number;
  height: number;
  /** The figure's title without tags, for those who cannot see it. */
  title: string;
  commands: Command[];
}

/** Where and how {@linkcode textCommands} sets text. */
export interface TextPlacement {
  x: number;
  y: number;
  size: number;
  color: Rgba;
  anchor?: "start" | "middle" | "end";
  /** Which height of the block lies at `y`. Default: first baseline. */
  vertical?: "top" | "middle" | "bottom" | "baseline";
  /** Clockwise, in degrees. Default 0. */
  angle?: number;
}

/** Text with tags as commands, a line each. */
export function textCommands(
  text: string,
  placement: TextPlacement,
): TextCommand[] {
  const { x, y, size, color, anchor = "start", angle = 0 } = placement;
  const lines = parseText(text);
  const step = LINE_HEIGHT * size;
  const block = (lines.length - 1) * step;
  const first = {
    baseline: 0,
    top: 0.95 * size,
    middle: 0.36 * size - block / 2,
    bottom: -0.25 * size - block,
  }[placement.vertical ?? "baseline"];
  const radians = angle * Math.PI / 180;
  return lines.flatMap((runs, i) => {
    if (measureLine(runs, size) === 0) return [];
    const down = first + i * step;
    return [{
      kind: "text" as const,
      x: x - down * Math.sin(radians),
      y: y + down * Math.cos(radians),
      runs,
      size,
      color,
      anchor,
      angle,
    }];
  });
}

/** A straight line. */
export function lineCommand(
  points: readonly number[],
  stroke: Stroke,
): PathCommand {
  return { kind: "path", parts: [points], closed: false, stroke };
}

/** Drawings below each other, as one. */
export function stackDrawings(drawings: readonly Drawing[]): Drawing {
  if (drawings.length === 1) return drawings[0];
  const stacked: Drawing = {
    width: Math.max(...drawings.map(({ width }) => width)),
    height: 0,
    title: drawings.map(({ title }) => title).filter(Boolean).join("; "),
    commands: [],
  };
  for (const drawing of drawings) {
    stacked.commands.push(
      ...drawing.commands.map((command) => moveDown(command, stacked.height)),
    );
    stacked.height += drawing.height;
  }
  return stacked;
}

function moveDown(command: Command, distance: number): Command {
  const move = (points: readonly number[]) =>
    points.map((value, i) => i % 2 === 0 ? value : value + distance);
  switch (command.kind) {
    case "path":
      return { ...command, parts: command.parts.map(move) };
    case "markers":
      return { ...command, points: move(command.points) };
    case "clip":
      return {
        ...command,
        y: command.y + distance,
        commands: command.commands.map((inner) => moveDown(inner, distance)),
      };
    default:
      return { ...command, y: command.y + distance };
  }
}
