import { assert, assertEquals, assertRejects } from "@std/assert";
import { fromFileUrl } from "@std/path";
import { serveRest } from "../rest_server.ts";
import { makeTopology } from "../topology.ts";
import {
  openRealNetwork,
  type RealNetwork,
  scaledTopology,
} from "./real_network.ts";
import { missingRequirement } from "./requirements.ts";

const missing = await missingRequirement();

/** Tests that build networks; each says why where it cannot. */
function realTest(name: string, fn: () => Promise<void>): void {
  Deno.test({
    name: `${name}${missing === undefined ? "" : ` [skipped: ${missing}]`}`,
    ignore: missing !== undefined,
    fn,
  });
}

/** Two ways from h1 on a to h2 on c: links 0 and 1 over b, 2 and 3 over d. */
const square = makeTopology({
  name: "square",
  nodes: ["a", "b", "c", "d"],
  links: [
    { source: 0, target: 1, capacity: 20 },
    { source: 1, target: 2, capacity: 20 },
    { source: 0, target: 3, capacity: 20 },
    { source: 3, target: 2, capacity: 20 },
  ],
  hosts: [{ name: "h1", node: 0 }, { name: "h2", node: 2 }],
});
const OVER_B = [1, 1, 5, 5];
const OVER_D = [5, 5, 1, 1];

async function output(command: string): Promise<string> {
  const { stdout, stderr } = await new Deno.Command("sh", {
    args: ["-c", command],
  }).output();
  return new TextDecoder().decode(stdout) + new TextDecoder().decode(stderr);
}

/** Bytes that a flow from h1 brings to h2, by iperf3. */
async function sendBytes(
  { hostCommand }: RealNetwork,
  flow: string,
): Promise<number> {
  const server = new Deno.Command("sh", {
    args: ["-c", `exec ${hostCommand} h2 iperf3 -s -1`],
    stdout: "null",
  }).spawn();
  try {
    for (let tries = 0;; tries++) {
      const text = await output(
        `${hostCommand} h1 iperf3 -c 10.0.0.2 -J ${flow}`,
      );
      const { end, error } = JSON.parse(text);
      // The server may not listen yet.
      if (error === undefined) return end.sum_received?.bytes ?? end.sum.bytes;
      assert(tries < 50 && error.includes("refused"), error);
    }
  } finally {
    await server.status;
  }
}

/** Bytes that came in at the end of each link, from the first end. */
async function carried({ network }: RealNetwork): Promise<number[]> {
  const ends = [[2, "s2-eth1"], [3, "s3-eth1"], [4, "s4-eth1"], [3, "s3-eth2"]];
  return await Promise.all(ends.map(async ([dpid, name]) => {
    const ports = await network.portDescriptions(Number(dpid));
    const { port_no } = ports.find((port) => port.name === name)!;
    const stats = await network.portStats(Number(dpid));
    return stats.find((port) => port.port_no === port_no)!.rx_bytes;
  }));
}

/** Bytes on each link while something happens. */
async function during(
  real: RealNetwork,
  work: () => Promise<number>,
): Promise<{ sent: number; links: number[] }> {
  const before = await carried(real);
  const sent = await work();
  const after = await carried(real);
  return { sent, links: after.map((bytes, l) => bytes - before[l]) };
}

/** Namespaces and processes of the place that a network had. */
async function leftovers(hostCommand: string): Promise<string> {
  const slot = /loadstar-sdn\/(\d)/.exec(hostCommand)![1];
  const names = await output(`ip netns list | grep loadstar-${slot}-`);
  const files = await output(`ls /run/loadstar-sdn/${slot} | grep -v '^lock$'`);
  // In brackets, so that who looks does not find itself.
  const processes = await output(
    `grep -ls '[l]oadstar-sdn/${slot}/' /proc/[0-9]*/cmdline`,
  );
  return names + files + processes;
}

const UDP = "-u -b 8M -n 500K";

