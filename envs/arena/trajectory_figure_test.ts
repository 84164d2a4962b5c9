import { assertEquals, assertThrows } from "@std/assert";
import { trajectoryFigure } from "./trajectory_figure.ts";
import { rectangleWalls } from "./walls.ts";

const outerWalls = rectangleWalls([0, 4], [0, 1]);

Deno.test("trajectoryFigure() joins its parts and keeps the last place", () => {
  const places = Float64Array.from(
    { length: 42 },
    (_, i) => i % 2 ? 0.5 : i / 14,
  );
  const { data, layout } = trajectoryFigure({
    places,
    outerWalls,
    firstStep: 7,
  }, {
    plotEvery: 3,
  });
  const parts = data.slice(0, -1).map(({ x }) => x as number[]);
  parts.slice(1).forEach((x, i) => assertEquals(x[0], parts[i].at(-1)));
  assertEquals(parts.at(-1)!.at(-1), places[40]);
  assertEquals(data[0].name, "steps 7 to 10");
  // Both axes have one scale.
  const [width, height] = [layout.width! - 240, layout.height! - 110];
  assertEquals(width, 460);
  assertEquals(height, 210);
});

Deno.test("trajectoryFigure() draws walls where there is no trajectory", () => {
  const figure = trajectoryFigure({
    places: new Float64Array(0),
    outerWalls,
    innerWalls: [[1, 0, 1, 0.5]],
  });
  assertEquals(figure.data.map(({ name }) => name), ["walls", "inner walls"]);
  assertThrows(
    () =>
      trajectoryFigure({ places: new Float64Array(4), outerWalls }, {
        plotEvery: 1.5,
      }),
    RangeError,
    "every 1.5 places",
  );
});
