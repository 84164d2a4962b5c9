import { assertEquals, assertRejects } from "@std/assert";
import { Random } from "../../../core/random.ts";
import { namedTopology } from "../named_topologies.ts";
import type { SwitchConnection } from "../openflow/switch_connection.ts";
import { portsOf } from "../switch_ports.ts";
import {
  type MessageOf,
  routePlanner,
  routeUpdates,
  type Topology,
  type Way,
} from "./_route_updates.ts";

const seed10 = namedTopology("seed10");
const unit = new Float64Array(10).fill(1);

Deno.test("routePlanner() splits over all shortest paths", () => {
  const plan = routePlanner(seed10, { splitting: "ecmp" })(unit);
  // From s1 to s3, where h2 is: over s2 and s7; to s5 also over s6.
  assertEquals(plan.ways(0, 1), [
    { port: 1, weight: 1 },
    { port: 3, weight: 1 },
  ]);
  assertEquals(plan.ways(0, 2).map(({ port }) => port), [1, 2, 3]);
  assertEquals(plan.ways(0, 0), [{ port: 4, weight: 1 }]);
  assertEquals(plan.order(1)[0], 2, "the switch of the host is the closest");
});

Deno.test("routePlanner() gives buckets the shares of softmin splitting", () => {
  const weights = unit.slice();
  weights[0] = 1.5;
  const plan = routePlanner(seed10, { splitting: "softmin", gamma: 2 })(
    weights,
  );
  // Over s2 it is longer by 0.5: exp(-1) of the other's share.
  assertEquals(plan.ways(0, 1), [
    { port: 1, weight: 27 },
    { port: 3, weight: 73 },
  ]);
});

/** Switches that carry out what they are sent, in memory. */
function tables(topology: Topology) {
  const outputs = topology.nodeNames.map(() => new Map<string, number[]>());
  const groups = topology.nodeNames.map(() => new Map<number, number[]>());
  const sent: string[] = [];
  const read = (node: number, message: Uint8Array) => {
    // Barriers: everything is done in its order here.
    if (message[1] === 20) return;
    const view = new DataView(message.buffer, message.byteOffset);
    if (message[1] === 15) {
      const command = ["add", "modify", "delete"][view.getUint16(8)];
      const group = view.getUint32(12);
      if (command !== "delete") {
        assertEquals(groups[node].has(group), command === "modify");
      }
      sent.push(`s${node + 1} ${command} group`);
      if (command === "delete") {
        groups[node].delete(group);
        return;
      }
      const ports: number[] = [];
      for (let at = 16; at < message.length; at += view.getUint16(at)) {
        ports.push(view.getUint32(at + 20));
      }
      groups[node].set(group, ports);
      return;
    }
    const command = ["add", "modify", "modify_strict"][message[25]];
    const host = message.subarray(62, 66).join(".");
    if (command !== "add") assertEquals(outputs[node].has(host), true);
    sent.push(`s${node + 1} ${command} ${host}`);
    const target = view.getUint32(84);
    outputs[node].set(host, [view.getUint16(80) === 0 ? target : -target]);
  };
  /** Ports by which a switch sends to a host now. */
  const ports = (node: number, host: string): number[] => {
    const found = outputs[node].get(host) ?? [];
    return found[0] < 0 ? groups[node].get(-found[0])! : found;
  };
  return { read, ports, sent };
}

/** Whether packets can come back to a switch that they have passed. */
function hasLoop(
  topology: Topology,
  ports: (node: number, host: string) => number[],
): boolean {
  const own = topology.nodeNames.map((_, node) => portsOf(topology, node));
  return topology.hosts.some((_, host) => {
    const state = new Uint8Array(topology.nodeCount);
    const visit = (node: number): boolean => {
      if (state[node] === 1) return true;
      if (state[node] === 2) return false;
      state[node] = 1;
      const isCircle = ports(node, `10.0.0.${host + 1}`).some((port) => {
        const { arc } = own[node].find(({ number }) => number === port)!;
        return arc !== undefined && visit(topology.arcHeads[arc]);
      });
      state[node] = 2;
      return isCircle;
    };
    return own.some((_, node) => visit(node));
  });
}

Deno.test("update() ends in the new routes, without a loop at any message", async () => {
  const random = new Random(1);
  for (const name of ["seed10", "nsfnet"]) {
    const topology = namedTopology(name);
    const { read, ports, sent } = tables(topology);
    let loops = 0;
    const updates = routeUpdates(topology, {
      splitting: "ecmp",
      switchOf: (node) =>
        ({
          apply(changes: readonly MessageOf[]) {
            for (const encode of changes) {
              read(node, encode(1));
              if (hasLoop(topology, ports)) loops++;
            }
            return Promise.resolve();
          },
        }) as unknown as SwitchConnection,
    });
    for (let i = 0; i < 12; i++) {
      // Few values, so that ties come and go.
      const weights = Float64Array.from(
        { length: topology.linkCount },
        () => random.integer(1, 3),
      );
      await updates.update(weights);
      const plan = routePlanner(topology, { splitting: "ecmp" })(weights);
      for (let node = 0; node < topology.nodeCount; node++) {
        topology.hosts.forEach((_, host) =>
          assertEquals(
            ports(node, `10.0.0.${host + 1}`),
            plan.ways(node, host).map(({ port }: Way) => port),
          )
        );
      }
      sent.length = 0;
      await updates.update(weights);
      assertEquals(sent, [], "what is there is not sent again");
    }
    assertEquals(loops, 0);
  }
});

Deno.test("update() begins anew with a switch that has refused something", async () => {
  const { read, ports } = tables(seed10);
  let refuses = true;
  const updates = routeUpdates(seed10, {
    splitting: "ecmp",
    switchOf: (node) =>
      ({
        apply(changes: readonly MessageOf[]) {
          changes.forEach((encode, i) => {
            if (node === 0 && refuses && i > 1) throw new Error("table full");
            read(node, encode(1));
          });
          return Promise.resolve();
        },
      }) as unknown as SwitchConnection,
  });
  await assertRejects(() => updates.update(unit), Error, "table full");
  refuses = false;
  await updates.update(unit);
  const plan = routePlanner(seed10, { splitting: "ecmp" })(unit);
  for (let node = 0; node < seed10.nodeCount; node++) {
    seed10.hosts.forEach((_, host) =>
      assertEquals(
        ports(node, `10.0.0.${host + 1}`),
        plan.ways(node, host).map(({ port }: Way) => port),
      )
    );
  }
});
