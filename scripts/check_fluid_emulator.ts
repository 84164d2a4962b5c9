/**
 * Compares the fluid emulator with packets.
 *
 * @module
 */
import {
  integerOption,
  numberListOption,
  stringOption,
} from "../core/options.ts";
import { asUsageError, runScript } from "../core/script.ts";
import { makeTopology } from "../envs/sdn/topology.ts";
import { namedTopology } from "../envs/sdn/named_topologies.ts";
import { checkFluid, fluidCheckTable } from "../experiments/sdn/fluid_check.ts";
import { userTopology } from "../experiments/sdn/topology_files.ts";

await runScript({
  name: "check_fluid_emulator",
  task: "check-fluid-emulator",
  description:
    "Compares delay and loss of the fluid emulator with a simulation packet by packet, whose lengths are redrawn at each hop, as the fluid takes them to be, or kept, as real ones are.",
  options: {
    topology: stringOption({
      description: "The network, by name or file.",
      default: "nsfnet",
      placeholder: "NAME|FILE",
    }),
    loads: numberListOption({
      description: "Utilisations of the busiest link.",
      default: [0.3, 0.5, 0.7, 0.9],
      exclusiveMinimum: 0,
    }),
    "buffer-packets": integerOption({
      description: "Packets for which a link has room.",
      default: 8,
      minimum: 1,
    }),
    packets: integerOption({
      description: "Packets that are measured.",
      default: 1_000_000,
      minimum: 1000,
    }),
  },
  examples: ["--topology geant2 --buffer-packets 32"],
}, async (options, { progress, breathe, signal }) => {
  const { loads, bufferPackets, packets, seed } = options;
  const given = await asUsageError(() => userTopology(options.topology));
  const topology = typeof given === "string"
    ? namedTopology(given)
    : makeTopology(given);
  const runs = (["redrawn", "kept"] as const).flatMap((lengths) =>
    loads.map((load) => ({ load, lengths }))
  );
  using shown = progress({
    total: runs.length,
    label: "Simulating",
    unit: "runs",
  });
  const checks = [];
  for (const run of runs) {
    if (signal.aborted) break;
    checks.push(checkFluid({ ...run, topology, bufferPackets, packets, seed }));
    shown.update(checks.length);
    await breathe();
  }
  return {
    tables: [{
      title:
        `${topology.name}, uniform traffic, room for ${bufferPackets} packets, ${packets} packets a run`,
      ...fluidCheckTable(checks),
    }],
    json: { topology: topology.name, bufferPackets, packets, seed, checks },
  };
});
