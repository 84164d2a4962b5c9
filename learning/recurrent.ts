/**
 * Gated recurrent units over time, on tensors.
 *
 * @module
 */
import * as tf from "./tensorflow.ts";

/** What {@linkcode gru} takes beside parameters and inputs. */
export interface GruOptions {
  /** What was remembered before the first step. Shape [batch, units]. */
  state: tf.Tensor;
  /**
   * 0 where a step begins an episode, so that it remembers nothing of the step
   * before (at the first step: nothing of `state`), and 1 elsewhere. Shape
   * [batch, time]. Default: all 1. No gradient goes to it.
   */
  mask?: tf.Tensor;
}

/** What {@linkcode gru} gives. */
export interface GruOutputs {
  /** What was remembered after each step. Shape [batch, time, units]. */
  outputs: tf.Tensor3D;
  /** What was remembered after the last step. Shape [batch, units]. */
  state: tf.Tensor2D;
}

/**
 * A layer of gated recurrent units over a sequence (Cho et al., 2014, in the
 * form of `torch.nn.GRU`, whose reset gate acts on the state's product and not
 * on the state):
 *
 *     r = sigmoid(x Wr + br + h Ur + cr)
 *     z = sigmoid(x Wz + bz + h Uz + cz)
 *     n = tanh(x Wn + bn + r (h Un + cn))
 *     h' = (1 - z) n + z h
 *
 * Differentiable in parameters, sequence and state. The gradient is written
 * out: what does not wait for the step after is computed for all steps at
 * once, and a step back through time takes 7 kernels, where tfjs takes 70.
 *
 * @param tensors The arrays of `gruLayout`, from `unpack`.
 * @param sequence Shape [batch, time, inputs], of one step at least.
 * @param options State, and where episodes begin. Throws `TypeError` for
 * shapes that do not go together.
 */
export function gru(
  tensors: readonly tf.Tensor[],
  sequence: tf.Tensor,
  options: GruOptions,
): GruOutputs {
  const { state, mask } = options;
  const dimensions = dimensionsOf(tensors, sequence, options);
  const { batch, time, units } = dimensions;
  const layer = tf.customGrad<tf.Tensor3D>((...given) => {
    const save = given.pop() as tf.GradSaveFunc;
    const [sequence, state, ...tensors] = given as tf.Tensor2D[];
    const inputs: tf.Tensor2D = tf.reshape(
      tf.transpose(sequence as tf.Tensor, [1, 0, 2]),
      [time * batch, dimensions.inputs],
    );
    const steps = forward(tensors, inputs, { state, mask, time });
    const { outputs, ...needed } = steps;
    const weights = tensors.filter((_, i) => i % 2 === 0);
    const mine = [inputs, ...weights, ...Object.values(needed)];
    save(mask ? [...mine, byTime(mask)] : mine);
    return {
      value: tf.reshape(outputs, [time, batch, units]),
      gradFunc: (outward: tf.Tensor3D, saved: tf.Tensor[]) =>
        backward(outward, saved as tf.Tensor2D[], dimensions),
    };
  });
  // Time first, so that a step is one piece of memory.
  const values = layer(sequence, state, ...tensors);
  return {
    outputs: tf.transpose(values, [1, 0, 2]),
    state: tf.reshape(
      tf.slice(values, [time - 1, 0, 0], [1, batch, units]),
      [batch, units],
    ),
  };
}

/** Lengths of a layer's axes. */
interface Dimensions {
  readonly batch: number;
  readonly time: number;
  readonly inputs: number;
  readonly units: number;
}

