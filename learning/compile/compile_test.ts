import {
  assert,
  assertEquals,
  assertRejects,
  assertStringIncludes,
  assertThrows,
} from "@std/assert";
import { selectDevice } from "../devices.ts";
import * as tf from "../tensorflow.ts";
import { useNative } from "./_testing.ts";
import { compile } from "./compile.ts";
import { NotCovered } from "./not_covered.ts";

function numbers(values: ArrayLike<number>): number[] {
  return Array.from(values);
}

function counter() {
  const total = tf.tidy(() => tf.variable(tf.tensor1d([1, 2])));
  const add = compile(({ terms }) => {
    total.assign(tf.add(total, terms));
    return { total: tf.mul(total, 1), doubled: tf.mul(total, 2) };
  }, { inputs: { terms: [2] }, variables: [total] });
  return { total, add };
}

Deno.test("compile() returns what the step returns, on every device", async () => {
  for (const device of ["native", "wasm", "cpu"] as const) {
    await selectDevice(device, { parameters: 1, batchSize: 1 });
    const { total, add } = counter();
    assertEquals(add.mode, device === "native" ? "native" : "eager");
    assertEquals(numbers(total.dataSync()), [1, 2]);
    const outputs = add({ terms: [10, 20] });
    assertEquals(numbers(outputs.total.dataSync()), [11, 22]);
    assertEquals(numbers(await outputs.doubled.data()), [22, 44]);
    assertEquals(outputs.doubled.shape, [2]);
    add({ terms: Float32Array.of(1, 1) });
    assertEquals(numbers(total.dataSync()), [12, 23]);
    const single = compile(({ x }) => tf.sum(x), { inputs: { x: [3] } });
    assertEquals(numbers(single({ x: [1, 2, 3] }).dataSync()), [6]);
    const several = compile(({ x }) => [tf.neg(x), x], {
      inputs: { x: { shape: [2], dtype: "int32" } },
    });
    const [negative, same] = several({ x: [3, 4] });
    assertEquals(negative.dataSync(), Int32Array.of(-3, -4));
    assertEquals(same.dataSync(), Int32Array.of(3, 4));
    const test = compile(({ x }) => tf.greater(x, 1), { inputs: { x: [2] } });
    assertEquals(test({ x: [1, 2] }).dataSync(), Uint8Array.of(0, 1));
    const scalar = compile(({ x }) => tf.exp(x), { inputs: { x: [] } });
    assertEquals(numbers(scalar({ x: 0 }).dataSync()), [1]);
    tf.tidy(() => {
      const given = tf.tensor1d([5, 6, 7]);
      assertEquals(numbers(single({ x: given }).dataSync()), [18]);
    });
    for (const each of [add, single, several, test, scalar]) each.dispose();
    total.dispose();
  }
});

Deno.test("compile() leaves no tensors behind, nor does a run", async () => {
  for (const device of ["native", "wasm"] as const) {
    await selectDevice(device, { parameters: 1, batchSize: 1 });
    const before = tf.memory().numTensors;
    const { total, add } = counter();
    add({ terms: [1, 1] });
    const during = tf.memory().numTensors;
    for (let i = 0; i < 5; i++) add({ terms: [1, 1] });
    assertEquals(tf.memory().numTensors, during);
    add.dispose();
    total.dispose();
    assertEquals(tf.memory().numTensors, before, device);
  }
});

Deno.test("compile() and a run free what the step keeps", async () => {
  for (const device of ["native", "wasm"] as const) {
    await selectDevice(device, { parameters: 1, batchSize: 1 });
    const before = tf.memory().numTensors;
    const step = compile(({ x }) => {
      let kept: tf.Tensor = x;
      const { value } = tf.valueAndGrad((given) => {
        kept = tf.keep(tf.square(given));
        return tf.sum(kept) as tf.Scalar;
      })(x);
      return { value, kept };
    }, { inputs: { x: [2] } });
    for (let i = 0; i < 3; i++) {
      assertEquals(numbers(step({ x: [3, 4] }).kept.dataSync()), [9, 16]);
    }
    step.dispose();
    assertEquals(tf.memory().numTensors, before, device);
  }
});

