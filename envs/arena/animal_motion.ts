/**
 * How a foraging rat moves.
 *
 * @module
 */
import { exp, log } from "../../core/fdlibm.ts";
import {
  numberParameter,
  type ParameterTableOf,
} from "../../core/parameters.ts";
import type { Random } from "../../core/random.ts";
import type { State } from "../../core/state.ts";
import { copySavedFloats } from "../_saved.ts";
import { normalTail, normalTailInverse } from "./_normal.ts";
import type { Point, SlidingWalls, Wall } from "./walls.ts";

export type { Point, SlidingWalls, Wall };

/** How an animal moves. Lengths are in the arena's unit; defaults in metres. */
export interface AnimalMotionParameters {
  /** Mean speed, units a second; speeds follow Rayleigh's law. Default 0.08. */
  speed_mean: number;
  /** Time after which the speed has forgotten itself, seconds. Default 0.7. */
  speed_coherence_time: number;
  /** Standard deviation of the rotational velocity, degrees a second. Default 120. */
  rotational_velocity_std: number;
  /** Time after which it has forgotten itself, seconds. Default 0.08. */
  rotational_velocity_coherence_time: number;
  /** From 0, driven off walls, to 1, carried along them. Default 0.5. */
  thigmotaxis: number;
  /** Distance in which walls act. Default 0.1. */
  wall_repel_distance: number;
  /** How strongly walls act; 0 for not at all. Default 1. */
  wall_repel_strength: number;
}

const POSITIVE = { exclusiveMinimum: 0 };

/** Bounds and fallbacks of {@linkcode AnimalMotionParameters}. */
export const ANIMAL_MOTION_PARAMETERS: ParameterTableOf<
  AnimalMotionParameters
> = {
  speed_mean: numberParameter({ ...POSITIVE, fallback: 0.08 }),
  speed_coherence_time: numberParameter({ ...POSITIVE, fallback: 0.7 }),
  rotational_velocity_std: numberParameter({ minimum: 0, fallback: 120 }),
  rotational_velocity_coherence_time: numberParameter({
    ...POSITIVE,
    fallback: 0.08,
  }),
  thigmotaxis: numberParameter({ minimum: 0, maximum: 1, fallback: 0.5 }),
  wall_repel_distance: numberParameter({ ...POSITIVE, fallback: 0.1 }),
  wall_repel_strength: numberParameter({ minimum: 0, fallback: 1 }),
};

/** Settings of {@linkcode animalMotion}, as parameters are read. */
export interface AnimalMotionSettings {
  /** See {@linkcode AnimalMotionParameters}, as for the others. */
  readonly speedMean: number;
  /** Seconds. */
  readonly speedCoherenceTime: number;
  /** Degrees a second. */
  readonly rotationalVelocityStd: number;
  /** Seconds. */
  readonly rotationalVelocityCoherenceTime: number;
  /** From 0 to 1. */
  readonly thigmotaxis: number;
  /** Units of length. */
  readonly wallRepelDistance: number;
  /** A factor. */
  readonly wallRepelStrength: number;
}

/** An animal that moves by itself. */
export interface AnimalMotion {
  /** Where it is. */
  readonly place: Readonly<Point>;
  /** Units a second. */
  readonly velocity: Readonly<Point>;
  /** Radians a second. */
  readonly rotationalVelocity: number;
  /** Puts it somewhere, with a speed and a direction drawn from their laws. */
  begin(place: Readonly<Point>, random: Random): void;
  /** Moves on by some seconds. */
  advance(seconds: number, random: Random): void;
  /** All that is needed to go on. */
  saveState(): State;
  /** Goes on from a saved state, which is copied. */
  loadState(state: State): void;
}

/** Speed after a wall was met, as a part of the mean (George et al.). */
const BOUNCE = 0.5;

/**
 * The motion of George et al. ("RatInABox, a toolkit for modelling locomotion
 * and neuronal activity in continuous environments", eLife 13:e85274, 2024),
 * fitted to rats that forage: the rotational velocity is an Ornstein-Uhlenbeck
 * process, the speed one that is carried over to Rayleigh's law; walls drive the
 * animal off and carry it along. Processes are stepped exactly, so that their
 * laws do not depend on the step.
 *
 * @param settings How it moves.
 * @param space Its walls; none where there are none.
 */
