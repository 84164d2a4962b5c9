/**
 * A controller with an emulated network behind it.
 *
 * @module
 */
import { choiceOption, integerOption, numberOption } from "../core/options.ts";
import { runScript } from "../core/script.ts";
import { ControllerEmulator } from "../envs/sdn/controller_emulator.ts";
import {
  flowOptions,
  networkOptions,
  userFlows,
  userNetwork,
} from "../experiments/sdn/options.ts";

await runScript({
  name: "ryu_emulator",
  task: "ryu-emulator",
  description:
    "Answers as Ryu's ofctl_rest and rest_topology do, with an emulated network behind it. Listens on this machine only; Ctrl-C ends it.",
  options: {
    port: integerOption({
      description: "Where it listens; 0 for any free port.",
      default: 8080,
      minimum: 0,
      maximum: 65535,
    }),
    clock: choiceOption(["virtual", "wall"], {
      description:
        "Whether time moves by --step-time with each change of weights, or by the clock on the wall.",
      default: "virtual",
    }),
    "step-time": numberOption({
      description:
        "How far a change of weights moves the virtual clock, and how long a traffic matrix holds.",
      default: 0.1,
      minimum: 0.001,
      unit: "seconds",
    }),
    ...networkOptions,
    ...flowOptions,
  },
  examples: [
    "--topology nsfnet --load 0.8",
    "--clock wall --traffic-pairs h1:h2,h2:h3",
  ],
}, async (options, { signal, note }) => {
  const network = await userNetwork(options, {
    trafficSeed: options.seed,
    flows: userFlows(options),
  });
  await using controller = new ControllerEmulator({
    ...network,
    port: options.port,
    clock: options.clock,
    stepSeconds: options.stepTime,
  });
  const { topology } = controller.emulator;
  controller.emulator.restoreBaseline(options.seed);
  note(
    `Listening on ${controller.url}: ${topology.name}, ${topology.nodeCount} switches, ${topology.linkCount} links, ${options.clock} clock`,
  );
  await new Promise<void>((resolve) =>
    signal.addEventListener("abort", () => resolve())
  );
  const { uptimeSeconds } = controller.emulator;
  return {
    lines: [`Ended after ${uptimeSeconds} s of the network's time`],
    json: { url: controller.url, uptimeSeconds },
    exitCode: 0,
  };
});
