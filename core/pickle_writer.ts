/**
 * Python pickles of lists, tuples and floats, written as a stream.
 *
 * @module
 */
import { openStreamFile } from "./stream_file.ts";

/** A pickle that is being written: what is between begin and end belongs in. */
export interface PickleWriter extends Disposable {
  /** Begins a list. */
  beginList(): void;
  /** Ends the latest list. */
  endList(): void;
  /** Begins a tuple. */
  beginTuple(): void;
  /** Ends the latest tuple. */
  endTuple(): void;
  /** Writes Python floats, one after the other. */
  floats(values: ArrayLike<number>): void;
  /** Ends the pickle and puts the file in its place. */
  close(): void;
  /** Removes what was written, unless it was closed. */
  [Symbol.dispose](): void;
}

// Opcodes of pickle protocol 2 (Lib/pickletools.py).
const PROTOCOL_2 = [0x80, 2];
const MARK = 0x28;
const EMPTY_LIST = 0x5d;
const APPENDS = 0x65;
const TUPLE = 0x74;
const BINFLOAT = 0x47;
const STOP = 0x2e;
const BUFFER_SIZE = 1 << 16;

/**
 * Opens a pickle for writing, under a temporary name until it is closed.
 * `pickle.load` reads it, in any version of Python 3.
 *
 * @param path The file's place; folders on the way are made. Throws a one-line
 * error that names it when it cannot be written.
 */
export function openPickle(path: string): PickleWriter {
  const file = openStreamFile(path);
  const buffer = new Uint8Array(BUFFER_SIZE);
  const view = new DataView(buffer.buffer);
  let size = 0;

  function flush(): void {
    file.write(buffer.subarray(0, size));
    size = 0;
  }

  function put(...codes: number[]): void {
    if (size + codes.length > BUFFER_SIZE) flush();
    for (const code of codes) buffer[size++] = code;
  }

  put(...PROTOCOL_2);
  return {
    beginList: () => put(EMPTY_LIST, MARK),
    endList: () => put(APPENDS),
    beginTuple: () => put(MARK),
    endTuple: () => put(TUPLE),
    floats(values) {
      for (let i = 0; i < values.length; i++) {
        if (size + 9 > BUFFER_SIZE) flush();
        buffer[size] = BINFLOAT;
        view.setFloat64(size + 1, values[i]);
        size += 9;
      }
    },
    close() {
      put(STOP);
      flush();
      file.close();
    },
    [Symbol.dispose]: file[Symbol.dispose],
  };
}
