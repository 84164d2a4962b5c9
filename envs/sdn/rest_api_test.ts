import { assert, assertAlmostEquals, assertEquals } from "@std/assert";
import { emulatedSwitches } from "./emulated_switches.ts";
import { emulatorSettings } from "./emulator_options.ts";
import { FluidEmulator } from "./fluid_emulator.ts";
import { restHandler } from "./rest_api.ts";
import { dpidText, portText, type RyuPortStats } from "./ryu_messages.ts";

const FLOWS = [{
  source: "h1",
  destination: "h2",
  startSeconds: 0,
  durationSeconds: 100,
  rate: 8,
}];

function controller(options = {}) {
  const emulator = new FluidEmulator(emulatorSettings(options));
  const handle = restHandler(emulatedSwitches(emulator));
  return async (method: string, path: string, body?: unknown) => {
    const text = typeof body === "string" ? body : JSON.stringify(body);
    const response = await handle(
      new Request(`http://127.0.0.1:8080${path}`, { method, body: text }),
    );
    const answer = await response.text();
    return {
      status: response.status,
      body: answer === "" ? undefined : JSON.parse(answer),
    };
  };
}

Deno.test("the original's three end points do what it expects", async () => {
  const ask = controller();
  const before = await ask("GET", "/stats");
  assertEquals(before.status, 200);
  assertEquals(before.body.link_utils.length, 10);
  assert(before.body.throughput > 0 && before.body.avg_delay > 0);
  const set = await ask("POST", "/set_link_weights", {
    deltas: new Array(10).fill(0.25),
  });
  assertEquals([set.status, set.body.weights[9]], [200, 1.25]);
  assertEquals((await ask("POST", "/restore_baseline")).status, 200);
  const { body } = await ask("GET", "/weights");
  assertEquals(body.weights, new Array(10).fill(1));
  assertEquals(body.range, [0.1, 10]);
});

Deno.test("weights themselves can be set, within their range", async () => {
  const ask = controller();
  const weights = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10];
  const set = await ask("POST", "/set_link_weights", { weights });
  assertEquals(set.body.weights, weights);
  const wrong = await ask("POST", "/set_link_weights", {
    weights: weights.with(3, 11),
  });
  assertEquals(wrong.status, 400);
  assert(wrong.body.error.includes("link 3 the weight 11"));
  assertEquals((await ask("GET", "/weights")).body.weights, weights);
});

Deno.test("what makes no sense is answered with its reason", async () => {
  const ask = controller();
  const cases: [string, string, unknown, number, string][] = [
    ["POST", "/set_link_weights", '{"deltas": [', 400, "as JSON"],
    ["POST", "/set_link_weights", "[1]", 400, "a JSON object"],
    ["POST", "/set_link_weights", {}, 400, "deltas"],
    ["POST", "/set_link_weights", { deltas: [1, 2] }, 400, "expected 10"],
    ["POST", "/set_link_weights", { deltas: new Array(11).fill(0) }, 400, "11"],
    ["POST", "/set_link_weights", { deltas: "1,2" }, 400, "list of numbers"],
    ["POST", "/set_link_weights", { deltas: [null] }, 400, "list of numbers"],
    [
      "POST",
      "/set_link_weights",
      { deltas: new Array(10).fill(1e9) },
      400,
      "9.9",
    ],
    ["POST", "/restore_baseline", { seed: "x" }, 400, "seed"],
    ["POST", "/restore_baseline", { seed: -1 }, 400, "-1"],
    ["GET", "/stats/port/8", undefined, 404, "switch 8"],
    ["GET", "/stats/port/x", undefined, 400, '"x"'],
    ["GET", "/stats/port/1/9", undefined, 404, "port 9"],
    ["GET", "/stats/nonsense/1", undefined, 404, "nonsense"],
    ["GET", "/nothing", undefined, 404, "/nothing"],
    ["GET", "/stats/port/%zz", undefined, 400, "%zz"],
    ["POST", "/stats/flowentry/add", { dpid: 1, actions: [null] }, 400, "list"],
    ["PUT", "/stats", undefined, 404, "PUT /stats"],
    ["GET", "/v1.0/topology/switches/1", undefined, 404, "16 lower-case"],
    ["POST", "/stats/flowentry/add", { dpid: 99 }, 404, "switch 99"],
    ["POST", "/stats/flowentry/add", {}, 400, "its number"],
    ["POST", "/stats/flowentry/flip", { dpid: 1 }, 404, "flip"],
    [
      "POST",
      "/stats/flowentry/add",
      { dpid: 1, match: { in_port: 1 } },
      501,
      "in_port",
    ],
    [
      "POST",
      "/stats/flowentry/add",
      { dpid: 1, actions: [{ type: "OUTPUT", port: 9 }] },
      400,
      "port 9",
    ],
  ];
  for (const [method, path, body, status, part] of cases) {
    const answer = await ask(method, path, body);
    assertEquals(answer.status, status, `${method} ${path}`);
    assert(answer.body.error.includes(part), answer.body.error);
  }
});