Deno.test("a compiled step picks up what was assigned elsewhere", async () => {
  await useNative();
  const { total, add } = counter();
  add({ terms: [1, 1] });
  tf.tidy(() => total.assign(tf.tensor1d([100, 200])));
  add({ terms: [1, 1] });
  assertEquals(numbers(total.dataSync()), [101, 201]);
  await selectDevice("wasm", { parameters: 1, batchSize: 1 });
  tf.tidy(() => total.assign(tf.add(total, 1)));
  await useNative();
  add({ terms: [1, 1] });
  assertEquals(numbers(total.dataSync()), [103, 203]);
});

Deno.test("a compiled step changes nobody's values but its variables'", async () => {
  await useNative();
  const { total, add } = counter();
  add({ terms: [0, 0] });
  const target = tf.variable(tf.zeros([2]));
  target.assign(total as tf.Tensor1D);
  const kept = total.clone();
  const part = tf.slice(total, [1], [1]);
  const reshaped = tf.reshape(total, [2, 1]);
  const read = total.dataSync();
  const later = await total.data();
  add({ terms: [1, 1] });
  assertEquals(numbers(total.dataSync()), [2, 3]);
  for (const tensor of [target, kept, reshaped]) {
    assertEquals(numbers(tensor.dataSync()), [1, 2]);
  }
  assertEquals(numbers(part.dataSync()), [2]);
  assertEquals(numbers(read), [1, 2]);
  assertEquals(numbers(later), [1, 2]);
  add({ terms: [1, 1] });
  assertEquals(numbers(target.dataSync()), [1, 2]);
});

Deno.test("compiled steps share variables", async () => {
  await useNative();
  const { total, add } = counter();
  const look = compile(() => tf.mul(total, 10), {
    inputs: {},
    variables: [total],
  });
  const halve = compile(() => void total.assign(tf.div(total, 2)), {
    inputs: {},
    variables: [total],
  });
  const expected = [1, 2];
  for (let i = 0; i < 6; i++) {
    add({ terms: [i, 1] });
    assertEquals(
      numbers(look({}).dataSync()),
      [10 * (expected[0] + i), 10 * (expected[1] + 1)],
    );
    if (i % 2 === 0) halve({});
    const factor = i % 2 === 0 ? 2 : 1;
    expected[0] = (expected[0] + i) / factor;
    expected[1] = (expected[1] + 1) / factor;
    assertEquals(numbers(total.dataSync()), expected);
  }
  add.dispose();
  halve.dispose();
  assertEquals(
    numbers(look({}).dataSync()),
    [10 * expected[0], 10 * expected[1]],
  );
});

Deno.test("compiled state may be exchanged, shared, and read before it changes", async () => {
  for (const device of ["cpu", "native"] as const) {
    await selectDevice(device, { parameters: 1, batchSize: 1 });
    const a = tf.variable(tf.tensor1d([1, 2, 3]));
    const b = tf.variable(tf.tensor1d([4, 5, 6]));
    const c = tf.variable(tf.tensor1d([7, 8, 9]));
    const turn = compile(() => {
      const before = tf.mul(a, 1);
      const old = tf.add(a, 0);
      a.assign(b as tf.Tensor1D);
      b.assign(old as tf.Tensor1D);
      c.assign(tf.reverse(c as tf.Tensor1D));
      return { before, product: tf.mul(a, b), c: tf.add(c, 0) };
    }, { inputs: {}, variables: [a, b, c] });
    const first = turn({});
    assertEquals(numbers(first.before.dataSync()), [1, 2, 3]);
    assertEquals(numbers(first.product.dataSync()), [4, 10, 18]);
    assertEquals(numbers(first.c.dataSync()), [9, 8, 7]);
    assertEquals(numbers(a.dataSync()), [4, 5, 6]);
    assertEquals(numbers(b.dataSync()), [1, 2, 3]);
    turn({});
    assertEquals(numbers(a.dataSync()), [1, 2, 3]);
    assertEquals(numbers(c.dataSync()), [7, 8, 9]);
    const same = compile(() => {
      const sum = tf.add(a, b);
      a.assign(sum as tf.Tensor1D);
      b.assign(sum as tf.Tensor1D);
      return { twice: tf.add(a, b), a: tf.mul(a, 1) };
    }, { inputs: {}, variables: [a, b] });
    const sums = same({});
    assertEquals(numbers(sums.twice.dataSync()), [10, 14, 18]);
    assertEquals(numbers(a.dataSync()), [5, 7, 9]);
    assertEquals(numbers(b.dataSync()), [5, 7, 9]);
    same({});
    assertEquals(numbers(b.dataSync()), [10, 14, 18]);
  }
});

