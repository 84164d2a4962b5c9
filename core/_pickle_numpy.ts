/**
 * NumPy's arrays and numbers in pickles: the few names that they are rebuilt
 * by, understood rather than called.
 *
 * @module
 */

type Refuse = (reason: string) => never;

/** A name that a pickle may use. */
export class PickledName {
  /** What it stands for, such as `dtype`. */
  readonly meaning: string;
  /** As the pickle has it, such as `numpy.dtype`. */
  readonly text: string;

  /** @param text As the pickle has it. */
  constructor(text: string, meaning: string) {
    this.text = text;
    this.meaning = meaning;
  }
}

const MEANINGS: Readonly<Record<string, string>> = {
  "numpy.dtype": "dtype",
  "numpy.ndarray": "ndarray",
  "numpy.core.multiarray.scalar": "scalar",
  "numpy._core.multiarray.scalar": "scalar",
  "numpy.core.multiarray._reconstruct": "array",
  "numpy._core.multiarray._reconstruct": "array",
  "numpy.core.numeric._frombuffer": "frombuffer",
  "numpy._core.numeric._frombuffer": "frombuffer",
  "_codecs.encode": "encode",
};

/** The name where it is allowed, else undefined. */
export function resolveName(text: string): PickledName | undefined {
  return Object.hasOwn(MEANINGS, text)
    ? new PickledName(text, MEANINGS[text])
    : undefined;
}

/** An element type under construction. */
class ElementType {
  readonly code: string;
  bigEndian = false;

  constructor(code: string) {
    this.code = code;
  }
}

/** An array under construction: BUILD fills it in place. */
class NumpyArray {
  shape: number[] = [0];
  data = new Float64Array();
}

const READERS: Readonly<
  Record<string, (view: DataView, at: number, little: boolean) => number>
> = {
  b1: (view, at) => view.getUint8(at),
  i1: (view, at) => view.getInt8(at),
  u1: (view, at) => view.getUint8(at),
  i2: (view, at, little) => view.getInt16(at, little),
  u2: (view, at, little) => view.getUint16(at, little),
  i4: (view, at, little) => view.getInt32(at, little),
  u4: (view, at, little) => view.getUint32(at, little),
  i8: (view, at, little) => Number(view.getBigInt64(at, little)),
  u8: (view, at, little) => Number(view.getBigUint64(at, little)),
  f4: (view, at, little) => view.getFloat32(at, little),
  f8: (view, at, little) => view.getFloat64(at, little),
};

/** What calling a name would give. */
export function numpyCall(
  name: PickledName,
  args: readonly unknown[],
  refuse: Refuse,
): unknown {
  switch (name.meaning) {
    case "dtype":
      return elementType(args[0], refuse);
    case "scalar": {
      const values = numbersOf(args[0], args[1], refuse);
      return values.length === 1
        ? values[0]
        : refuse(`a number has ${values.length} values`);
    }
    case "array":
      return new NumpyArray();
    case "frombuffer":
      return fromBuffer(args, refuse);
    case "encode":
      return encoded(args, refuse);
    default:
      return refuse(`it calls ${name.text}, expected data`);
  }
}

function elementType(code: unknown, refuse: Refuse): ElementType {
  const text = String(code).replace(/^[<>=|]/, "");
  if (!Object.hasOwn(READERS, text)) {
    refuse(
      `an array has elements ${JSON.stringify(String(code))}, expected numbers`,
    );
  }
  const type = new ElementType(text);
  type.bigEndian = String(code).startsWith(">");
  return type;
}

/** Protocol 2 writes bytes as text of the same code points. */
function encoded(args: readonly unknown[], refuse: Refuse): Uint8Array {
  const [text, encoding] = args;
  if (typeof text !== "string" || encoding !== "latin1") {
    return refuse("a text is encoded otherwise than as latin1");
  }
  return Uint8Array.from(text, (character) => {
    const code = character.codePointAt(0)!;
    return code < 256 ? code : refuse("a text is not latin1");
  });
}

function fromBuffer(args: readonly unknown[], refuse: Refuse): NumpyArray {
  const [bytes, type, shape, order] = args;
  const array = new NumpyArray();
  fill(array, { shape, type, fortran: order === "F", bytes }, refuse);
  return array;
}

/** What BUILD does to an element type or an array. */
export function numpyBuild(
  target: unknown,
  state: unknown,
  refuse: Refuse,
): void {
  if (!Array.isArray(state)) refuse("a state is no tuple");
  if (target instanceof ElementType) {
    target.bigEndian = state[1] === ">";
  } else if (target instanceof NumpyArray) {
    const [, shape, type, fortran, bytes] = state;
    fill(target, { shape, type, fortran: fortran === true, bytes }, refuse);
  } else refuse("it changes what is no array");
}

function fill(
  array: NumpyArray,
  { shape, type, fortran, bytes }: {
    shape: unknown;
    type: unknown;
    fortran: boolean;
    bytes: unknown;
  },
  refuse: Refuse,
): void {
  const values = numbersOf(type, bytes, refuse);
  const lengths: number[] =
    Array.isArray(shape) && shape.every((n) => Number.isInteger(n) && n >= 0)
      ? shape
      : refuse("a shape is no tuple of whole numbers from 0");
  if (lengths.reduce((product, n) => product * n, 1) !== values.length) {
    refuse(`an array of shape [${lengths}] has ${values.length} values`);
  }
  if (fortran && lengths.filter((length) => length > 1).length > 1) {
    refuse("an array lies column by column, expected row by row");
  }
  array.shape = lengths;
  array.data = values;
}

function numbersOf(
  type: unknown,
  bytes: unknown,
  refuse: Refuse,
): Float64Array<ArrayBuffer> {
  if (!(type instanceof ElementType) || !(bytes instanceof Uint8Array)) {
    return refuse("an array has no element type or no bytes");
  }
  const size = Number(type.code[1]);
  if (bytes.length % size !== 0) {
    refuse(`${bytes.length} bytes are no whole number of elements of ${size}`);
  }
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const read = READERS[type.code];
  return Float64Array.from(
    { length: bytes.length / size },
    (_, i) => read(view, i * size, !type.bigEndian),
  );
}