Deno.test("ofctl_rest: keys are decimal dpids, which may be asked for in hex", async () => {
  const ask = controller();
  assertEquals((await ask("GET", "/stats/switches")).body, [
    1,
    2,
    3,
    4,
    5,
    6,
    7,
  ]);
  assertEquals(Object.keys((await ask("GET", "/stats/desc/0x2")).body), ["2"]);
  const { body } = await ask("GET", "/stats/portdesc/1");
  assertEquals(
    body["1"].map((port: { port_no: number }) => port.port_no),
    [1, 2, 3, 4],
  );
  // The link from s1 to s2 has 400 Mbit/s.
  assertEquals(body["1"][0].curr_speed, 400_000);
  assertEquals(body["1"][0].name, "s1-eth1");
});

Deno.test("ofctl_rest: utilisation from two looks at a port's bytes", async () => {
  const ask = controller({
    topology: "seed2",
    flows: [{ ...FLOWS[0], destination: "h3" }],
  });
  const look = async () =>
    (await ask("GET", "/stats/port/1/1")).body["1"][0] as RyuPortStats;
  const first = await look();
  for (let i = 0; i < 10; i++) {
    await ask("POST", "/set_link_weights", { deltas: [0] });
  }
  const second = await look();
  const seconds = second.duration_sec - first.duration_sec +
    (second.duration_nsec - first.duration_nsec) / 1e9;
  assertAlmostEquals(seconds, 1, 1e-9);
  const utilisation = 8 * (second.tx_bytes - first.tx_bytes) / (seconds * 1e8);
  assertAlmostEquals(utilisation, 0.08, 1e-6);
  const other = (await ask("GET", "/stats/port/2/1")).body["2"][0];
  assertEquals(other.rx_bytes, second.tx_bytes);
});

Deno.test("ofctl_rest: flows follow the weights, and count", async () => {
  const ask = controller({ flows: FLOWS });
  const flow = async () => {
    const filter = { match: { eth_type: 2048, ipv4_dst: "10.0.0.2" } };
    const { body } = await ask("POST", "/stats/flow/1", filter);
    assertEquals(body["1"].length, 1);
    return body["1"][0];
  };
  assertEquals((await flow()).match, { dl_type: 2048, nw_dst: "10.0.0.2" });
  // From s1 to s3: by s2 or by s7.
  assertEquals((await flow()).actions, ["OUTPUT:1", "OUTPUT:3"]);
  const weights = new Array(10).fill(1);
  await ask("POST", "/set_link_weights", { weights: weights.with(0, 2) });
  assertEquals((await flow()).actions, ["OUTPUT:3"]);
  assertAlmostEquals((await flow()).byte_count, 0.1 * 1e6, 1);
  const { body } = await ask("GET", "/stats/aggregateflow/1");
  assertEquals(body["1"][0].flow_count, 4);
  assertEquals(body["1"][0].byte_count, (await flow()).byte_count);
});

Deno.test("rest_topology: 16 and 8 hexadecimal digits, one link a direction", async () => {
  const ask = controller();
  const switches = (await ask("GET", "/v1.0/topology/switches")).body;
  assertEquals(switches.length, 7);
  assertEquals(switches[0].dpid, "0000000000000001");
  assertEquals(switches[0].ports[0].port_no, "00000001");
  const links = (await ask("GET", "/v1.0/topology/links")).body;
  assertEquals(links.length, 20);
  assertEquals(links[0].src, links[1].dst);
  assertEquals(links[0].dst, links[1].src);
  const own = (await ask("GET", `/v1.0/topology/links/${dpidText(3)}`)).body;
  assertEquals(own.length, 3);
  const none = await ask("GET", `/v1.0/topology/hosts/${dpidText(255)}`);
  assertEquals([none.status, none.body], [200, []]);
  const hosts = (await ask("GET", "/v1.0/topology/hosts")).body;
  assertEquals(hosts[1].ipv4, ["10.0.0.2"]);
  assertEquals(hosts[1].port, {
    dpid: dpidText(3),
    port_no: portText(4),
    hw_addr: hosts[1].port.hw_addr,
    name: "s3-eth4",
  });
  const addresses = switches.flatMap((each: { ports: { hw_addr: string }[] }) =>
    each.ports.map((port) => port.hw_addr)
  );
  assertEquals(new Set(addresses).size, addresses.length);
});

