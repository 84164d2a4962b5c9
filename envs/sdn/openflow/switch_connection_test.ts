import { assertEquals, assertRejects } from "@std/assert";
import { answer, connectSwitch, type Habit } from "./_test_switch.ts";
import { hex, partBody, recorded } from "./_test_bytes.ts";
import { encodeFlowMod } from "./flow_mod.ts";
import { decodeHeader, MESSAGE_TYPES } from "./header.ts";
import {
  SwitchConnection,
  type SwitchConnectionOptions,
  SwitchError,
  SwitchRefusal,
} from "./switch_connection.ts";

/** A greeted switch with some habit, and the controller's end. */
async function connected(
  habit?: Habit,
  options: SwitchConnectionOptions = {},
) {
  using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const { port } = listener.addr as Deno.NetAddr;
  const accepted = listener.accept();
  const peer = await connectSwitch(port, { habit });
  const connection = await SwitchConnection.open(await accepted, options);
  return {
    connection,
    peer,
    async [Symbol.asyncDispose]() {
      connection.close();
      await peer[Symbol.asyncDispose]();
    },
  };
}

function typeOf(message: Uint8Array): number {
  return decodeHeader(message).type;
}

const ADD = (transaction: number) =>
  encodeFlowMod(transaction, { command: "add", match: {} });

Deno.test("multipart() puts parts together, in pieces of single bytes", async () => {
  const body = partBody(recorded.portStats);
  await using both = await connected((message, self) => {
    if (typeOf(message) !== MESSAGE_TYPES.multipartRequest) return false;
    if (message[9] !== 4) return false;
    for (let at = 0; at < body.length; at += 116) {
      const part = body.subarray(at, at + 116);
      const more = at + 116 < body.length ? 1 : 0;
      const whole = Uint8Array.of(
        ...[4, 19, 0, 16 + part.length],
        ...message.subarray(4, 8),
        ...[0, 4, 0, more, 0, 0, 0, 0],
        ...part,
      );
      for (const byte of whole) self.send(Uint8Array.of(byte));
    }
    return true;
  });
  assertEquals(await both.connection.multipart("portStats"), body);
});

Deno.test("apply() says what the switch refuses, and of which change", async () => {
  let refuse = true;
  await using both = await connected((message, self) => {
    if (typeOf(message) !== MESSAGE_TYPES.flowMod) return false;
    if (refuse) self.send(answer("error", message));
    return true;
  });
  const { connection, peer } = both;
  const error = await assertRejects(
    () => connection.apply([ADD]),
    SwitchRefusal,
  );
  assertEquals(
    error.message,
    "Cannot change the switch 1: BAD_ACTION: BAD_OUT_GROUP",
  );
  refuse = false;
  await connection.apply([ADD, ADD]);
  const types = peer.received.slice(-3).map(typeOf);
  assertEquals(types, [14, 14, MESSAGE_TYPES.barrierRequest]);
});

Deno.test("what is refused and nobody waits for goes to onError", async () => {
  const told = Promise.withResolvers<string>();
  await using both = await connected(
    (message, self) => {
      if (typeOf(message) === MESSAGE_TYPES.flowMod) {
        self.send(answer("badMatch", message));
      }
      return false;
    },
    { onError: (_, message) => told.resolve(message) },
  );
  both.connection.send(ADD);
  assertEquals(await told.promise, "BAD_MATCH: BAD_PREREQ");
});

Deno.test("echo requests are answered with what they hold", async () => {
  await using both = await connected();
  const { connection, peer } = both;
  peer.send(hex("04 02 000b 0000006e 010203"));
  await connection.roundTripMs();
  const reply = peer.received.find((message) =>
    typeOf(message) === MESSAGE_TYPES.echoReply
  );
  assertEquals(reply, recorded.echoReply);
});

Deno.test("no answer, and a switch that goes, end requests", async () => {
  let isDeaf = false;
  await using both = await connected(() => isDeaf, { timeoutMs: 100 });
  const { connection, peer } = both;
  isDeaf = true;
  await assertRejects(
    () => connection.multipart("flows"),
    SwitchError,
    "Cannot ask a switch for its flows: no answer within 100 ms",
  );
  const waiting = assertRejects(
    () => connection.barrier(),
    SwitchError,
    "Cannot ask a switch for its barrier: it hung up",
  );
  await peer[Symbol.asyncDispose]();
  await waiting;
  await assertRejects(() => connection.barrier(), SwitchError, "it is gone");
});

Deno.test("a switch that is silent for three echoes is dead", async () => {
  let isDeaf = false;
  await using both = await connected(() => isDeaf, { echoMs: 30 });
  isDeaf = true;
  const reason = await both.connection.ended;
  assertEquals(/^it has been silent for \d+ ms$/.test(reason), true, reason);
});

Deno.test("malformed messages end the connection with what is wrong", async () => {
  const bad: [string, string][] = [
    ["04 0a 0010 00000000 ffffffff 0001 01 00", "a packet from a switch"],
    ["05 0a 0008 00000000", "a message of version 5, expected 4"],
    ["04 0c 0010 00000000 00 00000000000000", "a port's status"],
    ["04 00 0000 00000000", "it says that it has 0 bytes"],
  ];
  for (const [bytes, message] of bad) {
    await using both = await connected();
    both.peer.send(hex(bytes));
    const reason = await both.connection.ended;
    assertEquals(reason.includes(message), true, reason);
  }
});

Deno.test("a switch that talks before it has said who it is is heard afterwards", async () => {
  const heard: string[] = [];
  const told = Promise.withResolvers<void>();
  const early: Habit = (message, self) => {
    if (typeOf(message) !== MESSAGE_TYPES.featuresRequest) return false;
    for (const name of ["packetIn", "portStatus", "error"] as const) {
      self.send(recorded[name]);
    }
    return false;
  };
  await using both = await connected(early, {
    onPacketIn(from) {
      heard.push(`packet of ${from.datapathId}`);
      told.resolve();
    },
    onPortStatus: (from) => heard.push(`port of ${from.datapathId}`),
    onError: (from) => heard.push(`error of ${from.datapathId}`),
  });
  both.peer.send(recorded.packetIn);
  await told.promise;
  assertEquals(heard, ["packet of 1"]);
});

Deno.test("ports follow what the switch says of them", async () => {
  const told = Promise.withResolvers<string>();
  await using both = await connected(undefined, {
    onPortStatus: (_, { reason, port }) =>
      told.resolve(`${port.name} ${reason}`),
  });
  const { connection, peer } = both;
  assertEquals([connection.isUp(1), connection.isUp(9)], [true, false]);
  const down = recorded.portStatus.slice();
  // OFPPS_LINK_DOWN.
  down[8 + 8 + 39] = 1;
  peer.send(down);
  assertEquals(await told.promise, "s1-eth1 modified");
  assertEquals(connection.isUp(1), false);
});
