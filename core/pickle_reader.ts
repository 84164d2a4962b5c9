/**
 * Python's pickles of plain data, read without executing anything.
 *
 * A pickle is a program for a stack machine that may import and call whatever
 * it names. Here only the instructions that build data are known; of names,
 * only those that NumPy's arrays and numbers are rebuilt by, which are
 * understood and not called.
 *
 * @module
 */
import {
  numpyBuild,
  numpyCall,
  PickledName,
  resolveName,
} from "./_pickle_numpy.ts";
import {
  asNumber,
  floatingPoint,
  quoted,
  unescaped,
  wholeNumber,
} from "./_pickle_text.ts";

/** An array of NumPy's, its values as numbers, row by row. */
export interface PickledArray {
  /** Length along each axis. */
  readonly shape: readonly number[];
  /** Values. */
  readonly data: Float64Array;
}

/**
 * What a pickle holds: lists and tuples as arrays, dictionaries as maps,
 * NumPy's numbers as numbers. Whole numbers beyond 2^53 are bigints.
 */
export type PickleValue =
  | null
  | boolean
  | number
  | bigint
  | string
  | Uint8Array
  | PickledArray
  | PickleValue[]
  | Map<PickleValue, PickleValue>;

/** Options of {@linkcode decodePickle}. */
export interface PickleOptions {
  /** What messages call the bytes. Default `"bytes"`. */
  name?: string;
}

/** Names of the instructions that are refused, for their messages. */
const REFUSED: Readonly<Record<number, string>> = {
  0x50: "PERSID",
  0x51: "BINPERSID",
  0x69: "INST",
  0x6f: "OBJ",
  0x81: "NEWOBJ",
  0x92: "NEWOBJ_EX",
  0x82: "EXT1",
  0x83: "EXT2",
  0x84: "EXT4",
  0x97: "NEXT_BUFFER",
  0x98: "READONLY_BUFFER",
};

const MARK = Symbol("mark");

/** Anything that may lie on the stack. */
type Item = unknown;

interface Machine {
  readonly bytes: Uint8Array;
  readonly view: DataView;
  at: number;
  readonly stack: Item[];
  readonly memo: Map<number, Item>;
  refuse(reason: string): never;
}

type Instruction = (machine: Machine) => void;

/**
 * The value in a pickle of protocol 0 to 5.
 *
 * @param bytes The whole file. Throws `SyntaxError` that names the byte where
 * it is cut short, damaged, or asks for anything but plain data: nothing that
 * it names is imported or called.
 * @param options What messages call the bytes.
 */
export function decodePickle(
  bytes: Uint8Array,
  options: PickleOptions = {},
): PickleValue {
  const label = options.name === undefined
    ? "bytes"
    : JSON.stringify(options.name);
  let start = 0;
  const machine: Machine = {
    bytes,
    view: new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength),
    at: 0,
    stack: [],
    memo: new Map(),
    refuse(reason) {
      throw new SyntaxError(
        `Cannot read ${label} as a pickle: byte ${start}: ${reason}`,
      );
    },
  };
  for (;;) {
    start = machine.at;
    const code = take(machine, 1)[0];
    if (code === STOP) break;
    const instruction = INSTRUCTIONS[code];
    if (instruction === undefined) {
      machine.refuse(
        code in REFUSED
          ? `the instruction ${
            REFUSED[code]
          } makes objects, expected plain data`
          : `${code} is no known instruction`,
      );
    }
    instruction(machine);
  }
  const value = pop(machine);
  if (value instanceof PickledName) {
    machine.refuse(`it holds ${value.text} itself, expected data`);
  }
  return value as PickleValue;
}

const STOP = 0x2e;

function take(machine: Machine, count: number): Uint8Array {
  const { bytes, at } = machine;
  if (!(count >= 0 && at + count <= bytes.length)) {
    machine.refuse(
      `the file ends after ${bytes.length} bytes, it seems cut off`,
    );
  }
  machine.at += count;
  return bytes.subarray(at, at + count);
}

