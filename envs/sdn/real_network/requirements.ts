/**
 * What a machine needs for a real network.
 *
 * @module
 */
import { runProgram } from "./_programs.ts";

/** Debian's package of each program. */
const PACKAGES: Readonly<Record<string, string>> = {
  ip: "iproute2",
  tc: "iproute2",
  ethtool: "ethtool",
  "ovsdb-tool": "openvswitch-switch",
  "ovsdb-server": "openvswitch-switch",
  "ovs-vswitchd": "openvswitch-switch",
  "ovs-vsctl": "openvswitch-switch",
  iperf3: "iperf3",
  bash: "bash",
};

/** Writes the programs that are missing, a device, or a right. */
const LOOK = `
for program; do
  command -v "$program" >/dev/null || { echo "$program"; exit; }
done
[ -c /dev/net/tun ] || { echo /dev/net/tun; exit; }
unshare --net true 2>/dev/null || echo namespaces
`;

/**
 * Why this machine can have no real network, such as `iperf3 is not installed
 * (Debian's package iperf3)`; undefined where it can.
 */
export async function missingRequirement(): Promise<string | undefined> {
  if (Deno.build.os !== "linux") {
    return `network namespaces are not there on ${Deno.build.os}`;
  }
  if (Deno.uid() !== 0) return "not root";
  const programs = Object.keys(PACKAGES);
  const missing = (await runProgram(["sh", "-c", LOOK, "sh", ...programs]))
    .trim();
  if (missing === "") return undefined;
  if (missing === "namespaces") return "network namespaces are not permitted";
  return missing in PACKAGES
    ? `${missing} is not installed (Debian's package ${PACKAGES[missing]})`
    : `${missing} is not there`;
}
