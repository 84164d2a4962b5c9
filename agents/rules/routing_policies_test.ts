import {
  assert,
  assertAlmostEquals,
  assertEquals,
  assertThrows,
} from "@std/assert";
import { contains } from "../../core/spaces.ts";
import { ControllerEmulator } from "../../envs/sdn/controller_emulator.ts";
import { SDNEnv, type SDNOptions } from "../../envs/sdn/sdn_env.ts";
import {
  actionTowards,
  ROUTING_POLICIES,
  routingPolicy,
  type RoutingPolicyName,
} from "./routing_policies.ts";

/** Mean largest utilisation of an episode's last steps. */
async function utilisation(
  name: RoutingPolicyName,
  options: SDNOptions = {},
): Promise<number> {
  const env = new SDNEnv({
    episodeSteps: 20,
    traffic: { load: 0.9, seed: 42 },
    ...options,
  });
  using policy = await routingPolicy(name, env, {
    objective: "largest-utilisation",
  });
  env.reset({ seed: 3 });
  policy.begin(3);
  let sum = 0;
  for (let i = 0; i < 20; i++) {
    const action = policy.act();
    assert(contains(env.actionSpace, action), `${name}: ${action}`);
    const { info } = env.step(action);
    if (i >= 10) sum += info.largestUtilisation! / 10;
  }
  return sum;
}

Deno.test("experts leave the busiest link less than zeros and random do", async () => {
  const [zeros, random, ospf, search, optimal] = await Promise.all(
    ROUTING_POLICIES.map((name) => utilisation(name)),
  );
  assert(search < 0.7 * zeros && search < random, `${search} ${zeros}`);
  assert(optimal < 0.7 * zeros && optimal < random, `${optimal} ${zeros}`);
  assert(ospf < zeros, `${ospf} ${zeros}`);
});

Deno.test("experts keep to what actions can do in every mode", async () => {
  const modes: SDNOptions[] = [
    { mode: "reference" },
    { actionMode: "absolute", actionScale: 2 },
    { mode: "reference", actionMode: "absolute" },
  ];
  for (const mode of modes) {
    const zeros = await utilisation("zeros", mode);
    for (const name of ["ospf", "local-search", "optimal"] as const) {
      assert(await utilisation(name, mode) < zeros, `${name} ${mode.mode}`);
    }
  }
});

Deno.test("actionTowards() reaches weights in as many steps as it takes", () => {
  const env = new SDNEnv();
  env.reset({ seed: 1 });
  const wanted = Float64Array.from({ length: 10 }, (_, l) => (l + 1) / 2);
  for (let i = 0; i < 4; i++) {
    env.step(actionTowards(env, env.emulator!.weights, wanted));
  }
  env.emulator!.weights.forEach((weight, l) =>
    assertAlmostEquals(weight / wanted[l], 1, 1e-6)
  );
});

Deno.test("policies are what their seed says", async () => {
  for (const name of ROUTING_POLICIES) {
    const env = new SDNEnv();
    using policy = await routingPolicy(name, env);
    const play = (seed: number) => {
      env.reset({ seed });
      policy.begin(seed);
      return Array.from({ length: 3 }, () => {
        const action = policy.act();
        env.step(action);
        return action;
      });
    };
    assertEquals(play(5), play(5), name);
  }
});

Deno.test("idle networks need no expert, and get weights that stay", async () => {
  for (const name of ["local-search", "optimal"] as const) {
    assertEquals(await utilisation(name, { traffic: { type: "idle" } }), 0);
  }
});

Deno.test("policies that cannot be played are refused", async () => {
  const env = new SDNEnv();
  assertThrows(
    () => routingPolicy("dijkstra" as RoutingPolicyName, env),
    RangeError,
    "expected one of zeros",
  );
  await using controller = new ControllerEmulator({ port: 0 });
  assert(controller.url.startsWith("http"));
  const remote = { emulator: undefined, settings: { ryuBase: controller.url } };
  assertThrows(
    () => routingPolicy("local-search", remote as unknown as SDNEnv),
    RangeError,
    "does not tell demands: expected one of zeros, random, ospf",
  );
});