Deno.test("a compiled step reads old values where it writes new ones", async () => {
  for (const device of ["cpu", "native"] as const) {
    await selectDevice(device, { parameters: 1, batchSize: 1 });
    const x = tf.variable(tf.range(0, 300));
    const step = compile(() => {
      const old = tf.add(x, 0.5);
      x.assign(tf.mul(x, 2) as tf.Tensor1D);
      const mean = tf.mean(x);
      return { sum: tf.add(old, x), shifted: tf.sub(old, mean) };
    }, { inputs: {}, variables: [x] });
    const { sum, shifted } = step({});
    assertEquals(sum.dataSync()[7], 21.5);
    assertEquals(shifted.dataSync()[7], 7.5 - 299);
    assertEquals(x.dataSync()[299], 598);
  }
});

Deno.test("compile() puts back what recording changed", async () => {
  await useNative();
  const total = tf.variable(tf.tensor1d([1, 2]));
  const other = tf.variable(tf.tensor1d([5]));
  assertThrows(
    () =>
      compile(() => {
        total.assign(tf.zeros([2]));
        other.assign(tf.zeros([1]));
        throw new Error("stop");
      }, { inputs: {}, variables: [total] }),
    Error,
    "stop",
  );
  assertEquals(numbers(total.dataSync()), [1, 2]);
  assertEquals(numbers(other.dataSync()), [5]);
});

Deno.test("compile() refuses steps that are no functions of their inputs", async () => {
  await useNative();
  const total = tf.variable(tf.tensor1d([1, 2]), true, "total");
  const inputs = { x: [2] } as const;
  const cases: [() => unknown, string][] = [
    [
      () => compile(({ x }) => tf.mul(x, total), { inputs }),
      'uses the variable "total"',
    ],
    [
      () => compile(({ x }) => void total.assign(x), { inputs }),
      'assigns the variable "total"',
    ],
    [
      () => compile(({ x }) => tf.mul(x, tf.variable(x)), { inputs }),
      "makes the variable",
    ],
    [
      () => compile(({ x }) => tf.mul(x, x.dataSync()[0]), { inputs }),
      "reads data at",
    ],
    [
      () => compile(({ x }) => tf.mul(x, tf.randomUniform([2])), { inputs }),
      "draws random numbers at",
    ],
    [
      () => compile(({ x }) => tf.mul(x, Math["random"]()), { inputs }),
      "draws random numbers at",
    ],
    [
      () => {
        using inner = compile(({ x }) => tf.neg(x), { inputs });
        compile(
          () => tf.tensor(inner({ x: [1, 2] }).dataSync()),
          { inputs },
        );
      },
      "compiles or runs another at",
    ],
    [
      () =>
        compile(() => {
          compile(({ x }) => tf.neg(x), { inputs });
        }, { inputs }),
      "compiles or runs another at",
    ],
    [
      () => compile(() => 3 as unknown as tf.Tensor, { inputs: {} }),
      "expected tensors",
    ],
  ];
  for (const [make, message] of cases) assertThrows(make, Error, message);
  assertEquals(numbers(total.dataSync()), [1, 2]);
  // What it reads later must not end the process either.
  const late = ({ x }: { x: tf.Tensor }) =>
    tf.booleanMaskAsync(x, tf.tensor1d([1, 0], "bool"));
  assertThrows(
    () => compile(late as unknown as () => tf.Tensor, { inputs }),
    TypeError,
    "asynchronous",
  );
  await Promise.resolve();
  assertThrows(
    () => compile(() => {}, { inputs, fallback: "wasm" as "eager" }),
    TypeError,
    'fallback "wasm"',
  );
  const undone = tf.variable(tf.zeros([1]));
  undone.dispose();
  assertThrows(
    () => compile(() => {}, { inputs: {}, variables: [undone] }),
    Error,
    "is disposed",
  );
  assertThrows(
    () => compile(() => {}, { inputs: { x: [-1] } }),
    RangeError,
    "shape [-1]",
  );
});

