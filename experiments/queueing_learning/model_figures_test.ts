import { assertEquals } from "@std/assert";
import { figureSvg } from "../../analysis/figures/svg.ts";
import { koopmanModel } from "../../analysis/koopman/model.ts";
import { trajectoriesOf } from "../../analysis/koopman/trajectories.ts";
import { modelFigure } from "./model_figures.ts";

Deno.test("modelFigure() shows data, rollout and latent states of each series", () => {
  const data = trajectoriesOf({ q: [[8, 4, 2], [1, 2, 3]] }, 5);
  const model = koopmanModel({
    kind: "default",
    features: ["q"],
    interval: 5,
    encoderSizes: [1, 1],
    activation: "tanh",
    scaling: { shift: Float64Array.of(0), scale: Float64Array.of(1) },
    encoder: Float32Array.of(1, 0),
    decoder: Float32Array.of(1, 0),
    matrix: Float64Array.of(0.5),
    bias: Float64Array.of(0),
  }, data);
  const figure = modelFigure(model);
  const lines = figure.data.map(({ name, y }) => [name, [...y as number[]]]);
  assertEquals(lines[0], ["mean of the runs", [8, 4, 2]]);
  assertEquals(lines[1], ["model's rollout", [8, 4, 2]]);
  assertEquals(lines[2], ["z1", [8, 4, 2]]);
  assertEquals(lines[4], ["model's rollout", [1, 0.5, 0.25]]);
  assertEquals(figureSvg(figure).includes("NaN"), false);
});
