/**
 * A controller with a real network behind it.
 *
 * @module
 */
import { runScript } from "../core/script.ts";
import {
  realNetworkOptions,
  userRealNetwork,
} from "../experiments/sdn/real_network_options.ts";
import {
  linkTable,
  runRealNetwork,
} from "../experiments/sdn/real_network_run.ts";

await runScript({
  name: "sdn_real",
  task: "sdn-real",
  description:
    "Builds a network of Open vSwitch in network namespaces, steers it by OpenFlow 1.3, lets iperf3 flow through it, and answers as Ryu's ofctl_rest and rest_topology do. Needs root; listens on this machine only; Ctrl-C ends it and leaves nothing behind.",
  options: realNetworkOptions,
  examples: [
    "--topology nsfnet --load 0.8",
    "--traffic-pairs h1:h2,h2:h3 --traffic-bw 20M --seconds 60",
    "--idle",
  ],
}, async (options, context) => {
  const wanted = await userRealNetwork(options);
  const totals = await runRealNetwork(wanted, options, context);
  return {
    tables: [linkTable(totals.links)],
    lines: [
      `Ended after ${
        totals.seconds.toFixed(1)
      } s; capacities are the topology's times ${wanted.scale}`,
    ],
    json: { ...totals, scale: wanted.scale, flows: wanted.flows },
    exitCode: 0,
  };
});