function takeUint(machine: Machine, size: 1 | 2 | 4 | 8): number {
  const { view, at } = machine;
  take(machine, size);
  switch (size) {
    case 1:
      return view.getUint8(at);
    case 2:
      return view.getUint16(at, true);
    case 4:
      return view.getUint32(at, true);
    case 8:
      return Number(view.getBigUint64(at, true));
  }
}

function takeLine(machine: Machine): string {
  const end = machine.bytes.indexOf(0x0a, machine.at);
  if (end < 0) machine.refuse("a line does not end, the file seems cut off");
  const line = take(machine, end - machine.at);
  machine.at++;
  // Code by code: what `TextDecoder` calls latin1 is windows-1252.
  let text = "";
  for (const code of line) text += String.fromCharCode(code);
  return text;
}

function takeText(machine: Machine, count: number): string {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(
      take(machine, count),
    );
  } catch (error) {
    if (error instanceof SyntaxError) throw error;
    return machine.refuse("a text is not UTF-8");
  }
}

function pop(machine: Machine): Item {
  const { stack } = machine;
  if (stack.length === 0 || stack.at(-1) === MARK) {
    machine.refuse("an instruction finds no value");
  }
  return stack.pop();
}

function popToMark(machine: Machine): Item[] {
  const { stack } = machine;
  const mark = stack.lastIndexOf(MARK);
  if (mark < 0) machine.refuse("an instruction finds no mark");
  const items = stack.splice(mark);
  items.shift();
  return items;
}

function top<Kind>(
  machine: Machine,
  is: (item: Item) => item is Kind,
  what: string,
): Kind {
  const item = machine.stack.at(-1);
  return is(item) ? item : machine.refuse(`a value is no ${what}`);
}

const isList = (item: Item): item is Item[] => Array.isArray(item);
const isMap = (item: Item): item is Map<Item, Item> => item instanceof Map;

/** A whole number of any size, least byte first, two's complement. */
function littleEndian(bytes: Uint8Array): number | bigint {
  let value = 0n;
  bytes.forEach((byte, i) => value |= BigInt(byte) << BigInt(8 * i));
  return asNumber(BigInt.asIntN(8 * bytes.length, value));
}

function setItems(machine: Machine, items: readonly Item[]): void {
  const map = top(machine, isMap, "dictionary");
  if (items.length % 2 !== 0) machine.refuse("a key has no value");
  for (let i = 0; i < items.length; i += 2) map.set(items[i], items[i + 1]);
}

function fromMemo(machine: Machine, key: number): void {
  if (!machine.memo.has(key)) {
    machine.refuse(`it refers to value ${key}, which it did not store`);
  }
  machine.stack.push(machine.memo.get(key));
}

function toMemo(machine: Machine, key: number): void {
  const value = pop(machine);
  machine.stack.push(value);
  machine.memo.set(key, value);
}

function lineKey(machine: Machine): number {
  return Number(wholeNumber(takeLine(machine), machine.refuse));
}

const push = (value: (machine: Machine) => Item): Instruction => (machine) => {
  machine.stack.push(value(machine));
};

const tuple = (count: number): Instruction => (machine) => {
  const items = Array.from({ length: count }, () => pop(machine)).reverse();
  machine.stack.push(items);
};

function nameOf(machine: Machine, module: Item, name: Item): PickledName {
  if (typeof module !== "string" || typeof name !== "string") {
    return machine.refuse("a name is no text");
  }
  return resolveName(`${module}.${name}`) ??
    machine.refuse(
      `it names ${module}.${name}, which data does not need; nothing was run`,
    );
}

