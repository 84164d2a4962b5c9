import { assertEquals, assertThrows } from "@std/assert";
import {
  changeFlows,
  effectiveFlow,
  type FlowMatch,
  type InstalledFlow,
  matchesHost,
} from "./flow_entries.ts";
import type { FlowCommand, RyuFlowEntry } from "./ryu_messages.ts";

const HOST = { mac: "02:00:00:00:00:05", ip: "10.0.1.5" };
const IP = { dl_type: 2048 };
const AROUND = { ports: 4, now: 0 };
const output = (port: number) => [{ type: "OUTPUT", port }];

function changed(...commands: [FlowCommand, Partial<RyuFlowEntry>][]) {
  const flows: InstalledFlow[] = [];
  for (const [command, entry] of commands) {
    changeFlows(flows, { command, entry: { dpid: 1, ...entry }, ...AROUND });
  }
  return flows.map(({ priority, match, port }) => [
    priority,
    match.nw_dst ?? "any",
    port,
  ]);
}

Deno.test("matchesHost() knows addresses, prefixes and masks", () => {
  const cases: [FlowMatch, boolean][] = [
    [{}, true],
    [IP, true],
    [{ dl_type: 2054 }, false],
    [{ dl_dst: HOST.mac }, true],
    [{ dl_dst: "02:00:00:00:00:06" }, false],
    [{ ...IP, nw_dst: "10.0.1.5" }, true],
    [{ ...IP, nw_dst: "10.0.1.6" }, false],
    [{ ...IP, nw_dst: "10.0.1.0/24" }, true],
    [{ ...IP, nw_dst: "10.0.0.0/24" }, false],
    [{ ...IP, nw_dst: "0.0.0.0/0" }, true],
    [{ ...IP, nw_dst: "10.0.0.5/255.255.0.255" }, true],
  ];
  for (const [match, expected] of cases) {
    assertEquals(matchesHost(match, HOST), expected, JSON.stringify(match));
  }
});

Deno.test("commands do what OpenFlow says", () => {
  const narrow = { match: { ...IP, nw_dst: "10.0.0.1" }, priority: 2 };
  const wide = { match: { ...IP, nw_dst: "10.0.0.0/8" }, priority: 3 };
  const add = (entry: Partial<RyuFlowEntry>, port: number): [
    FlowCommand,
    Partial<RyuFlowEntry>,
  ] => ["add", { ...entry, actions: output(port) }];
  const both = [add(narrow, 1), add(wide, 2)];
  assertEquals(changed(...both), [[2, "10.0.0.1", 1], [3, "10.0.0.0/8", 2]]);
  assertEquals(changed(...both, add(narrow, 3)), [
    [3, "10.0.0.0/8", 2],
    [2, "10.0.0.1", 3],
  ]);
  const modify = { ...wide, actions: output(4) };
  assertEquals(changed(...both, ["modify", modify]), [
    [2, "10.0.0.1", 4],
    [3, "10.0.0.0/8", 4],
  ]);
  assertEquals(changed(...both, ["modify_strict", modify]), [
    [2, "10.0.0.1", 1],
    [3, "10.0.0.0/8", 4],
  ]);
  assertEquals(changed(...both, ["delete", { match: narrow.match }]), [
    [3, "10.0.0.0/8", 2],
  ]);
  assertEquals(changed(...both, ["delete_strict", { match: narrow.match }]), [
    [2, "10.0.0.1", 1],
    [3, "10.0.0.0/8", 2],
  ]);
  assertEquals(changed(...both, ["delete", {}]), []);
  assertEquals(changed(["modify", modify]), []);
});

Deno.test("the highest priority counts, of several the oldest", () => {
  const flows: InstalledFlow[] = [];
  const add = (priority: number, port: number, match = {}) =>
    changeFlows(flows, {
      command: "add",
      entry: { dpid: 1, priority, match, actions: output(port) },
      ...AROUND,
    });
  add(1, 1);
  assertEquals(effectiveFlow(flows, HOST, 1), undefined);
  add(5, 2);
  add(5, 3, { dl_dst: HOST.mac });
  assertEquals(effectiveFlow(flows, HOST, 1)?.port, 2);
  add(6, 4, { dl_dst: "02:00:00:00:00:09" });
  assertEquals(effectiveFlow(flows, HOST, 1)?.port, 2);
});

Deno.test("matches are the same however numbers and addresses are written", () => {
  const flows: InstalledFlow[] = [];
  changeFlows(flows, {
    command: "add",
    entry: {
      dpid: 1,
      priority: 2,
      match: { eth_type: "0x0800", eth_dst: "02:00:00:00:00:0A" },
      actions: output(3),
    },
    ...AROUND,
  });
  assertEquals(
    effectiveFlow(flows, { ...HOST, mac: "02:00:00:00:00:0a" }, 1)?.port,
    3,
  );
});

Deno.test("entries that make no sense, or that cannot be, are refused", () => {
  const add = (entry: Partial<RyuFlowEntry>) => () => changed(["add", entry]);
  const wrong: Partial<RyuFlowEntry>[] = [
    { match: { nw_dst: "10.0.0.1" } },
    { match: { ...IP, nw_dst: "10.0.0" } },
    { match: { ...IP, nw_dst: "10.0.0.1/33" } },
    { match: { ...IP, nw_dst: "10.0.0.256" } },
    { match: { ...IP, nw_dst: "10..0.1" } },
    { match: { ...IP, nw_dst: "0x0a.0.0.1" } },
    { match: { dl_type: "ip" } },
    { match: { dl_type: 0.5 } },
    { actions: output(5) },
    { actions: output(0) },
    { actions: output(1.5) },
    { priority: -1 },
    { cookie: 0.5 },
  ];
  for (const entry of wrong) assertThrows(add(entry), RangeError);
  const unsupported: Partial<RyuFlowEntry>[] = [
    { match: { in_port: 1 } },
    { match: { ...IP, ipv4_src: "10.0.0.1" } },
    { actions: [...output(1), ...output(2)] },
    { actions: [{ type: "GROUP", group_id: 1 }] },
    { hard_timeout: 10 },
    { idle_timeout: 10 },
  ];
  for (const entry of unsupported) {
    assertThrows(add(entry), Deno.errors.NotSupported);
  }
});