function dimensionsOf(
  tensors: readonly tf.Tensor[],
  sequence: tf.Tensor,
  { state, mask }: GruOptions,
): Dimensions {
  const [inputs, units] = tensors[0].shape;
  const [batch, time] = sequence.shape;
  const wanted: [string, tf.Tensor | undefined, number[]][] = [
    ["sequence", sequence, [batch, Math.max(1, time), inputs]],
    ["state", state, [batch, units]],
    ["mask", mask, [batch, time]],
  ];
  for (const [name, tensor, shape] of wanted) {
    if (tensor && tensor.shape.join() !== shape.join()) {
      throw new TypeError(
        `Cannot take a ${name} of shape [${tensor.shape}] through ${units} recurrent units, expected [${shape}]`,
      );
    }
  }
  return { batch, time, inputs, units };
}

/** A mask as one column, time by time. */
function byTime(mask: tf.Tensor): tf.Tensor2D {
  return tf.reshape(tf.transpose(mask), [mask.size, 1]);
}

/** Rows of all steps cut into those of each step. */
function stepsOf<T extends tf.Tensor>(rows: T, time: number): T[] {
  return tf.split(rows, time);
}

/** What is computed on the way, rows of all steps behind one another. */
interface Steps {
  /** State after each step. */
  outputs: tf.Tensor2D;
  /** State that each step begins with. */
  before: tf.Tensor2D;
  reset: tf.Tensor2D;
  update: tf.Tensor2D;
  candidate: tf.Tensor2D;
  /** What the reset gate acts on. */
  recalled: tf.Tensor2D;
}

function forward(
  tensors: readonly tf.Tensor2D[],
  inputs: tf.Tensor2D,
  { state, mask, time }: {
    state: tf.Tensor2D;
    mask: tf.Tensor | undefined;
    time: number;
  },
): Steps {
  const [wr, br, ur, cr, wz, bz, uz, cz, wn, bn, un, cn] = tensors;
  const project = (weight: tf.Tensor2D, bias: tf.Tensor) =>
    stepsOf<tf.Tensor2D>(tf.add(tf.matMul(inputs, weight), bias), time);
  const forReset = project(wr, tf.add(br, cr));
  const forUpdate = project(wz, tf.add(bz, cz));
  const forCandidate = project(wn, bn);
  const masks = mask && stepsOf(byTime(mask), time);
  const steps: Record<keyof Steps, tf.Tensor2D[]> = {
    outputs: [],
    before: [],
    reset: [],
    update: [],
    candidate: [],
    recalled: [],
  };
  let h = state;
  for (let t = 0; t < time; t++) {
    if (masks) h = tf.mul(h, masks[t]);
    const r: tf.Tensor2D = tf.sigmoid(tf.add(tf.matMul(h, ur), forReset[t]));
    const z: tf.Tensor2D = tf.sigmoid(tf.add(tf.matMul(h, uz), forUpdate[t]));
    const recalled: tf.Tensor2D = tf.add(tf.matMul(h, un), cn);
    const n: tf.Tensor2D = tf.tanh(
      tf.add(tf.mul(r, recalled), forCandidate[t]),
    );
    steps.before.push(h);
    steps.reset.push(r);
    steps.update.push(z);
    steps.candidate.push(n);
    steps.recalled.push(recalled);
    h = tf.add(n, tf.mul(z, tf.sub(h, n)));
    steps.outputs.push(h);
  }
  return {
    outputs: tf.concat(steps.outputs),
    before: tf.concat(steps.before),
    reset: tf.concat(steps.reset),
    update: tf.concat(steps.update),
    candidate: tf.concat(steps.candidate),
    recalled: tf.concat(steps.recalled),
  };
}

