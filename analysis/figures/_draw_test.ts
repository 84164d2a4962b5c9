import { assert, assertAlmostEquals, assertEquals } from "@std/assert";
import type {
  Command,
  MarkersCommand,
  PathCommand,
  RectangleCommand,
  TextCommand,
} from "./_drawing.ts";
import { drawFigure } from "./_draw.ts";
import { sampleFigures } from "./_sample_figures.ts";
import { measureLine } from "./_text.ts";
import { barFigure } from "./bar_figure.ts";
import type { Figure } from "./figure.ts";
import { heatMapFigure } from "./heat_map_figure.ts";
import { lineFigure } from "./line_figure.ts";

function commandsOf(figure: Figure): Exclude<Command, { kind: "clip" }>[] {
  const flatten = (commands: readonly Command[]): ReturnType<
    typeof commandsOf
  > =>
    commands.flatMap((one) =>
      one.kind === "clip" ? flatten(one.commands) : [one]
    );
  return flatten(drawFigure(figure).commands);
}

function textOf(command: TextCommand): string {
  return command.runs.map(({ text }) => text).join("");
}

interface Box {
  name: string;
  left: number;
  right: number;
  top: number;
  bottom: number;
}

/** The box of a text that is level or upright. */
function textBox(command: TextCommand): Box | undefined {
  const { x, y, size, anchor, angle, runs } = command;
  if (angle % 90 !== 0) return undefined;
  const width = measureLine(runs, size);
  const start = anchor === "start" ? 0 : anchor === "end" ? -width : -width / 2;
  const [ascent, descent] = [0.72 * size, 0.2 * size];
  const name = textOf(command);
  if (angle === 0) {
    return {
      name,
      left: x + start,
      right: x + start + width,
      top: y - ascent,
      bottom: y + descent,
    };
  }
  const sign = Math.sign(angle);
  const ends = [y + sign * start, y + sign * (start + width)];
  const sides = [x + sign * ascent, x - sign * descent];
  return {
    name,
    left: Math.min(...sides),
    right: Math.max(...sides),
    top: Math.min(...ends),
    bottom: Math.max(...ends),
  };
}

Deno.test("drawFigure() keeps all text inside and apart", () => {
  for (const [name, figure] of Object.entries(sampleFigures())) {
    const { width, height } = drawFigure(figure);
    const boxes = commandsOf(figure)
      .filter((one): one is TextCommand => one.kind === "text")
      .flatMap((text) => textBox(text) ?? []);
    assert(boxes.length > 3, name);
    for (const box of boxes) {
      const inside = box.left >= 0 && box.right <= width && box.top >= 0 &&
        box.bottom <= height;
      assert(inside, `${name}: "${box.name}" lies partly outside`);
    }
    boxes.forEach((one, i) => {
      for (const other of boxes.slice(i + 1)) {
        const apart = one.right <= other.left || other.right <= one.left ||
          one.bottom <= other.top || other.bottom <= one.top;
        assert(apart, `${name}: "${one.name}" and "${other.name}" overlap`);
      }
    });
  }
});

Deno.test("drawFigure() gives finite coordinates for awkward data", () => {
  for (const [name, figure] of Object.entries(sampleFigures())) {
    const json = JSON.stringify(
      drawFigure(figure),
      (_, value) =>
        typeof value === "number" && !Number.isFinite(value) ? "BAD" : value,
    );
    assert(!json.includes("BAD"), name);
  }
});

/** Maps data to pixels by the labels of two ticks. */
function scaleOf(
  figure: Figure,
  axis: "x" | "y",
  labels: [string, string],
): (value: number) => number {
  const texts = commandsOf(figure)
    .filter((one): one is TextCommand => one.kind === "text");
  const [first, second] = labels.map((label) => {
    const found = texts.find((text) =>
      textOf(text) === label && (axis === "y") === (text.anchor === "end")
    );
    assert(found, `no tick ${label}`);
    return axis === "x" ? found.x : found.y - 0.36 * found.size;
  });
  const [from, to] = labels.map(Number);
  return (value) => first + (value - from) / (to - from) * (second - first);
}

Deno.test("drawFigure() puts points where the ticks say", () => {
  const figure = lineFigure([{ name: "a", x: [0, 2, 10], y: [1, 5, 3] }]);
  const x = scaleOf(figure, "x", ["0", "10"]);
  const y = scaleOf(figure, "y", ["1.0", "5.0"]);
  const line = commandsOf(figure).find((one): one is PathCommand =>
    one.kind === "path" && one.stroke?.width === 2
  )!;
  const expected = [x(0), y(1), x(2), y(5), x(10), y(3)];
  line.parts[0].forEach((value, i) =>
    assertAlmostEquals(value, expected[i], 0.01)
  );
});

Deno.test("drawFigure() breaks lines and bands at gaps", () => {
  const y = [1, 2, NaN, 4, 5, NaN, 7];
  const figure = lineFigure([
    { name: "a", y, low: y.map((v) => v - 1), high: y.map((v) => v + 1) },
  ]);
  const commands = commandsOf(figure);
  const line = commands.find((one): one is PathCommand =>
    one.kind === "path" && one.stroke?.width === 2
  )!;
  assertEquals(line.parts.map((part) => part.length / 2), [2, 2]);
  const band = commands.find((one): one is PathCommand =>
    one.kind === "path" && one.closed
  )!;
  assertEquals(band.parts.map((part) => part.length / 2), [4, 4]);
  const dots = commands.find((one): one is MarkersCommand =>
    one.kind === "markers"
  )!;
  assertEquals(dots.radii.length, 1);
});

Deno.test("drawFigure() stands bars on zero and stacks them", () => {
  const figure = barFigure([
    { name: "a", values: [2, 3] },
    { name: "b", values: [4, 1] },
  ], { mode: "stack" });
  const y = scaleOf(figure, "y", ["0", "2"]);
  const bars = commandsOf(figure).filter((one): one is RectangleCommand =>
    one.kind === "rectangle" && one.width > 20 && one.width < 400
  );
  const spans = bars.map((bar) => [bar.y + bar.height, bar.y]);
  const expected = [[0, 2], [0, 3], [2, 6], [3, 4]];
  spans.forEach(([bottom, top], i) => {
    assertAlmostEquals(bottom, y(expected[i][0]), 0.01);
    assertAlmostEquals(top, y(expected[i][1]), 0.01);
  });
});

Deno.test("drawFigure() covers a heat map without seams", () => {
  const figure = heatMapFigure({ values: [[1, 2, 3], [4, 5, 6]] }, {
    showValues: false,
  });
  const clip = drawFigure(figure).commands.find((one) => one.kind === "clip")!;
  const cells = clip.commands as RectangleCommand[];
  assertEquals(cells.length, 6);
  const colors = new Set(cells.map(({ fill }) => String(fill)));
  assertEquals(colors.size, 6);
  cells.forEach((cell, i) => {
    const next = cells[i + 1];
    if (i % 3 < 2) assert(cell.x + cell.width > next.x);
  });
  assert(cells[0].y < cells[3].y + cells[3].height);
});

Deno.test("drawFigure() draws more cells than a call takes arguments", () => {
  const values = Array.from({ length: 400 }, () => new Float64Array(400));
  assertEquals(
    commandsOf(heatMapFigure({ values }))
      .filter(({ kind }) => kind === "rectangle").length >= 160_000,
    true,
  );
});
