"""DQN as CleanRL writes it, on the autoscaling environment.

Written anew after CleanRL's dqn.py: the same algorithm and the same operations
in the same order, in one file to be read from top to bottom. As there: Adam
without clipping of gradients, squared error, one-step targets, the mask of ends
in the target, random actions drawn from the action space, Gymnasium's
SyncVectorEnv with resets in the same step, Stable-Baselines3's replay buffer
(cleanrl_utils has a copy of it). Left out: TensorBoard and video, which only
cost time.
"""

from common import options, run, use_torch_threads

given = options(["dqn"])

# After the options: they limit the threads of what is imported here.
import random

import gymnasium as gym
import numpy as np
import torch
from gymnasium.vector import AutoresetMode, SyncVectorEnv
from stable_baselines3.common.buffers import ReplayBuffer
from torch import nn, optim
from torch.nn import functional as F

from autoscaling import AutoscalingEnv

use_torch_threads(given)

DIFFERENCES = [
    "no double estimates: one pass less through a network an update",
    "one-step returns",
    "no clipping of gradients",
    "constant learning rate",
    "squared error in place of Huber's",
]


def make_env():
    return gym.wrappers.RecordEpisodeStatistics(AutoscalingEnv())


class QNetwork(nn.Module):
    def __init__(self, observations, hidden, actions):
        super().__init__()
        first, second = hidden
        self.network = nn.Sequential(
            nn.Linear(observations, first),
            nn.ReLU(),
            nn.Linear(first, second),
            nn.ReLU(),
            nn.Linear(second, actions),
        )

    def forward(self, x):
        return self.network(x)


def exploration(settings, share):
    """Falls linearly over the first part of the training."""
    first, last = settings["explorationInitialEps"], settings["explorationFinalEps"]
    slope = (last - first) / settings["explorationFraction"]
    return max(slope * share + first, last)


def train(given):
    settings = given.settings
    random.seed(given.seed)
    np.random.seed(given.seed)
    torch.manual_seed(given.seed)
    device = torch.device("cpu")

    envs = SyncVectorEnv(
        [make_env for _ in range(given.copies)],
        autoreset_mode=AutoresetMode.SAME_STEP,
    )
    sizes = (
        int(np.prod(envs.single_observation_space.shape)),
        settings["netArch"],
        int(envs.single_action_space.n),
    )
    q_network = QNetwork(*sizes).to(device)
    optimizer = optim.Adam(q_network.parameters(), lr=settings["learningRate"])
    target_network = QNetwork(*sizes).to(device)
    target_network.load_state_dict(q_network.state_dict())
    memory = ReplayBuffer(
        min(settings["bufferSize"], given.steps),
        envs.single_observation_space,
        envs.single_action_space,
        device,
        n_envs=given.copies,
        handle_timeout_termination=False,
    )

    envs.action_space.seed(given.seed)
    observations, _ = envs.reset(seed=given.seed)
    for step in range(given.steps):
        if random.random() < exploration(settings, step / given.steps):
            actions = envs.action_space.sample()
        else:
            q_values = q_network(torch.Tensor(observations).to(device))
            actions = torch.argmax(q_values, dim=1).cpu().numpy()

        following, rewards, terminations, truncations, infos = envs.step(actions)
        real_following = following.copy()
        for copy, truncated in enumerate(truncations):
            if truncated:
                real_following[copy] = infos["final_obs"][copy]
        memory.add(observations, real_following, actions, rewards, terminations, infos)
        observations = following

        if step <= settings["learningStarts"]:
            continue
        if step % settings["trainFreq"] == 0:
            data = memory.sample(settings["batchSize"])
            with torch.no_grad():
                target_max, _ = target_network(data.next_observations).max(dim=1)
                target = data.rewards.flatten() + settings["gamma"] * target_max * (
                    1 - data.dones.flatten()
                )
            value = q_network(data.observations).gather(1, data.actions).squeeze()
            loss = F.mse_loss(target, value)
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
        if step % settings["targetUpdateInterval"] == 0:
            tau = settings["tau"]
            for slow, fast in zip(target_network.parameters(), q_network.parameters()):
                slow.data.copy_(tau * fast.data + (1.0 - tau) * slow.data)
    envs.close()

    def act(observation):
        with torch.no_grad():
            return int(q_network(torch.from_numpy(observation)).argmax())

    return given.steps, act


run(
    given,
    train,
    library="CleanRL",
    packages=["torch", "stable-baselines3", "gymnasium", "numpy"],
    differences=DIFFERENCES,
)