Deno.test("compile() names what it does not cover, and where it is", async () => {
  await useNative();
  const step = ({ x }: { x: tf.Tensor2D }) => tf.topk(x, 1).values;
  const options = { inputs: { x: [3, 4] } } as const;
  const error = assertThrows(() => compile(step, options), NotCovered, "TopK");
  assertStringIncludes((error as Error).message, "compile_test.ts:");
  const eager = compile(step, { ...options, fallback: "eager" });
  assertEquals(eager.mode, "eager");
  assertStringIncludes(eager.explain(), "TopK");
  const x = [1, 2, 3, 4, 8, 7, 6, 5, 9, 1, 2, 3];
  assertEquals(numbers(eager({ x }).dataSync()), [4, 8, 9]);
});

Deno.test("a compiled step refuses other inputs and changes nothing", async () => {
  for (const device of ["native", "wasm"] as const) {
    await selectDevice(device, { parameters: 1, batchSize: 1 });
    const total = tf.variable(tf.tensor1d([1, 2]));
    const step = compile(({ x, i }) => {
      total.assign(tf.add(total, tf.mul(x, i)) as tf.Tensor1D);
    }, {
      inputs: { x: [2], i: { shape: [2], dtype: "int32" } },
      variables: [total],
    });
    const x = [1, 1];
    const i = [1, 1];
    const cases: [unknown, string][] = [
      [{ x }, 'without its input "i"'],
      [{ x, i, y: 1 }, 'the input "y", expected x, i'],
      [{ x: [1], i }, '1 values as "x", expected float32 of shape [2]'],
      [{ x: 5, i }, '1 values as "x"'],
      [{ x: "no", i }, "as"],
      [{ x, i: [1, 0.5] }, 'as "i", expected int32'],
      [{ x, i: Float32Array.of(1, 1) }, "Float32Array"],
      [{ x: tf.zeros([2, 1]), i }, "float32 of shape [2,1]"],
      [{ x, i: tf.zeros([2]) }, 'float32 of shape [2] as "i"'],
      [undefined, "without its input"],
    ];
    for (const [inputs, message] of cases) {
      assertThrows(() => step(inputs as never), TypeError, message);
    }
    assertEquals(numbers(total.dataSync()), [1, 2]);
    step({ x, i });
    total.dispose();
    assertThrows(() => step({ x, i }), Error, "dispose");
  }
});

Deno.test("a compiled step says when it was ended", async () => {
  await useNative();
  const { total, add } = counter();
  add({ terms: [1, 1] });
  add.dispose();
  add.dispose();
  assertEquals(numbers(total.dataSync()), [2, 3]);
  assertThrows(() => add({ terms: [1, 1] }), TypeError, "closed");
});

