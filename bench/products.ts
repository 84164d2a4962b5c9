/**
 * Products of matrices, compiled and in OpenBLAS, through NumPy.
 *
 * @module
 */
import { fromFileUrl } from "@std/path";
import { compile } from "../learning/compile/compile.ts";
import { selectDevice } from "../learning/devices.ts";
import * as tf from "../learning/tensorflow.ts";
import type { Measurement } from "./measure.ts";
import { lastLine, runProgram } from "./peers/python.ts";

/** Rows, columns and depth, as the agents' updates have them. */
const SHAPES = [
  [64, 64, 64],
  [64, 64, 8],
  [64, 4, 64],
  [64, 256, 256],
  [256, 256, 64],
  [128, 64, 64],
  [32, 64, 64],
  [32, 192, 64],
  [512, 64, 16],
  [512, 512, 512],
] as const;

const ORIENTATIONS = {
  "A B": [false, false],
  "A' B": [true, false],
  "A B'": [false, true],
} as const;

type Orientation = keyof typeof ORIENTATIONS;

const GOES = 25;
const OPERATIONS_A_GO = 4e7;

/** Least nanoseconds of a run of a compiled product of two variables. */
function productTime(
  [m, n, k]: readonly [number, number, number],
  orientation: Orientation,
): number {
  const [first, second] = ORIENTATIONS[orientation];
  const [a, b] = tf.tidy(() => [
    tf.variable(tf.ones(first ? [k, m] : [m, k])),
    tf.variable(tf.ones(second ? [n, k] : [k, n])),
  ]);
  const step = compile(() => tf.matMul(a, b, first, second), {
    inputs: {},
    variables: [a, b],
  });
  const calls = Math.max(10, Math.round(OPERATIONS_A_GO / (m * n * k + 1e4)));
  let least = Infinity;
  for (let go = 0; go < GOES; go++) {
    const started = performance.now();
    for (let i = 0; i < calls; i++) step({});
    least = Math.min(least, (performance.now() - started) / calls);
  }
  step.dispose();
  tf.dispose([a, b]);
  return 1e6 * least;
}

interface PeerShape extends Record<Orientation, { ns: number }> {
  m: number;
  n: number;
  k: number;
}

/** OpenBLAS's nanoseconds, or undefined where there is none. */
async function openBlas(): Promise<PeerShape[] | undefined> {
  const script = fromFileUrl(
    new URL("./peers/products_openblas.py", import.meta.url),
  );
  const args = [script, ...SHAPES.map((shape) => shape.join())];
  try {
    // Debian's Python, whose NumPy is linked with OpenBLAS.
    const peer = await runProgram("/usr/bin/python3", { args });
    if (peer.success) return JSON.parse(peer.stdout).shapes;
    console.error(`OpenBLAS is not measured: ${lastLine(peer.stderr)}`);
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
    console.error("OpenBLAS is not measured: there is no python3");
  }
}

/** GFLOP/s of compiled products, and their share of OpenBLAS's. */
export async function measureProducts(): Promise<Measurement[]> {
  await selectDevice("native", { parameters: 1, batchSize: 1 });
  const overhead = productTime([1, 1, 1], "A B");
  const peers = await openBlas();
  return SHAPES.flatMap((shape, i) => {
    const [m, n, k] = shape;
    const name = `product ${m} x ${k} x ${n}`;
    const times = (Object.keys(ORIENTATIONS) as Orientation[]).map(
      (orientation) => ({
        own: productTime(shape, orientation) - overhead,
        peer: peers?.[i][orientation].ns ?? NaN,
      }),
    );
    const slowest = Math.max(...times.map(({ own }) => own));
    const share = Math.min(...times.map(({ own, peer }) => peer / own));
    return [
      {
        name: `${name}, slowest orientation`,
        value: 2 * m * n * k / slowest,
        unit: "GFLOP/s",
      },
      ...peers
        ? [{
          name: `${name}, least share of OpenBLAS`,
          value: share,
          unit: "",
          target: 0.6,
        }]
        : [],
    ];
  });
}
