/**
 * Following the trajectories that Gymnasium took, for the tests.
 *
 * @module
 */
import { assert, assertEquals } from "@std/assert";
import type { SpaceValue } from "../../core/spaces.ts";
import type { State } from "../../core/state.ts";
import type { Environment } from "../environment.ts";
import peer from "./gymnasium_trajectories.json" with { type: "json" };

/** Environments of which there are trajectories. */
export type Followed = "CartPole-v1" | "Acrobot-v1" | "Pendulum-v1";

/** What {@linkcode followGymnasium} takes. */
export interface FollowOptions {
  /**
   * How far any number may be off, relative to 1 or its own size. 1e-7 is the
   * last bit of a 32-bit observation; with the same sines all agree to 1e-12.
   */
  tolerance: number;
  /** What an action is made of. Default: the number itself. */
  toAction?: (value: number) => SpaceValue;
}

/** Numbers of a line. */
export function numbers(line: string): number[] {
  return line.split(" ").map(Number);
}

/** Puts an environment that has a time limit into a state. */
export function place(environment: Environment, state: number[]): void {
  environment.reset({ seed: 0 });
  const saved = environment.saveState();
  const inner = saved.environment as State;
  environment.loadState({
    ...saved,
    environment: { ...inner, state: Float64Array.from(state) },
  });
}

function assertClose(
  actual: ArrayLike<number>,
  expected: number[],
  [tolerance, where]: [number, string],
): void {
  assertEquals(actual.length, expected.length);
  expected.forEach((value, i) => {
    const error = Math.abs(actual[i] - value) / Math.max(1, Math.abs(value));
    assert(
      error <= tolerance,
      `${where}, entry ${i}: ${actual[i]} against ${value}`,
    );
  });
}

/** Takes Gymnasium's actions and compares whatever was kept. */
export function followGymnasium(
  makeEnvironment: () => Environment,
  { tolerance, toAction = (value) => value }: FollowOptions,
): void {
  const { id } = makeEnvironment();
  for (const [i, trajectory] of peer[id as Followed].entries()) {
    const environment = makeEnvironment();
    place(environment, numbers(trajectory.start));
    const actions = numbers(trajectory.actions);
    const kept = new Map(
      trajectory.kept.map((line) => [numbers(line)[0], numbers(line).slice(1)]),
    );
    let total = 0;
    actions.forEach((value, index) => {
      const step = index + 1;
      const result = environment.step(toAction(value));
      total += result.reward;
      const last = step === actions.length;
      assertEquals(result.terminated, last && trajectory.terminated);
      assertEquals(result.truncated, last && trajectory.truncated);
      if (!kept.has(step)) return;
      const inner = environment.saveState().environment as State;
      assertClose(
        [
          result.reward,
          ...result.observation as Float32Array,
          ...inner.state as Float64Array,
        ],
        kept.get(step)!,
        [tolerance, `${id}, trajectory ${i}, step ${step}`],
      );
    });
    assertClose([total], [trajectory.return], [tolerance, `${id}, return`]);
  }
}