export function animalMotion(
  settings: AnimalMotionSettings,
  space: { walls: readonly Wall[]; sliding?: SlidingWalls },
): AnimalMotion {
  const { speedMean, thigmotaxis, wallRepelDistance } = settings;
  const { walls, sliding } = space;
  // The mean of Rayleigh's law is its scale times the root of pi / 2.
  const scale = speedMean / Math.sqrt(Math.PI / 2);
  const turning = settings.rotationalVelocityStd * Math.PI / 180;
  const pushSpeed = settings.wallRepelStrength * speedMean;
  const place: Point = [0, 0];
  const velocity: Point = [0, 0];
  let rotation = 0;
  /** The speed as a standard normal number. */
  let latent = 0;

  const speedOf = (z: number) => scale * Math.sqrt(-2 * log(normalTail(z)));
  const latentOf = (speed: number) =>
    normalTailInverse(exp(-0.5 * (speed / scale) ** 2));

  /** One exact step of an Ornstein-Uhlenbeck process. */
  function relax(
    value: number,
    { decay, deviation, random }: {
      decay: number;
      deviation: number;
      random: Random;
    },
  ): number {
    return value * decay +
      deviation * Math.sqrt(1 - decay * decay) * random.normal();
  }

  function setSpeed(speed: number): void {
    const now = Math.hypot(velocity[0], velocity[1]);
    velocity[0] = now > 0 ? velocity[0] * speed / now : speed;
    velocity[1] = now > 0 ? velocity[1] * speed / now : 0;
  }

  function begin(start: Readonly<Point>, random: Random): void {
    place[0] = start[0];
    place[1] = start[1];
    latent = random.normal();
    rotation = turning * random.normal();
    const direction = random.uniform(0, 2 * Math.PI);
    const speed = speedOf(latent);
    velocity[0] = speed * Math.cos(direction);
    velocity[1] = speed * Math.sin(direction);
  }

  function turn(seconds: number, random: Random): void {
    const { rotationalVelocityCoherenceTime } = settings;
    const decay = exp(-seconds / rotationalVelocityCoherenceTime);
    rotation = relax(rotation, { decay, deviation: turning, random });
    const [cos, sin] = [
      Math.cos(rotation * seconds),
      Math.sin(rotation * seconds),
    ];
    const [x, y] = velocity;
    velocity[0] = cos * x - sin * y;
    velocity[1] = sin * x + cos * y;
  }

  /** Velocity and displacement that walls near by add. */
  function feelWalls(seconds: number): boolean {
    let felt = false;
    const drive = 3 * (1 - thigmotaxis) ** 2 * seconds;
    const carry = 6 * thigmotaxis ** 2 * seconds;
    const moved: Point = [place[0], place[1]];
    for (const [x0, y0, x1, y1] of walls) {
      const [dx, dy] = [x1 - x0, y1 - y0];
      const along = ((place[0] - x0) * dx + (place[1] - y0) * dy) /
        (dx * dx + dy * dy);
      const part = Math.min(1, Math.max(0, along));
      const [ex, ey] = [place[0] - x0 - part * dx, place[1] - y0 - part * dy];
      const distance = Math.hypot(ex, ey);
      if (!(distance > 0 && distance < wallRepelDistance)) continue;
      felt = true;
      const depth = (wallRepelDistance - distance) / wallRepelDistance;
      const push = drive * pushSpeed ** 2 / wallRepelDistance * depth;
      const shift = carry * pushSpeed * (1 - Math.sqrt(1 - depth * depth));
      velocity[0] += push * ex / distance;
      velocity[1] += push * ey / distance;
      moved[0] += shift * ex / distance;
      moved[1] += shift * ey / distance;
    }
    if (felt) goTo(moved);
    return felt;
  }

  /** Goes to a place as far as walls let it; returns the wall met, or -1. */
  function goTo(to: Point): number {
    const wall = sliding?.move(place, to) ?? -1;
    place[0] = to[0];
    place[1] = to[1];
    return wall;
  }

  function bounce([x0, y0, x1, y1]: Wall): void {
    const length = Math.hypot(x1 - x0, y1 - y0);
    const [nx, ny] = [(y0 - y1) / length, (x1 - x0) / length];
    const into = velocity[0] * nx + velocity[1] * ny;
    velocity[0] -= 2 * into * nx;
    velocity[1] -= 2 * into * ny;
    setSpeed(BOUNCE * speedMean);
    latent = latentOf(BOUNCE * speedMean);
  }

  function advance(seconds: number, random: Random): void {
    turn(seconds, random);
    const decay = exp(-seconds / settings.speedCoherenceTime);
    latent = relax(latent, { decay, deviation: 1, random });
    setSpeed(speedOf(latent));
    if (pushSpeed > 0 && feelWalls(seconds)) {
      latent = latentOf(Math.hypot(velocity[0], velocity[1]));
    }
    const wall = goTo([
      place[0] + velocity[0] * seconds,
      place[1] + velocity[1] * seconds,
    ]);
    if (wall >= 0) bounce(walls[wall]);
  }

  return {
    place,
    velocity,
    get rotationalVelocity() {
      return rotation;
    },
    begin,
    advance,
    saveState: () => ({
      motion: Float64Array.of(...place, ...velocity, rotation, latent),
    }),
    loadState(state) {
      const saved = new Float64Array(6);
      copySavedFloats(state, "motion", saved);
      [place[0], place[1], velocity[0], velocity[1], rotation, latent] = saved;
    },
  };
}
