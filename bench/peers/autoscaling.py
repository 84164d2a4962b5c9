"""The autoscaling environment for Gymnasium, as its users would write it.

The same service as `AutoscalingEnv` with its default options: gym-scaling's
dynamics, nine scaled features, the SINE_CURVE load, episodes of 200 steps that
begin anywhere. `envs/autoscaling/` says what the numbers mean.

One step is written in Python's own numbers: on single values they are several
times faster than NumPy's. NumPy makes the observation.

    python bench/peers/autoscaling.py --check reference.json

replays the trajectories that bench/peers/reference.ts wrote and ends with 1
where a reward or a feature differs by more than 1e-6.
"""

import argparse
import json
import math
import sys

import gymnasium as gym
import numpy as np

MINIMUM_INSTANCES, MAXIMUM_INSTANCES = 2, 100
CAPACITY_PER_INSTANCE = 87
MAXIMUM_INFLUX = 4350
QUEUE_LIMIT = 43_500
REFUSED_PENALTY = -0.1
EPISODE_STEPS = 200
PERIOD_STEPS = 628

FEATURES = 9
FEATURE_LIMIT = 5.0
DEMAND_SPREAD = 0.05
GROWTH_SPREAD = 0.25
LOG_QUEUE_LIMIT = math.log1p(QUEUE_LIMIT)

TOLERANCE = 1e-6


def sine_curve(steps):
    phase = np.arange(steps) * 0.01
    return np.ceil((np.sin(phase) + 1) * MAXIMUM_INFLUX / 2).astype(int).tolist()


INFLUX = sine_curve(PERIOD_STEPS + EPISODE_STEPS + 1)


def clip(value):
    return min(FEATURE_LIMIT, max(-FEATURE_LIMIT, value))


def clip_instances(size):
    """Rounds halves up, as JavaScript does."""
    return min(MAXIMUM_INSTANCES, max(MINIMUM_INSTANCES, math.floor(size + 0.5)))


class AutoscalingEnv(gym.Env):
    """Actions 0, 1, 2 remove an instance, hold, add one; one step late.

    `reset(options={"phase": ..., "instances": ...})` begins at a stated start.
    """

    metadata = {"render_modes": []}

    def __init__(self):
        self.observation_space = gym.spaces.Box(
            -FEATURE_LIMIT, FEATURE_LIMIT, (FEATURES,), np.float32
        )
        self.action_space = gym.spaces.Discrete(3)

    def reset(self, *, seed=None, options=None):
        super().reset(seed=seed)
        if options:
            self.phase, self.instances = options["phase"], options["instances"]
        else:
            self.phase = int(self.np_random.integers(PERIOD_STEPS))
            need = INFLUX[self.phase] / CAPACITY_PER_INSTANCE
            self.instances = int(
                self.np_random.integers(
                    clip_instances(need * 0.9), clip_instances(need * 1.5) + 1
                )
            )
        self.influx = self.previous_influx = INFLUX[self.phase]
        self.steps = self.queue = self.pending = 0
        self.load = 0.0
        return self._observation(), {}

    def step(self, action):
        self.steps += 1
        self.previous_influx = self.influx
        self.influx = INFLUX[self.phase + self.steps]
        total = self.influx + self.queue
        capacity = self.instances * CAPACITY_PER_INSTANCE
        served = min(total, capacity)
        self.queue = total - served
        self.load = math.ceil(served / capacity * 100) / 100
        penalty = 0.0
        size = self.instances + self.pending
        if MINIMUM_INSTANCES <= size <= MAXIMUM_INSTANCES:
            self.instances = size
        else:
            penalty = REFUSED_PENALTY
        self.pending = int(action) - 1
        reward = (
            -(1 - self.load) * self.instances / MAXIMUM_INSTANCES
            + penalty
            - self.queue / (1 + self.queue)
        )
        terminated = self.queue > QUEUE_LIMIT
        truncated = not terminated and self.steps >= EPISODE_STEPS
        return self._observation(), reward, terminated, truncated, {}

    def _observation(self):
        instances, influx, queue = self.instances, self.influx, self.queue
        committed = instances + self.pending
        if not MINIMUM_INSTANCES <= committed <= MAXIMUM_INSTANCES:
            committed = instances
        demand = (influx + queue) / (committed * CAPACITY_PER_INSTANCE)
        growth = (influx - self.previous_influx) / CAPACITY_PER_INSTANCE
        return np.array(
            (
                instances / MAXIMUM_INSTANCES,
                self.load,
                influx / MAXIMUM_INFLUX,
                clip(math.log1p(queue) / LOG_QUEUE_LIMIT),
                committed - instances,
                committed / MAXIMUM_INSTANCES,
                clip((demand - 1) / DEMAND_SPREAD),
                clip(growth / GROWTH_SPREAD),
                0.0,  # cooldown left: there is none
            ),
            dtype=np.float32,
        )


def replay(trajectory):
    """Largest difference from a trajectory; infinite where ends differ."""
    env = AutoscalingEnv()
    observation, _ = env.reset(options=trajectory["start"])
    observations, rewards = [observation], []
    terminated = truncated = False
    for action in trajectory["actions"]:
        if terminated or truncated:
            return math.inf
        observation, reward, terminated, truncated, _ = env.step(action)
        observations.append(observation)
        rewards.append(reward)
    ends = [terminated, truncated]
    if ends != [trajectory["terminated"], trajectory["truncated"]]:
        return math.inf
    shown = np.reshape(trajectory["observations"], (-1, FEATURES))
    return max(
        np.abs(np.array(observations) - shown).max(),
        np.abs(np.array(rewards) - trajectory["rewards"]).max(),
    )


def check(path):
    with open(path) as file:
        trajectories = json.load(file)["trajectories"]
    steps = sum(len(trajectory["actions"]) for trajectory in trajectories)
    difference = max(map(replay, trajectories))
    print(f"{len(trajectories)} trajectories, {steps} steps: differ by {difference:.1e}")
    return 0 if difference <= TOLERANCE else 1


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--check", metavar="FILE", required=True)
    sys.exit(check(parser.parse_args().check))
