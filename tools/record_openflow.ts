/**
 * Records what an Open vSwitch says, for the tests of the OpenFlow codec: one
 * message of each kind, as root with Debian's openvswitch-switch, iproute2 and
 * ethtool:
 *
 *     deno run -A tools/record_openflow.ts
 *
 * @module
 */
import { namedTopology } from "../envs/sdn/named_topologies.ts";
import { encodeFlowMod } from "../envs/sdn/openflow/flow_mod.ts";
import { messageSplitter } from "../envs/sdn/openflow/framing.ts";
import { encodeGroupMod } from "../envs/sdn/openflow/group_mod.ts";
import { encodeHello } from "../envs/sdn/openflow/handshake.ts";
import {
  decodeHeader,
  encodeMessage,
  MESSAGE_TYPES,
} from "../envs/sdn/openflow/header.ts";
import { lldpEntry } from "../envs/sdn/openflow/link_discovery.ts";
import { encodeLinkProbe } from "../envs/sdn/openflow/lldp.ts";
import { encodeMultipartRequest } from "../envs/sdn/openflow/multipart.ts";
import { encodePacketOut } from "../envs/sdn/openflow/packets.ts";
import { layCables, SWITCHES } from "../envs/sdn/real_network/_cabling.ts";
import { startOpenVSwitch } from "../envs/sdn/real_network/_open_vswitch.ts";
import { takeSlot } from "../envs/sdn/real_network/_slots.ts";

/** What the first switch is sent, in this order; each has its own number. */
const SENT: readonly (readonly [
  string,
  (transaction: number) => Uint8Array<ArrayBuffer>,
])[] = [
  ["featuresReply", (id) => encodeMessage(MESSAGE_TYPES.featuresRequest, id)],
  ["ports", (id) => encodeMultipartRequest(id, "ports")],
  ["description", (id) => encodeMultipartRequest(id, "description")],
  ["", lldpEntry],
  ["", (id) =>
    encodeGroupMod(id, {
      command: "add",
      type: "SELECT",
      groupId: 7,
      buckets: [
        { weight: 3, actions: [{ type: "OUTPUT", port: 1 }] },
        { weight: 1, actions: [{ type: "OUTPUT", port: 2 }] },
      ],
    })],
  ["", (id) =>
    encodeFlowMod(id, {
      command: "add",
      priority: 5,
      cookie: 0x1234,
      match: {
        in_port: 2,
        eth_src: "02:00:00:00:00:01",
        eth_type: 0x0800,
        ipv4_dst: "10.0.0.0/24",
        ip_proto: 17,
        udp_dst: 5201,
      },
      actions: [
        { type: "SET_FIELD", field: "eth_dst", value: "02:00:00:00:00:02" },
        { type: "DEC_NW_TTL" },
        { type: "GROUP", groupId: 7 },
      ],
    })],
  ["barrierReply", (id) => encodeMessage(MESSAGE_TYPES.barrierRequest, id)],
  ["flows", (id) => encodeMultipartRequest(id, "flows")],
  ["groups", (id) => encodeMultipartRequest(id, "groups")],
  ["portStats", (id) => encodeMultipartRequest(id, "portStats")],
  [
    "echoReply",
    (id) =>
      encodeMessage(MESSAGE_TYPES.echoRequest, id, Uint8Array.of(1, 2, 3)),
  ],
  ["error", (id) =>
    encodeFlowMod(id, {
      command: "add",
      match: {},
      actions: [{ type: "GROUP", groupId: 99 }],
    })],
  [
    "badMatch",
    (id) =>
      encodeFlowMod(id, { command: "add", match: { ipv4_dst: "10.0.0.1" } }),
  ],
  ["packetIn", (id) =>
    encodePacketOut(id, {
      actions: [{ type: "OUTPUT", port: 1 }],
      data: encodeLinkProbe({ datapathId: 2, port: 1, sequence: 42 }),
    })],
];

/** Time for a switch to answer, in milliseconds. */
const PAUSE_MS = 100;

/** What is recorded: whole messages in hexadecimal, by name. */
export type Messages = Record<string, string>;

/** What comes without being asked for, by its type. */
const UNASKED = new Map<number, string>([
  [MESSAGE_TYPES.hello, "hello"],
  [MESSAGE_TYPES.packetIn, "packetIn"],
  [MESSAGE_TYPES.portStatus, "portStatus"],
]);

const pause = () => new Promise((resolve) => setTimeout(resolve, PAUSE_MS));

/** Keeps the first message of each name. */
async function keep(
  connection: Deno.Conn,
  { messages, names }: { messages: Messages; names: Map<number, string> },
): Promise<void> {
  const split = messageSplitter();
  const buffer = new Uint8Array(1 << 16);
  for (;;) {
    const count = await connection.read(buffer).catch(() => null);
    if (count === null) return;
    for (const message of split(buffer.slice(0, count))) {
      const { type, transaction } = decodeHeader(message);
      const name = UNASKED.get(type) ?? names.get(transaction);
      if (name !== undefined && name !== "") {
        messages[name] ??= message.toHex();
      }
    }
  }
}

async function accept(
  listener: Deno.Listener,
  count: number,
): Promise<Deno.Conn[]> {
  const connections: Deno.Conn[] = [];
  while (connections.length < count) {
    const connection = await listener.accept();
    await connection.write(encodeHello(1));
    connections.push(connection);
  }
  return connections;
}

/** Has an Open vSwitch send one message of each kind. */
export async function recordMessages(): Promise<Messages> {
  const topology = namedTopology("seed2");
  const messages: Messages = {};
  const names = new Map<number, string>();
  await using slot = await takeSlot();
  await layCables(topology, { slot, bufferPackets: 32 });
  const path = `${slot.folder}/controller.sock`;
  using listener = Deno.listen({ transport: "unix", path });
  const accepted = accept(listener, topology.nodeCount);
  await using _vswitch = await startOpenVSwitch(topology, {
    folder: slot.folder,
    namespace: slot.namespace(SWITCHES),
    controller: `unix:${path}`,
  });
  const connections = await accepted;
  const readers = connections.map((each) => keep(each, { messages, names }));
  for (const [i, [name, encode]] of SENT.entries()) {
    const transaction = 100 + i;
    names.set(transaction, name);
    // Of both switches one is asked; the other passes its frame on.
    for (const [j, connection] of connections.entries()) {
      if (j === connections.length - 1 || name === "") {
        await connection.write(encode(transaction));
      }
    }
    await pause();
  }
  const down = ["-n", slot.namespace(SWITCHES), "link", "set", "s2-eth1"];
  await new Deno.Command("ip", { args: [...down, "down"] }).output();
  await pause();
  connections.forEach((connection) => connection.close());
  await Promise.all(readers);
  return messages;
}

/** Which Open vSwitch is installed. */
export async function installedSwitch(): Promise<string> {
  const { stdout } = await new Deno.Command("ovs-vswitchd", {
    args: ["--version"],
  }).output();
  return new TextDecoder().decode(stdout).split("\n")[0];
}

if (import.meta.main) {
  const messages = await recordMessages();
  const recording = {
    recorded:
      "by tools/record_openflow.ts (deno run -A, as root): what a switch of the network seed2 answers to the messages listed there; whole messages in hexadecimal",
    switch: await installedSwitch(),
    messages,
  };
  const file = new URL(
    "../envs/sdn/openflow/testdata/open_vswitch.json",
    import.meta.url,
  );
  await Deno.mkdir(new URL(".", file), { recursive: true });
  await Deno.writeTextFile(file, `${JSON.stringify(recording, null, 2)}\n`);
}
