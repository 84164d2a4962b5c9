/**
 * A switch for the tests of the controller, which does as it is told.
 *
 * @module
 */
import { recorded } from "./_test_bytes.ts";
import { messageSplitter } from "./framing.ts";
import { decodeHeader, MESSAGE_TYPES } from "./header.ts";

/** What it does with a message; true where that is all. */
export type Habit = (message: Uint8Array, self: TestSwitch) => boolean;

/** A switch. */
export interface TestSwitch extends AsyncDisposable {
  /** What it was sent. */
  readonly received: Uint8Array[];
  /** Sends bytes. */
  send(bytes: Uint8Array): void;
  /** Settles when the controller has hung up. */
  readonly ended: Promise<void>;
}

/** A recorded message with the number of the request that it answers. */
export function answer(
  name: keyof typeof recorded,
  request: Uint8Array,
): Uint8Array {
  const message = recorded[name].slice();
  message.set(request.subarray(4, 8), 4);
  return message;
}

const MULTIPART_ANSWERS: Readonly<Record<number, keyof typeof recorded>> = {
  0: "description",
  1: "flows",
  4: "portStats",
  7: "groups",
  13: "ports",
};

/** What Open vSwitch does, by what was recorded. */
function usual(message: Uint8Array, self: TestSwitch, dpid: number): void {
  switch (decodeHeader(message).type) {
    case MESSAGE_TYPES.hello:
      return self.send(recorded.hello);
    case MESSAGE_TYPES.featuresRequest: {
      const features = answer("featuresReply", message);
      features[15] = dpid;
      return self.send(features);
    }
    case MESSAGE_TYPES.echoRequest: {
      const echo = message.slice();
      echo[1] = MESSAGE_TYPES.echoReply;
      return self.send(echo);
    }
    case MESSAGE_TYPES.barrierRequest:
      return self.send(answer("barrierReply", message));
    case MESSAGE_TYPES.multipartRequest:
      return self.send(answer(MULTIPART_ANSWERS[message[9]], message));
  }
}

/**
 * Connects to a controller.
 *
 * @param port Where it listens on this machine.
 * @param options The switch's number, and what it does differently.
 */
export async function connectSwitch(
  port: number,
  options: { dpid?: number; habit?: Habit } = {},
): Promise<TestSwitch> {
  const { dpid = 1, habit = () => false } = options;
  const connection = await Deno.connect({ hostname: "127.0.0.1", port });
  const split = messageSplitter();
  const received: Uint8Array[] = [];
  let writing: Promise<unknown> = Promise.resolve();
  const read = async () => {
    const buffer = new Uint8Array(65536);
    for (;;) {
      const count = await connection.read(buffer).catch(() => null);
      if (count === null) return;
      for (const message of split(buffer.slice(0, count))) {
        received.push(message);
        if (!habit(message, self)) usual(message, self, dpid);
      }
    }
  };
  const self: TestSwitch = {
    received,
    send(bytes) {
      writing = writing.then(() => connection.write(bytes)).catch(() => {});
    },
    ended: Promise.resolve(),
    async [Symbol.asyncDispose]() {
      await writing;
      try {
        connection.close();
      } catch {
        // The controller's hanging up may have closed it.
      }
      await ended;
    },
  };
  const ended = read();
  return Object.assign(self, { ended });
}
