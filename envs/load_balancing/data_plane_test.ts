import { assert, assertEquals } from "@std/assert";
import { Random } from "../../core/random.ts";
import { createActions } from "./actions.ts";
import { createDataPlane } from "./data_plane.ts";
import { loadBalanceSettings, multiAgentSettings } from "./env_settings.ts";
import { statisticsObservation } from "./flow_statistics.ts";
import { LoadBalanceEnv } from "./load_balance_env.ts";
import { MultiAgentLoadBalanceEnv } from "./multi_agent_env.ts";
import { OBSERVATION_NAMES } from "./observation.ts";

Deno.test("an agent sees the same of a data plane as of the environment, to the bit", () => {
  // Both metrics are sampled in either case, so that streams are the same.
  for (const observation of OBSERVATION_NAMES) {
    const options = {
      numServers: 5,
      observation,
      rewardOn: observation === "paper" ? "completion" : "duration",
      observationUnits: { flows: 4, seconds: 0.5 },
    } as const;
    const env = new LoadBalanceEnv(options);
    const settings = loadBalanceSettings(options);
    const random = new Random(7);
    let seen = env.reset({ seed: 7 }).observation;
    const plane = createDataPlane(
      settings,
      random.integer(0, Number.MAX_SAFE_INTEGER),
    );
    const [view] = plane.views;
    const look = statisticsObservation(observation, settings.observationUnits);
    const actions = createActions(5, settings);
    const weights = new Float64Array(5);
    const own = new Float32Array(seen.length);
    let nonZero = 0;
    for (let step = 0; step < 40; step++) {
      plane.look();
      for (let server = 0; server < 5; server++) {
        look.write(view.statistics, server, own, server * look.perServer);
      }
      assertEquals(own, seen);
      nonZero += seen.filter((value) => value !== 0).length;
      actions.writeWeights(step % 5, settings.baseWeights, weights);
      assert(view.setWeights(weights));
      plane.advanceTo(0.25 * (step + 1));
      seen = env.step(step % 5).observation;
    }
    assert(nonZero > 20 * seen.length, String(nonZero));
  }
});

Deno.test("a team with servers of its own sees one region, one that shares them a region each", () => {
  for (const sharing of ["groups", "all"] as const) {
    const options = {
      numAgents: 2,
      numServers: 4,
      sharing,
      load: 0.8,
    } as const;
    const env = new MultiAgentLoadBalanceEnv(options);
    const settings = multiAgentSettings(options);
    let { observations } = env.reset({ seed: 3 });
    const seed = new Random(3).integer(0, Number.MAX_SAFE_INTEGER);
    const plane = createDataPlane(settings, seed);
    assertEquals(
      plane.views.map(({ servers }) => [...servers]),
      sharing === "all" ? [[0, 1, 2, 3], [0, 1, 2, 3]] : [[0, 1, 2, 3]],
    );
    const look = statisticsObservation("seed");
    for (let step = 0; step < 20; step++) {
      plane.look();
      const rows = plane.views.flatMap(({ statistics, servers }) =>
        [...servers.keys()].flatMap((server) => {
          const row = new Float32Array(look.perServer);
          look.write(statistics, server, row, 0);
          return [...row];
        })
      );
      assertEquals(rows, observations.flatMap((row) => [...row]));
      const chosen = [step % 2, (step + 1) % 2];
      const weights = new Float64Array(4).fill(1);
      if (sharing === "all") {
        plane.views.forEach((view, agent) =>
          view.setWeights(weights.with(chosen[agent], 2))
        );
      } else {
        plane.views[0].setWeights(
          weights.with(chosen[0], 2).with(2 + chosen[1], 2),
        );
      }
      plane.advanceTo(0.25 * (step + 1));
      observations = env.step(Int32Array.from(chosen)).observations;
    }
  }
});

Deno.test("a balancer whose servers have no weight keeps those it has", () => {
  const plane = createDataPlane(
    multiAgentSettings({ numAgents: 2, serversPerAgent: 2, load: 0.5 }),
    1,
  );
  const [view] = plane.views;
  assert(!view.setWeights([0, 1, 0, 0]));
  plane.advanceTo(20);
  plane.look();
  const flows = plane.results().flows;
  assert(view.setWeights([1, 0, 0, 1]));
  plane.advanceTo(40);
  assert(plane.results().flows > flows);
  assertEquals(view.activeServers(), 0b1111n);
});

Deno.test("a data plane tells which servers balancers know to be down, and counts flows", () => {
  const plane = createDataPlane(
    loadBalanceSettings({
      numServers: 3,
      load: 0.5,
      outages: [{ server: 1, from: 1, to: 2 }],
    }),
    5,
  );
  const [view] = plane.views;
  assertEquals([...view.capacities], [2, 4, 2]);
  plane.advanceTo(1.5);
  assertEquals(view.activeServers(), 0b101n);
  const first = plane.look();
  assert(first.finished > 0 && first.completionSeconds > 0);
  assert(first.jain > 0 && first.jain <= 1);
  assertEquals(plane.look().finished, 0);
  plane.advanceTo(3);
  assertEquals(view.activeServers(), 0b111n);
  const second = plane.look();
  const { completion, ended } = plane.results();
  assert(completion.mean > 0);
  const counted = first.finished + second.finished;
  assertEquals(ended[0], counted);
});