/** What each instruction does, by its code (CPython's pickletools). */
const INSTRUCTIONS: Readonly<Record<number, Instruction>> = {
  // Protocol and framing
  0x80: (m) => {
    const protocol = takeUint(m, 1);
    if (protocol > 5) m.refuse(`protocol ${protocol} is newer than 5`);
  },
  0x95: (m) => void take(m, 8),
  // Constants
  0x4e: push(() => null),
  0x88: push(() => true),
  0x89: push(() => false),
  // Whole numbers
  0x49: push((m) => {
    const line = takeLine(m);
    return line === "01"
      ? true
      : line === "00"
      ? false
      : wholeNumber(line, m.refuse);
  }),
  0x4c: push((m) => wholeNumber(takeLine(m).replace(/L$/, ""), m.refuse)),
  0x4a: push((m) => takeUint(m, 4) | 0),
  0x4b: push((m) => takeUint(m, 1)),
  0x4d: push((m) => takeUint(m, 2)),
  0x8a: push((m) => littleEndian(take(m, takeUint(m, 1)))),
  0x8b: push((m) => {
    const size = takeUint(m, 4);
    // Shifting a number together takes time that grows with its square.
    return size > 1024
      ? m.refuse(`a number of ${size} bytes is too large`)
      : littleEndian(take(m, size));
  }),
  // Numbers
  0x46: push((m) => floatingPoint(takeLine(m), m.refuse)),
  0x47: push((m) => {
    const { at } = m;
    take(m, 8);
    return m.view.getFloat64(at);
  }),
  // Text and bytes
  0x56: push((m) => unescaped(takeLine(m), m.refuse)),
  0x53: push((m) => quoted(takeLine(m), m.refuse)),
  0x8c: push((m) => takeText(m, takeUint(m, 1))),
  0x58: push((m) => takeText(m, takeUint(m, 4))),
  0x8d: push((m) => takeText(m, takeUint(m, 8))),
  0x43: push((m) => take(m, takeUint(m, 1))),
  0x42: push((m) => take(m, takeUint(m, 4))),
  0x8e: push((m) => take(m, takeUint(m, 8))),
  0x96: push((m) => take(m, takeUint(m, 8))),
  0x55: push((m) => take(m, takeUint(m, 1))),
  0x54: push((m) => take(m, takeUint(m, 4))),
  // Lists, tuples, dictionaries
  0x28: push(() => MARK),
  0x5d: push(() => []),
  0x29: push(() => []),
  0x7d: push(() => new Map()),
  0x6c: push(popToMark),
  0x74: push(popToMark),
  0x64: (m) => {
    const items = popToMark(m);
    m.stack.push(new Map());
    setItems(m, items);
  },
  0x85: tuple(1),
  0x86: tuple(2),
  0x87: tuple(3),
  0x61: (m) => {
    const item = pop(m);
    top(m, isList, "list").push(item);
  },
  0x65: (m) => {
    const items = popToMark(m);
    const list = top(m, isList, "list");
    for (const item of items) list.push(item);
  },
  0x73: (m) => {
    const value = pop(m);
    setItems(m, [pop(m), value]);
  },
  0x75: (m) => setItems(m, popToMark(m)),
  // The stack and the memo
  0x30: (m) => {
    if (m.stack.at(-1) === MARK) m.stack.pop();
    else pop(m);
  },
  0x31: (m) => void popToMark(m),
  0x32: (m) => {
    const item = pop(m);
    m.stack.push(item, item);
  },
  0x70: (m) => toMemo(m, lineKey(m)),
  0x71: (m) => toMemo(m, takeUint(m, 1)),
  0x72: (m) => toMemo(m, takeUint(m, 4)),
  0x94: (m) => toMemo(m, m.memo.size),
  0x67: (m) => fromMemo(m, lineKey(m)),
  0x68: (m) => fromMemo(m, takeUint(m, 1)),
  0x6a: (m) => fromMemo(m, takeUint(m, 4)),
  // Names of NumPy's, and what they stand for
  0x63: push((m) => nameOf(m, takeLine(m), takeLine(m))),
  0x93: (m) => {
    const name = pop(m);
    m.stack.push(nameOf(m, pop(m), name));
  },
  0x52: (m) => {
    const args = pop(m);
    const name = pop(m);
    m.stack.push(
      name instanceof PickledName && isList(args)
        ? numpyCall(name, args, m.refuse)
        : m.refuse("it calls what is no name"),
    );
  },
  0x62: (m) => {
    const state = pop(m);
    numpyBuild(m.stack.at(-1), state, m.refuse);
  },
};
