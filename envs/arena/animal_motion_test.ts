import { assert, assertAlmostEquals, assertEquals } from "@std/assert";
import { readParameters } from "../../core/parameters.ts";
import { Random } from "../../core/random.ts";
import { normalTail, normalTailInverse } from "./_normal.ts";
import { ANIMAL_MOTION_PARAMETERS, animalMotion } from "./animal_motion.ts";
import { ForagingArena } from "./foraging_arena.ts";

const SETTINGS = readParameters("motion", {
  table: ANIMAL_MOTION_PARAMETERS,
  given: {},
});

/** Speeds and rotational velocities of an animal in the open. */
function roam(seconds: number, step: number) {
  const motion = animalMotion(SETTINGS, { walls: [] });
  const random = new Random(5);
  motion.begin([0, 0], random);
  const count = Math.round(seconds / step);
  const speeds = new Float64Array(count);
  const turns = new Float64Array(count);
  for (let i = 0; i < count; i++) {
    motion.advance(step, random);
    speeds[i] = Math.hypot(...motion.velocity);
    turns[i] = motion.rotationalVelocity;
  }
  return { speeds, turns };
}

function correlation(values: Float64Array, lag: number): number {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  let product = 0;
  let square = 0;
  for (let i = 0; i + lag < values.length; i++) {
    product += (values[i] - mean) * (values[i + lag] - mean);
    square += (values[i] - mean) ** 2;
  }
  return product / square;
}

Deno.test("the normal tail and its inverse are each other's", () => {
  assertAlmostEquals(normalTail(0), 0.5, 1e-7);
  assertAlmostEquals(normalTail(1.959963985), 0.025, 1e-8);
  assertAlmostEquals(normalTail(-3), 1 - 1.349898e-3, 1e-8);
  for (const z of [-5, -2, -0.3, 0, 0.01, 1, 4, 6]) {
    assertAlmostEquals(normalTailInverse(normalTail(z)), z, 1e-4);
  }
});

Deno.test("speeds follow Rayleigh's law, whatever the step", () => {
  // 20,000 s at steps of 0.1 s. Samples 4.2 s apart, of which there are 4762,
  // are independent but for exp(-6): the largest distance from the law's
  // distribution exceeds 2.7 / sqrt(4762) = 0.039 once in a million. The normal
  // law of equal mean and deviation is 0.06 away, and with the mean taken for
  // Rayleigh's scale the law is 0.17 away.
  const { speeds } = roam(20_000, 0.1);
  const scale = 0.08 / Math.sqrt(Math.PI / 2);
  const sample = speeds.filter((_, i) => i % 42 === 0).sort();
  const distance = (sigma: number) =>
    sample.reduce((most, speed, i) => {
      const law = 1 - Math.exp(-0.5 * (speed / sigma) ** 2);
      return Math.max(
        most,
        Math.abs(law - i / sample.length),
        Math.abs(law - (i + 1) / sample.length),
      );
    }, 0);
  assert(distance(scale) < 0.039, `${distance(scale)}`);
  assert(distance(0.08) > 0.1);
});

Deno.test("speed and turning forget themselves in their times", () => {
  const { speeds, turns } = roam(4000, 0.02);
  // Speeds carried back to normal numbers: exp(-t / 0.7 s). 4000 s hold some
  // 2900 independent stretches: standard error 0.02.
  const scale = 0.08 / Math.sqrt(Math.PI / 2);
  const latent = speeds.map((speed) =>
    normalTailInverse(Math.exp(-0.5 * (speed / scale) ** 2))
  );
  assertAlmostEquals(correlation(latent, 35), Math.exp(-1), 0.1);
  assertAlmostEquals(correlation(latent, 70), Math.exp(-2), 0.1);
  // Turning: exp(-t / 0.08 s), of deviation 120 degrees a second; 25,000
  // stretches: standard error 0.006, and 0.4 % of the deviation.
  assertAlmostEquals(correlation(turns, 4), Math.exp(-1), 0.03);
  const deviation = Math.sqrt(
    turns.reduce((sum, turn) => sum + turn * turn, 0) / turns.length,
  );
  assertAlmostEquals(deviation * 180 / Math.PI, 120, 3);
});

Deno.test("walls drive the animal off, or carry it along", () => {
  // Share of time within 10 cm of the walls of 1 m: 36 % of the area.
  const nearWalls = (thigmotaxis: number) => {
    const env = new ForagingArena({
      arena_x_limits: [0, 1],
      arena_y_limits: [0, 1],
      time_step_size: 0.05,
      thigmotaxis,
    });
    env.reset({ seed: 1 });
    let near = 0;
    for (let i = 0; i < 30_000; i++) {
      env.step([0, 0]);
      const [x, y] = env.state;
      assert(x > 0 && x < 1 && y > 0 && y < 1);
      if (Math.min(x, y, 1 - x, 1 - y) < 0.1) near++;
    }
    return near / 30_000;
  };
  const [timid, bold] = [nearWalls(0.8), nearWalls(0.1)];
  assert(timid > bold + 0.05, `${timid} and ${bold}`);
});

Deno.test("who leaves a periodic room comes in on the other side", () => {
  const env = new ForagingArena({
    arena_x_limits: [-1, 1],
    arena_y_limits: [3, 4],
    periodic: true,
    time_step_size: 0.5,
  });
  env.reset({ seed: 2 });
  let jumps = 0;
  for (let i = 0; i < 2000; i++) {
    const [x, y] = env.state;
    env.step([0, 0]);
    assert(env.isInside(env.state));
    if (Math.hypot(env.state[0] - x, env.state[1] - y) > 0.6) jumps++;
  }
  assert(jumps > 20);
  assertEquals(env.innerWalls, []);
});
