/**
 * What a policy does with the weights of servers.
 *
 * @module
 */
import { evaluatePolicy } from "../../agents/evaluation.ts";
import type { Policy } from "../../agents/policy.ts";
import type { EnvironmentSpec } from "../../envs/registry.ts";
import { loadBalancingEnvironment } from "./comparison.ts";

export type { EnvironmentSpec, Policy };

/** Which episode is played, and whose weights are wanted. */
export interface WeightsOptions {
  /** Seed of the episode. */
  readonly seed: number;
  /** The balancer, from 0. Default 0. */
  readonly agent?: number;
}

/**
 * Plays an episode and notes the weights that a balancer gives its servers.
 *
 * @param policy Acts, for all balancers.
 * @param spec The environment. Throws `TypeError` for one that balances no
 * load.
 * @param options Which episode, and which balancer. Throws `RangeError` where
 * there is no such balancer.
 * @returns A series for each server, with an entry a step.
 */
export function weightsOverTime(
  policy: Policy,
  spec: EnvironmentSpec,
  { seed, agent = 0 }: WeightsOptions,
): Float64Array[] {
  const steps: Float64Array[] = [];
  evaluatePolicy(policy, loadBalancingEnvironment(spec), {
    episodes: 1,
    firstSeed: seed,
    maximumSteps: Infinity,
    onStep({ info }) {
      const weights = info.weights as Float64Array | readonly Float64Array[];
      const all = weights instanceof Float64Array ? [weights] : weights;
      if (all[agent] === undefined) {
        throw new RangeError(
          `Cannot find the weights of balancer ${agent}: expected 0 to ${
            all.length - 1
          }`,
        );
      }
      steps.push(all[agent].slice());
    },
  });
  return Array.from(
    steps[0],
    (_, server) => Float64Array.from(steps, (weights) => weights[server]),
  );
}
