import { assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import { agentOf } from "../../agents/model.ts";
import { decodeArchive, encodeArchive } from "../../core/archive.ts";
import {
  type ImportedAgent,
  importModel,
  type NdArray,
} from "./model_import.ts";

const floats = (shape: number[], ...data: number[]): NdArray => ({
  shape,
  data: Float64Array.from(data),
});
const of = (agent: ImportedAgent, id: string) => ({
  agent,
  name: "mine",
  environment: { id, options: {} },
});

/** Four numbers to two values: the second is the larger where x0 > 0. */
const W = {
  w0: floats([4, 2], 1, -1, 0, 0, 0, 0, 0, 0),
  b0: floats([2], 0, 0),
  w1: floats([2, 2], 0, 1, 1, 0),
  b1: floats([2], 0, 0),
};
/** The same as PyTorch has it: outputs before inputs. */
const TORCH = {
  "q_net.0.weight": floats([2, 4], 1, 0, 0, 0, -1, 0, 0, 0),
  "q_net.0.bias": W.b0,
  "q_net.2.weight": floats([2, 2], 0, 1, 1, 0),
  "q_net.2.bias": W.b1,
};

Deno.test("importModel() makes a model that acts, from either convention", () => {
  for (const arrays of [W, TORCH]) {
    for (const agent of ["dqn", "ppo"] as const) {
      const content = importModel(arrays, of(agent, "CartPole-v1"));
      const { act } = agentOf(
        decodeArchive(encodeArchive(content), { name: "mine" }),
      );
      const seen = (x: number) => Float32Array.of(x, 0, 0, 0);
      assertEquals([act(seen(0.5)), act(seen(-0.5))], [1, 0]);
    }
  }
});

Deno.test("importModel() squashes actions as DDPG does", () => {
  const { act } = agentOf(
    decodeArchive(
      encodeArchive(
        importModel(
          { w0: floats([3, 1], 1, 0, 0), b0: floats([1], 0.5) },
          of("td3", "Pendulum-v1"),
        ),
      ),
      { name: "mine" },
    ),
  );
  const [torque] = act(Float32Array.of(0.25, 0, 0)) as Float32Array;
  assertAlmostEquals(torque, 2 * Math.tanh(0.75), 1e-6);
});

Deno.test("importModel() says what does not fit", () => {
  const { b1: _, ...withoutBias } = W;
  const { w1: __, ...withoutWeight } = W;
  const cases: [Record<string, NdArray>, ImportedAgent, string, string][] = [
    [{}, "dqn", "CartPole-v1", "it holds no arrays"],
    [{ a: W.w0 }, "dqn", "CartPole-v1", 'it holds "a", expected w0'],
    [withoutBias, "dqn", "CartPole-v1", '"b1" is missing'],
    [withoutWeight, "dqn", "CartPole-v1", 'it holds "b1"'],
    [W, "dqn", "Acrobot-v1", "layer 0 goes from 4 to 2 values"],
    [W, "td3", "CartPole-v1", "td3 cannot act in Discrete(2)"],
    [W, "dqn", "Pendulum-v1", "dqn cannot act in Box(1)"],
    [
      { ...W, w1: floats([2, 1], 1, 1), b1: floats([1], 0) },
      "dqn",
      "CartPole-v1",
      "the last layer gives 1 values, expected 2",
    ],
    [
      { ...W, b0: floats([3], 0, 0, 0) },
      "dqn",
      "CartPole-v1",
      "with a bias of 3",
    ],
    [
      { ...W, b0: floats([2], 0, 1e39) },
      "dqn",
      "CartPole-v1",
      "layer 0 has a bias that is not finite in 32 bits",
    ],
  ];
  for (const [arrays, agent, id, reason] of cases) {
    assertThrows(() => importModel(arrays, of(agent, id)), Error, reason);
  }
});