Deno.test("a seed brings the same traffic back", async () => {
  const ask = controller();
  const run = async () => {
    await ask("POST", "/restore_baseline", { seed: 9 });
    const deltas = new Array(10).fill(0.1);
    await ask("POST", "/set_link_weights", { deltas });
    return (await ask("GET", "/stats")).body;
  };
  assertEquals(await run(), await run());
});

Deno.test("flow entries move traffic, come before weights, and go again", async () => {
  const ask = controller({ flows: FLOWS });
  const utilisations = async () => {
    await ask("POST", "/set_link_weights", { deltas: new Array(10).fill(0) });
    return (await ask("GET", "/stats")).body;
  };
  // 8 Mbit/s from s1 to s3: half by s2 (links 0, 1), half by s7 (6, 7).
  assertAlmostEquals((await utilisations()).link_utils[0], 0.01, 1e-6);
  const entry = {
    dpid: "0x1",
    priority: 10,
    match: { eth_type: 2048, ipv4_dst: "10.0.0.0/24" },
    actions: [{ type: "OUTPUT", port: 3 }],
  };
  const added = await ask("POST", "/stats/flowentry/add", entry);
  assertEquals([added.status, added.body], [200, undefined]);
  let stats = await utilisations();
  assertAlmostEquals(stats.link_utils[0], 0, 1e-12);
  assertAlmostEquals(stats.link_utils[6], 0.08, 1e-6);
  const [first] = (await ask("GET", "/stats/flow/1")).body["1"];
  assertEquals(first.actions, ["OUTPUT:3"]);
  assertEquals(first.match, { dl_type: 2048, nw_dst: "10.0.0.0/24" });
  assertEquals(first.byte_count, 100_000);

  await ask("POST", "/stats/flowentry/modify", { ...entry, actions: [] });
  stats = await utilisations();
  assertEquals(stats.throughput, 0);
  assertAlmostEquals(stats.demand, 8, 1e-9);

  // s7 sends it back to s1, and s1 to s7: nothing of it arrives.
  await ask("POST", "/stats/flowentry/modify", entry);
  await ask("POST", "/stats/flowentry/add", {
    ...entry,
    dpid: 7,
    actions: [{ type: "OUTPUT", port: 1 }],
  });
  assertEquals((await utilisations()).throughput, 0);

  assertEquals((await ask("DELETE", "/stats/flowentry/clear/7")).status, 200);
  const strict = { ...entry, priority: 9 };
  await ask("POST", "/stats/flowentry/delete_strict", strict);
  assertAlmostEquals((await utilisations()).link_utils[6], 0.08, 1e-6);
  await ask("POST", "/stats/flowentry/delete", { dpid: 1 });
  assertAlmostEquals((await utilisations()).link_utils[0], 0.01, 1e-6);
  assertEquals((await ask("GET", "/stats/flow/1")).body["1"].length, 4);
});

Deno.test("a body that is too long is not read to its end", async () => {
  const emulator = new FluidEmulator(emulatorSettings());
  const handle = restHandler(emulatedSwitches(emulator));
  let sent = 0;
  const body = new ReadableStream({
    pull(stream) {
      sent++;
      stream.enqueue(new Uint8Array(1 << 18).fill(0x20));
    },
  });
  const { status } = await handle(
    new Request("http://localhost/set_link_weights", { method: "POST", body }),
  );
  assertEquals(status, 413);
  assert(sent < 10, `${sent}`);
});

Deno.test("groups are there where the network has some", async () => {
  const emulated = emulatedSwitches(new FluidEmulator(emulatorSettings()));
  const entry = {
    dpid: 2,
    type: "SELECT",
    group_id: 7,
    buckets: [{ weight: 1, actions: [{ type: "OUTPUT", port: 1 }] }],
  };
  const changed: unknown[] = [];
  const withGroups = restHandler({
    ...emulated,
    groups: () => [],
    changeGroup: (command, given) => void changed.push([command, given]),
  });
  const statusOf = async (handle: typeof withGroups, path: string) => {
    const isPost = path.includes("groupentry");
    const request = new Request(`http://127.0.0.1${path}`, {
      method: isPost ? "POST" : "GET",
      body: isPost ? JSON.stringify(entry) : undefined,
    });
    return (await handle(request)).status;
  };
  const paths = [
    "/stats/groupdesc/2",
    "/stats/groupentry/add",
    "/stats/groupdesc/99",
    "/stats/groupentry/modify_strict",
  ];
  const statuses = (handle: typeof withGroups) =>
    Promise.all(paths.map((path) => statusOf(handle, path)));
  assertEquals(await statuses(withGroups), [200, 200, 404, 404]);
  assertEquals(changed, [["add", entry]]);
  assertEquals(await statuses(restHandler(emulated)), [404, 404, 404, 404]);
});