Deno.test("compile() with check finds numbers that were frozen in", async () => {
  await useNative();
  let rate = 0;
  const w = tf.variable(tf.tensor1d([1, 2]), true, "weights");
  const step = ({ x }: { x: tf.Tensor1D }) => {
    rate += 0.1;
    w.assign(tf.sub(w, tf.mul(x, rate)) as tf.Tensor1D);
    return { fine: tf.mul(x, 2) };
  };
  const options = { inputs: { x: [2] }, variables: [w] } as const;
  assertThrows(
    () => compile(step, { ...options, check: true }),
    Error,
    '"weights" came out differently',
  );
  assertEquals(numbers(w.dataSync()), [1, 2]);
  const pure = compile(({ x }) => {
    w.assign(tf.sub(w, tf.mul(x, 0.5)) as tf.Tensor1D);
    return { loss: tf.sum(tf.square(tf.sub(x, w))) };
  }, { ...options, check: true });
  assertEquals(numbers(w.dataSync()), [1, 2]);
  pure({ x: [2, 2] });
  assertEquals(numbers(w.dataSync()), [0, 1]);
});

Deno.test("compile() with checkNumerics says which run and which kernel", async () => {
  for (const device of ["native", "cpu"] as const) {
    await selectDevice(device, { parameters: 1, batchSize: 1 });
    const w = tf.variable(tf.tensor1d([1, 2]));
    const step = compile(({ x }) => {
      w.assign(tf.log(tf.sub(w, x)) as tf.Tensor1D);
    }, { inputs: { x: [2] }, variables: [w], checkNumerics: true });
    step({ x: [0.5, 0.5] });
    tf.tidy(() => w.assign(tf.tensor1d([3, 3])));
    const error = assertThrows(() => step({ x: [4, 0] }), Error, "run 2");
    if (device === "native") {
      assertStringIncludes((error as Error).message, "Log at ");
      assertStringIncludes((error as Error).message, "compile_test.ts:");
    }
  }
});

Deno.test("a compiled step explains itself", async () => {
  await useNative();
  const step = compile(
    ({ x, w, b }) => tf.relu(tf.add(tf.matMul(x, w), b)),
    { inputs: { x: [64, 8], w: [8, 16], b: [16] } },
  );
  const lines = step.explain().split("\n");
  assertEquals(lines.length, 4);
  assertStringIncludes(lines[1], "[64 x 8] times [8 x 16]");
  assertStringIncludes(lines[2], "add, relu");
  assertStringIncludes(lines[3], "2 instructions");
});

Deno.test("a compiled gather refuses an index that is out of range", async () => {
  await useNative();
  const pick = compile(
    ({ x, i }) => tf.gather(x, i),
    { inputs: { x: [3], i: { shape: [2], dtype: "int32" } } },
  );
  assertEquals(numbers(pick({ x: [5, 6, 7], i: [2, 0] }).dataSync()), [7, 5]);
  assertThrows(() => pick({ x: [5, 6, 7], i: [3, 0] }), RangeError);
});

Deno.test("compiled steps work in workers, each with its own", async () => {
  await useNative();
  const source = `
    import { selectDevice } from "${import.meta.resolve("../devices.ts")}";
    import * as tf from "${import.meta.resolve("../tensorflow.ts")}";
    import { compile } from "${import.meta.resolve("./compile.ts")}";
    await selectDevice("native", { parameters: 1, batchSize: 1 });
    const step = compile(({ x }) => tf.sum(tf.exp(x)), { inputs: { x: [4] } });
    let sum = 0;
    for (let i = 0; i < 2000; i++) {
      sum = step({ x: [0, 0, 0, 0] }).dataSync()[0];
    }
    postMessage(sum);
  `;
  const url = URL.createObjectURL(
    new Blob([source], { type: "application/javascript" }),
  );
  const sums = await Promise.all(
    [1, 2].map(() =>
      new Promise((resolve, reject) => {
        const worker = new Worker(url, { type: "module" });
        worker.onmessage = ({ data }) => {
          worker.terminate();
          resolve(data);
        };
        worker.onerror = (event) => reject(new Error(event.message));
      })
    ),
  );
  assertEquals(sums, [4, 4]);
  const { add } = counter();
  await assertRejects(
    () => new Promise((resolve) => resolve(structuredClone(add))),
    DOMException,
  );
  assert(add.mode === "native");
});

