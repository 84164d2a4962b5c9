/**
 * Simulates the data plane of a load balancer behind shared memory.
 *
 * @module
 */
import { loadAgent } from "../agents/model.ts";
import {
  choiceOption,
  integerOption,
  numberOption,
  pathOption,
  stringOption,
} from "../core/options.ts";
import { asUsageError, runScript } from "../core/script.ts";
import { formatNumber } from "../core/table.ts";
import { createDataPlane } from "../envs/load_balancing/data_plane.ts";
import { createDataPlaneSide } from "../experiments/control/data_plane_side.ts";
import {
  planeJson,
  planeLine,
  planeTables,
} from "../experiments/control/plane_report.ts";
import {
  planeSettings,
  regionNames,
} from "../experiments/control/plane_settings.ts";
import { runSide } from "../experiments/control/run_side.ts";
import { openPlaneLog } from "../experiments/control/side_logs.ts";
import { trafficSpec } from "../experiments/load_balancing/options.ts";

await runScript({
  name: "dataplane_simulator",
  task: "dataplane-simulator",
  description:
    "Simulates load balancers and servers against the clock, says through shared memory how the servers are, and takes the weights of rl_controller.",
  options: {
    shm: stringOption({
      description:
        "Name of the shared memory; with several balancers that share servers, what the name of each one's begins with.",
      default: "lb_rl_shm",
      placeholder: "NAME",
    }),
    model: pathOption({
      description: "Simulates the environment that this model was trained in.",
    }),
    preset: choiceOption(["seed", "moderate"], {
      description:
        "Set-up: servers of 2 and 4 cores in turn, or the paper's moderate one.",
    }),
    "num-servers": integerOption({
      description: "Servers. Default: the set-up's.",
      minimum: 1,
      maximum: 64,
    }),
    "num-agents": integerOption({
      description: "Balancers. Default: 1, or the model's.",
      minimum: 1,
    }),
    sharing: choiceOption(["groups", "all"], {
      description:
        "Whether several balancers have servers of their own or share all.",
    }),
    "trace-type": stringOption({
      description:
        "Traffic: poisson, wiki, or a file of recorded jobs or of counts a minute. Default: the set-up's.",
      placeholder: "poisson|wiki|FILE",
    }),
    load: numberOption({
      description: "Work that comes over what the servers can do.",
      exclusiveMinimum: 0,
    }),
    interval: numberOption({
      description: "Simulated time between two messages.",
      default: 0.25,
      minimum: 0.001,
      unit: "s",
    }),
    speed: numberOption({
      description: "Simulated seconds a second.",
      default: 1,
      exclusiveMinimum: 0,
    }),
    duration: numberOption({
      description: "Simulated time to run for. Default: until Ctrl-C.",
      exclusiveMinimum: 0,
      unit: "s",
    }),
    "control-timeout": numberOption({
      description:
        "Silence of the controller after which balancers go by the servers' capacities.",
      default: 2,
      exclusiveMinimum: 0,
      unit: "s",
    }),
  },
  examples: [
    "--num-servers 16 --trace-type wiki --load 0.9",
    "--model models/sac_gru.zip --speed 10 --interval 0.25",
  ],
}, async (options, context) => {
  const { shm, model, traceType, seed, speed, interval, duration } = options;
  const { preset, numServers, numAgents, sharing, load } = options;
  const asked = { preset, numServers, numAgents, sharing, load };
  const agent = model === undefined ? undefined : await loadAgent(model);
  const traffic = await trafficSpec(traceType);
  const settings = asUsageError(() =>
    planeSettings({ ...asked, agent, traffic, durationSeconds: duration })
  );
  const plane = createDataPlane(settings, seed);
  const names = regionNames(shm, plane.views.length);
  const side = createDataPlaneSide({
    plane,
    names,
    intervalSeconds: interval,
    speed,
    controlTimeoutSeconds: options.controlTimeout,
    note: context.note,
  });
  context.note(
    `${settings.servers.length} servers at load ${
      formatNumber(plane.load)
    }, balancers: ${settings.groups.length}, shared memory: ${
      names.join(", ")
    }`,
  );
  using log = options.out ? openPlaneLog(options.out) : undefined;
  using status = context.status();
  try {
    await runSide(side, {
      signal: context.signal,
      isOver: () => plane.time >= (duration ?? Infinity),
      onStep(wrote) {
        if (wrote) log?.add(side.summary());
        status.show(() => planeLine(side.summary()));
      },
    });
  } finally {
    side.close();
  }
  status.finish();
  const results = plane.results();
  return {
    tables: planeTables(results),
    json: planeJson(side.summary(), results),
    // Ctrl-C is the usual end, unless another was asked for.
    ...duration === undefined ? { exitCode: 0 } : {},
  };
});
