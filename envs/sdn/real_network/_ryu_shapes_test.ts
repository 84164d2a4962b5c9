import { assertEquals, assertThrows } from "@std/assert";
import { decodeFlows, decodeGroups } from "../openflow/multipart.ts";
import recording from "../openflow/testdata/open_vswitch.json" with {
  type: "json",
};
import {
  flowModOf,
  groupModOf,
  isMeant,
  ryuFlow,
  ryuGroup,
} from "./_ryu_shapes.ts";

function body(name: "flows" | "groups"): Uint8Array {
  return Uint8Array.fromHex(recording.messages[name]).subarray(16);
}

Deno.test("flows of Open vSwitch in Ryu's shape, with its old names", () => {
  const [lldp, user] = decodeFlows(body("flows")).map(ryuFlow);
  assertEquals(lldp.actions, ["OUTPUT:CONTROLLER"]);
  assertEquals(user.match, {
    in_port: 2,
    dl_src: "02:00:00:00:00:01",
    dl_type: 2048,
    nw_proto: 17,
    nw_dst: "10.0.0.0/255.255.255.0",
    tp_dst: 5201,
  });
  assertEquals(user.actions, [
    "SET_FIELD: {eth_dst:02:00:00:00:00:02}",
    "DEC_NW_TTL",
    "GROUP:7",
  ]);
  assertEquals(isMeant(user, { match: { udp_dst: 5201, in_port: 2 } }), true);
  assertEquals(isMeant(user, { match: { tp_dst: 5202 } }), false);
  assertEquals(isMeant(lldp, { out_port: 0xfffffffd }), true);
  assertEquals(isMeant(user, { table_id: 1 }), false);
});

Deno.test("groups of Open vSwitch in Ryu's shape", () => {
  assertEquals(decodeGroups(body("groups")).map(ryuGroup), [{
    type: "SELECT",
    group_id: 7,
    buckets: [3, 1].map((weight, i) => ({
      weight,
      watch_port: 0xffffffff,
      watch_group: 0xffffffff,
      actions: [`OUTPUT:${i + 1}`],
    })),
  }]);
});

Deno.test("flowModOf() takes old and new names", () => {
  const actions = [{ type: "OUTPUT", port: "CONTROLLER" }];
  const old = flowModOf("add", {
    dpid: 1,
    match: { dl_type: 2048, nw_proto: 6, nw_dst: "10.0.0.2", tp_dst: 80 },
    actions,
  });
  assertEquals(old.match, {
    eth_type: 2048,
    ip_proto: 6,
    ipv4_dst: "10.0.0.2",
    tcp_dst: 80,
  });
  assertEquals(old.actions, [{ type: "OUTPUT", port: 0xfffffffd }]);
  assertEquals(
    flowModOf("add", { dpid: 1, match: { nw_proto: 17, tp_src: 53 } }).match,
    { ip_proto: 17, udp_src: 53 },
  );
});

Deno.test("groupModOf() fills in Ryu's defaults", () => {
  assertEquals(groupModOf("delete", { dpid: 1 }), {
    command: "delete",
    type: "ALL",
    groupId: 0,
    buckets: [],
  });
});

Deno.test("what makes no sense is refused", () => {
  const add = (entry: object) => flowModOf("add", { dpid: 1, ...entry });
  assertThrows(
    () => add({ actions: [{ type: "OUTPUT", port: 0 }] }),
    RangeError,
    "Cannot output to the port 0",
  );
  assertThrows(
    () => add({ actions: [{ type: "OUTPUT", port: "EVERYWHERE" }] }),
    RangeError,
    "IN_PORT",
  );
  assertThrows(
    () => add({ actions: [{ type: "PUSH_VLAN" }] }),
    Deno.errors.NotSupported,
    "PUSH_VLAN",
  );
  assertThrows(() => add({ actions: "all" }), TypeError);
  assertThrows(
    () => groupModOf("add", { dpid: 1, type: "SOME" as never }),
    RangeError,
    "expected one of ALL, SELECT, INDIRECT, FF",
  );
  assertThrows(
    () => groupModOf("add", { dpid: 1, group_id: -1 }),
    RangeError,
    "group_id -1",
  );
});
