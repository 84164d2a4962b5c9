"""Trajectories of Gymnasium's environments, for envs/reference/*_test.ts.

    python3 -m venv /tmp/peer && /tmp/peer/bin/pip install gymnasium
    /tmp/peer/bin/python bench/peers/gymnasium_trajectories.py \
        > envs/reference/gymnasium_trajectories.json

Each trajectory starts from a stated state and follows stated actions. Kept are
some steps, each as a line of step, reward, observation and state, and the sum
of rewards. Numbers stand in strings, which `deno fmt` leaves on one line.
"""

import json
import sys
from importlib.metadata import version

import gymnasium as gym
import numpy as np

KEPT_FIRST, KEPT_EVERY = 5, 50


def line(*values):
    return " ".join(repr(float(value)).removesuffix(".0") for value in values)


def trajectory(name, start, act, steps):
    """Steps until the end or the limit; `act(step, state)` chooses."""
    env = gym.make(name)
    env.reset(seed=0)
    inner = env.unwrapped
    inner.state = np.array(start, dtype=np.float64)
    actions, rewards, kept = [], [], []
    terminated = truncated = False
    for step in range(steps):
        action = act(step, inner.state)
        observation, reward, terminated, truncated, _ = env.step(action)
        actions.append(np.round(float(action[0]), 2) if np.ndim(action) else action)
        rewards.append(float(reward))
        ended = terminated or truncated
        if step < KEPT_FIRST or (step + 1) % KEPT_EVERY == 0 or ended:
            kept.append(line(step + 1, reward, *observation, *inner.state))
        if ended:
            break
    return {
        "start": line(*start),
        "actions": line(*actions),
        "kept": kept,
        "return": float(np.sum(rewards)),
        "terminated": bool(terminated),
        "truncated": bool(truncated),
    }


def chosen(seed, count):
    return lambda step, _: int(np.random.default_rng([seed, step]).integers(count))


def balance(_, state):
    return int(state @ np.array([0.1, 0.5, 10.0, 2.0]) > 0)


def pump(_, state):
    """Drives the elbow along with the first link's swing."""
    return 2 if state[2] < 0 else 0


def torque(seed):
    def act(step, _):
        draw = np.random.default_rng([seed, step]).integers(-200, 201) / 100
        return np.array([draw], dtype=np.float32)

    return act


def swing_up(_, state):
    angle, speed = state
    normal = (angle + np.pi) % (2 * np.pi) - np.pi
    energy = speed**2 / 6 + 5 * (np.cos(angle) - 1)
    u = -10 * normal - 2 * speed if abs(normal) < 0.3 else -2 * energy * np.sign(speed)
    return np.array([np.round(np.clip(u, -2, 2), 2)], dtype=np.float32)


def transitions(name, **options):
    """Lines of probability, next state, reward, end: by state, action, outcome."""
    table = gym.make(name, **options).unwrapped.P
    return "\n".join(
        line(*outcome)
        for s in sorted(table)
        for a in sorted(table[s])
        for outcome in table[s][a]
    )


def main():
    found = {
        "versions": {name: version(name) for name in ("gymnasium", "numpy")},
        "CartPole-v1": [
            trajectory("CartPole-v1", [0.01, -0.02, 0.03, -0.04], balance, 500),
            trajectory("CartPole-v1", [-0.05, 0.05, -0.05, 0.05], chosen(1, 2), 500),
            trajectory("CartPole-v1", [0, 0, 0, 0], lambda *_: 1, 500),
            trajectory("CartPole-v1", [2.3, 0.8, 0, 0], lambda step, _: 1 - step % 2, 500),
        ],
        "Acrobot-v1": [
            trajectory("Acrobot-v1", [0.1, -0.05, 0.02, 0.07], pump, 500),
            trajectory("Acrobot-v1", [-0.1, 0.1, -0.1, 0.1], chosen(2, 3), 500),
            trajectory("Acrobot-v1", [1.0, -3.0, 12.0, -28.0], chosen(3, 3), 50),
        ],
        "Pendulum-v1": [
            trajectory("Pendulum-v1", [np.pi, 0.5], swing_up, 200),
            trajectory("Pendulum-v1", [-1.0, -0.5], torque(4), 200),
            trajectory("Pendulum-v1", [2.0, 7.9], lambda *_: np.array([2], dtype=np.float32), 200),
        ],
        "transitions": {
            "FrozenLake-v1": transitions("FrozenLake-v1"),
            "FrozenLake8x8-v1": transitions("FrozenLake8x8-v1"),
            "FrozenLake-v1 sure": transitions("FrozenLake-v1", is_slippery=False),
            "FrozenLake-v1 0.8": transitions("FrozenLake-v1", success_rate=0.8),
            "CliffWalking-v1": transitions("CliffWalking-v1"),
            "CliffWalkingSlippery-v1": transitions("CliffWalkingSlippery-v1"),
        },
    }
    json.dump(found, sys.stdout, indent=2)
    sys.stdout.write("\n")


main()
