"""SBX's DQN and PPO (Stable-Baselines3 on JAX) on the autoscaling environment.

The time includes compilation: each run is a process of its own, and no cache
of compiled code is kept between them.
"""

from common import options, run, use_torch_threads

given = options(["dqn", "ppo"])

# After the options: they limit the threads of what is imported here.
import jax
from sbx import DQN, PPO

from stable_baselines import dqn_arguments, learn, ppo_arguments

# Replay and rollouts are Stable-Baselines3's, on PyTorch's tensors.
use_torch_threads(given)

DIFFERENCES = {
    "dqn": [
        "no double estimates: one pass less through a network an update",
        "no clipping of gradients",
        "constant learning rate",
    ],
    "ppo": ["hidden layers do not begin orthogonal"],
}


def train_dqn(given):
    learning_rate = given.settings["learningRate"]
    model = DQN(**dqn_arguments(given), learning_rate=learning_rate)
    return learn(model, given)


def train_ppo(given):
    activations = {"relu": jax.nn.relu, "tanh": jax.nn.tanh}
    return learn(PPO(**ppo_arguments(given, activations)), given)


run(
    given,
    {"dqn": train_dqn, "ppo": train_ppo}[given.algorithm],
    library="SBX",
    packages=["sbx-rl", "jax", "stable-baselines3", "torch", "gymnasium", "numpy"],
    differences=DIFFERENCES[given.algorithm],
)