/** Gradients of sequence, state, and the arrays of a layer. */
function backward(
  outward: tf.Tensor3D,
  saved: readonly tf.Tensor2D[],
  { batch, time, inputs, units }: Dimensions,
): tf.Tensor[] {
  const [x, wr, ur, wz, uz, wn, un, before, r, z, n, recalled, mask] = saved;
  // By the sums within the gates, for a gradient of 1 by the step's output.
  const opposite = tf.sub(1, z);
  const byCandidate: tf.Tensor2D = tf.mul(opposite, tf.sub(1, tf.square(n)));
  const byRecalled: tf.Tensor2D = tf.mul(byCandidate, r);
  const byReset: tf.Tensor2D = tf.mul(
    tf.mul(byRecalled, recalled),
    tf.sub(1, r),
  );
  const byUpdate: tf.Tensor2D = tf.mul(
    tf.sub(before, n),
    tf.mul(z, opposite),
  );
  const { atOutputs, atState } = backThroughTime({
    outward: stepsOf(tf.reshape(outward, [time * batch, units]), time),
    kept: stepsOf(z, time),
    gates: stepsOf(
      tf.reshape(tf.concat([byReset, byUpdate, byRecalled], 1), [
        time * batch,
        3,
        units,
      ]),
      time,
    ),
    weights: tf.concat([ur, uz, un].map((weight) => tf.transpose(weight))),
    masks: mask && stepsOf(mask, time),
  });
  const [atReset, atUpdate, atCandidate, atRecalled] = [
    byReset,
    byUpdate,
    byCandidate,
    byRecalled,
  ].map((share): tf.Tensor2D => tf.mul(atOutputs, share));
  // Transposed by themselves: wasm multiplies transposed matrices slowly.
  const [inputsAcross, beforeAcross] = [tf.transpose(x), tf.transpose(before)];
  const gradientsOf = (inputSums: tf.Tensor2D, stateSums: tf.Tensor2D) => {
    const bias = tf.sum(inputSums, 0);
    return [
      tf.matMul(inputsAcross, inputSums),
      bias,
      tf.matMul(beforeAcross, stateSums),
      // A copy, for tfjs disposes of gradients that it has added up.
      inputSums === stateSums ? tf.clone(bias) : tf.sum(stateSums, 0),
    ];
  };
  const atInputs = tf.add(
    tf.add(
      tf.matMul(atReset, tf.transpose(wr)),
      tf.matMul(atUpdate, tf.transpose(wz)),
    ),
    tf.matMul(atCandidate, tf.transpose(wn)),
  );
  return [
    tf.transpose(tf.reshape(atInputs, [time, batch, inputs]), [1, 0, 2]),
    atState,
    ...gradientsOf(atReset, atReset),
    ...gradientsOf(atUpdate, atUpdate),
    ...gradientsOf(atCandidate, atRecalled),
  ];
}

/**
 * Gradients by the state after each step, through all later ones, and by the
 * state before the first.
 */
function backThroughTime({ outward, kept, gates, weights, masks }: {
  /** By each step's output alone. Shape [batch, units] each. */
  outward: readonly tf.Tensor2D[];
  /** Share of the state that stays. Shape [batch, units] each. */
  kept: readonly tf.Tensor2D[];
  /** From output to gates' sums. Shape [batch, 3, units] each. */
  gates: readonly tf.Tensor3D[];
  /** From gates' sums to the state before. Shape [3 units, units]. */
  weights: tf.Tensor2D;
  masks: readonly tf.Tensor2D[] | undefined;
}): { atOutputs: tf.Tensor2D; atState: tf.Tensor2D } {
  const [batch, units] = outward[0].shape;
  const gradients: tf.Tensor2D[] = [];
  let carried: tf.Tensor2D | undefined;
  for (let t = outward.length - 1; t >= 0; t--) {
    const here: tf.Tensor2D = carried
      ? tf.add(outward[t], carried)
      : outward[t];
    gradients.unshift(here);
    const sums = tf.mul(tf.reshape(here, [batch, 1, units]), gates[t]);
    carried = tf.add(
      tf.matMul(tf.reshape(sums, [batch, 3 * units]) as tf.Tensor2D, weights),
      tf.mul(here, kept[t]),
    );
    if (masks) carried = tf.mul(carried!, masks[t]);
  }
  return { atOutputs: tf.concat(gradients), atState: carried! };
}