Deno.test("a compiled step leaves values alone that its variable had before", async () => {
  await useNative();
  const { total, add } = counter();
  add({ terms: [1, 1] });
  const kept = total.clone();
  const twin = tf.variable(tf.zeros([2]));
  twin.assign(total as tf.Tensor1D);
  tf.tidy(() => total.assign(tf.tensor1d([7, 8])));
  add({ terms: [1, 1] });
  assertEquals(numbers(kept.dataSync()), [2, 3]);
  assertEquals(numbers(twin.dataSync()), [2, 3]);
  assertEquals(numbers(total.dataSync()), [8, 9]);
});

Deno.test("a compiled step tells variables from tensors with the same values", async () => {
  for (const device of ["native", "cpu"] as const) {
    await selectDevice(device, { parameters: 1, batchSize: 1 });
    const initial = tf.tensor1d([1, 2]);
    const w = tf.variable(initial);
    const other = tf.variable(initial);
    using step = compile(() => {
      w.assign(tf.add(w, 1) as tf.Tensor1D);
      return tf.sub(w, initial);
    }, { inputs: {}, variables: [w] });
    assertEquals(numbers(step({}).dataSync()), [1, 1]);
    assertEquals(numbers(step({}).dataSync()), [2, 2]);
    assertEquals(numbers(other.dataSync()), [1, 2]);
    if (device === "cpu") continue;
    const foreign: (() => tf.Tensor | void)[] = [
      () => tf.add(w, other),
      () => tf.reshape(other, [2, 1]),
      () => other,
      () => void w.assign(other as tf.Tensor1D),
    ];
    for (const of of foreign) {
      assertThrows(
        () => compile(of as () => tf.Tensor, { inputs: {}, variables: [w] }),
        Error,
        `the variable "${other.name}"`,
      );
    }
  }
});

Deno.test("a step that runs eagerly disposes nothing that is not its own", async () => {
  await selectDevice("cpu", { parameters: 1, batchSize: 1 });
  const w = tf.variable(tf.tensor1d([1, 2]));
  const constant = tf.tensor1d([5]);
  using step = compile(() => {
    w.assign(tf.add(w, 1) as tf.Tensor1D);
    return { w, constant, again: w };
  }, { inputs: {}, variables: [w] });
  for (const expected of [[2, 3], [3, 4], [4, 5]]) {
    const outputs = step({});
    assertEquals(numbers(outputs.w.dataSync()), expected);
    assertEquals(numbers(outputs.again.dataSync()), expected);
    assertEquals(numbers(outputs.constant.dataSync()), [5]);
  }
  assertEquals(numbers(w.dataSync()), [4, 5]);
});

Deno.test("compile() and its check take variables of whole numbers", async () => {
  await useNative();
  const count = tf.variable(tf.tensor1d([1, 2], "int32"));
  using step = compile(({ x }) => {
    count.assign(tf.add(count, x) as tf.Tensor1D);
  }, {
    inputs: { x: { shape: [2], dtype: "int32" } },
    variables: [count],
    check: true,
  });
  step({ x: [3, 4] });
  assertEquals(count.dataSync(), Int32Array.of(4, 6));
});

Deno.test("a compiled gather that fails leaves the variables as they were", async () => {
  await useNative();
  const count = tf.variable(tf.tensor1d([1]));
  const table = tf.variable(tf.tensor1d([5, 6, 7]));
  const step = compile(({ i }) => {
    count.assign(tf.add(count, 1));
    const picked = tf.gather(
      table,
      tf.add(i, tf.cast(tf.mul(count, 0), "int32")),
    );
    table.assign(tf.concat([picked, tf.sum(picked, 0, true)]) as tf.Tensor1D);
  }, {
    inputs: { i: { shape: [2], dtype: "int32" } },
    variables: [count, table],
  });
  assertThrows(() => step({ i: [1, 3] }), RangeError);
  assertEquals(numbers(count.dataSync()), [1]);
  assertEquals(numbers(table.dataSync()), [5, 6, 7]);
  step({ i: [1, 2] });
  assertEquals(numbers(count.dataSync()), [2]);
  assertEquals(numbers(table.dataSync()), [6, 7, 13]);
});
