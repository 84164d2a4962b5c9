"""Stable-Baselines3's DQN and PPO on the autoscaling environment."""

from common import options, run, use_torch_threads

given = options(["dqn", "ppo"])

# After the options: they limit the threads of what is imported here.
import torch
from stable_baselines3 import DQN, PPO

from stable_baselines import dqn_arguments, falling, learn, ppo_arguments

use_torch_threads(given)

DIFFERENCES = {
    "dqn": ["no double estimates: one pass less through a network an update"],
    "ppo": [],
}


def train_dqn(given):
    model = DQN(
        **dqn_arguments(given),
        learning_rate=falling(given.settings["learningRate"]),
        max_grad_norm=given.settings["maxGradNorm"],
        device="cpu",
    )
    return learn(model, given)


def train_ppo(given):
    activations = {"relu": torch.nn.ReLU, "tanh": torch.nn.Tanh}
    model = PPO(**ppo_arguments(given, activations), device="cpu")
    return learn(model, given)


run(
    given,
    {"dqn": train_dqn, "ppo": train_ppo}[given.algorithm],
    library="Stable-Baselines3",
    packages=["stable-baselines3", "torch", "gymnasium", "numpy"],
    differences=DIFFERENCES[given.algorithm],
)