realTest(
  "a real network moves traffic as its weights say, and leaves nothing behind",
  async () => {
    let hostCommand = "";
    {
      await using real = await openRealNetwork(square);
      const { network } = real;
      hostCommand = real.hostCommand;
      assertEquals((await network.topologyLinks()).length, 8);
      assertEquals(await network.switches(), [1, 2, 3, 4]);

      await network.setLinkWeights({ weights: OVER_B });
      const overB = await during(real, () => sendBytes(real, UDP));
      assert(overB.sent >= 400_000, `${overB.sent} bytes arrived`);
      // Frames are longer than what they carry, and probes of links small.
      assert(overB.links[0] > overB.sent && overB.links[1] > overB.sent);
      assert(overB.links[2] < 20_000 && overB.links[3] < 20_000);

      await network.setLinkWeights({ weights: OVER_D });
      const overD = await during(real, () => sendBytes(real, UDP));
      assert(overD.links[2] > overD.sent && overD.links[3] > overD.sent);
      assert(overD.links[0] < 20_000 && overD.links[1] < 20_000);

      // What the token bucket lets pass: TCP at 20 Mbit/s, not at a wire's speed.
      await network.setLinkWeights({ weights: OVER_B });
      const sending = sendBytes(real, "-t 1 -R");
      const server = serveRest(network, { port: 0 });
      const base = `http://127.0.0.1:${server.addr.port}`;
      await sending;
      const stats = await (await fetch(`${base}/stats`)).json();
      assertEquals(stats.link_utils.length, 4);
      assert(stats.link_utils[0] > 0.3, `link_utils: ${stats.link_utils}`);
      assert(stats.link_utils[2] < 0.05, `link_utils: ${stats.link_utils}`);
      assert(stats.throughput > 5 && stats.throughput < 25, stats.throughput);
      await server.shutdown();

      // Equal ways are the buckets of a group.
      await network.restoreBaseline(undefined);
      const [group] = await network.groups!(1);
      assertEquals(
        [group.type, group.buckets.map(({ actions }) => actions[0])],
        ["SELECT", ["OUTPUT:1", "OUTPUT:2"]],
      );
      const toH2 = { match: { ipv4_dst: "10.0.0.2" } };
      const [flow] = await network.flows(1, toH2);
      assertEquals(flow.actions, [`GROUP:${group.group_id}`]);
      assert(flow.packet_count > 0, "changing an entry keeps its counters");

      // An entry that a user puts in comes first; what makes no sense is refused.
      await network.changeFlow("add", {
        dpid: 1,
        priority: 10,
        match: { dl_type: 0x0800, nw_dst: "10.0.0.2" },
        actions: [{ type: "OUTPUT", port: 2 }],
      });
      const byUser = await during(real, () => sendBytes(real, UDP));
      assert(byUser.links[2] > byUser.sent && byUser.links[0] < 20_000);
      await network.changeFlow("delete", {
        dpid: 1,
        match: { ipv4_dst: "10.0.0.2", eth_type: 0x0800 },
      });
      await assertRejects(
        async () =>
          await network.changeFlow("add", {
            dpid: 1,
            match: { nw_dst: "10.0.0.2" },
            actions: [],
          }),
        RangeError,
        "Cannot change the switch 1: BAD_MATCH: BAD_PREREQ",
      );
    }
    assertEquals(await leftovers(hostCommand), "");
  },
);

realTest(
  "routes go round a link that is down, and what a killed run left is removed",
  async () => {
    const victim = new Deno.Command(Deno.execPath(), {
      args: [
        ...["run", "-q", "--no-check", "-P=sdn-real", "scripts/sdn_real.ts"],
        ...["--topology", "seed2", "--port", "0"],
      ],
      cwd: fromFileUrl(new URL("../../..", import.meta.url)),
      stdout: "null",
      stderr: "piped",
    }).spawn();
    let told = "";
    const lines = victim.stderr.pipeThrough(new TextDecoderStream());
    for await (const text of lines) {
      told += text;
      if (told.includes("Listening on")) break;
    }
    const children = (await output(
      `cat /proc/${victim.pid}/task/${victim.pid}/children`,
    )).trim();
    assert(children.split(" ").length >= 2, children);
    victim.kill("SIGKILL");
    await victim.status;

    await using real = await openRealNetwork(square);
    const alive = `for id in ${children}; do
      grep -qs . /proc/$id/cmdline && echo $id; done`;
    assertEquals(await output(alive), "");
    const { network } = real;
    await network.setLinkWeights({ weights: OVER_B });
    const slot = /loadstar-sdn\/(\d)/.exec(real.hostCommand)![1];
    await output(`ip -n loadstar-${slot}-switches link set s1-eth1 down`);
    for (let looks = 0; (await network.topologyLinks()).length > 6; looks++) {
      assert(looks < 200, "nobody has noticed");
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    const around = await during(real, () => sendBytes(real, UDP));
    assert(around.links[2] > around.sent && around.links[3] > around.sent);
  },
);

Deno.test("scaledTopology() changes capacities alone", () => {
  const { capacities, delays, hosts } = scaledTopology(square, 0.1);
  assertEquals([...capacities], [2, 2, 2, 2]);
  assertEquals([delays, hosts], [square.delays, square.hosts]);
});

Deno.test("openRealNetwork() refuses hosts that cannot name namespaces", async () => {
  const topology = makeTopology({
    name: "odd",
    nodes: ["a", "b"],
    links: [{ source: 0, target: 1 }],
    hosts: [{ name: "h1", node: 0 }, { name: "../h2", node: 1 }],
  });
  await assertRejects(() => openRealNetwork(topology), RangeError, "../h2");
});
