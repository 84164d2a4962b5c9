import { assert, assertEquals } from "@std/assert";
import { namedTopology } from "../../envs/sdn/named_topologies.ts";
import { checkFluid, fluidCheckTable } from "./fluid_check.ts";

Deno.test("checkFluid() compares delay and loss", () => {
  const check = checkFluid({
    topology: namedTopology("seed10"),
    load: 0.8,
    lengths: "redrawn",
    bufferPackets: 4,
    packets: 40_000,
    seed: 0,
  });
  assert(Math.abs(check.delayDifference) < 2, `${check.delayDifference}`);
  assert(check.delayInterval > 0 && check.delayInterval < 2);
  assert(
    Math.abs(check.packetLoss - check.fluidLoss) < 3 * check.lossInterval,
    `${check.packetLoss} ${check.fluidLoss}`,
  );
  const { columns, rows } = fluidCheckTable([check]);
  assertEquals(rows[0].length, columns.length);
});
