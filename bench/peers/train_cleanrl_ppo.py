"""PPO as CleanRL writes it, on the autoscaling environment.

Written anew after CleanRL's ppo.py: the same algorithm and the same operations
in the same order, in one file to be read from top to bottom. As there: two
networks that begin orthogonal, Adam with epsilon 1e-5 and a falling learning
rate, an episode that is cut counts as ended, the divergence and the clipped
share are read after each minibatch, Gymnasium's SyncVectorEnv with resets in
the same step. Rewards are scaled by Gymnasium's wrapper, as in
ppo_continuous_action.py. Left out: TensorBoard and video, which only cost time.
"""

from common import options, run, use_torch_threads

given = options(["ppo"])

# After the options: they limit the threads of what is imported here.
import random

import gymnasium as gym
import numpy as np
import torch
from gymnasium.vector import AutoresetMode, SyncVectorEnv
from torch import nn, optim
from torch.distributions.categorical import Categorical

from autoscaling import AutoscalingEnv

use_torch_threads(given)

DIFFERENCES = [
    "an episode that is cut counts as ended: no value of its last observation",
    "rewards are scaled copy by copy",
    "the value's loss is halved once more",
]

REWARD_LIMIT = 10
ACTIVATIONS = {"relu": nn.ReLU, "tanh": nn.Tanh}


def make_env(settings):
    def make():
        env = gym.wrappers.RecordEpisodeStatistics(AutoscalingEnv())
        if not settings["normalizeRewards"]:
            return env
        env = gym.wrappers.NormalizeReward(env, gamma=settings["gamma"])
        return gym.wrappers.TransformReward(
            env, lambda reward: np.clip(reward, -REWARD_LIMIT, REWARD_LIMIT)
        )

    return make


def layer(inputs, outputs, gain=np.sqrt(2)):
    made = nn.Linear(inputs, outputs)
    nn.init.orthogonal_(made.weight, gain)
    nn.init.constant_(made.bias, 0.0)
    return made


class Agent(nn.Module):
    def __init__(self, observations, actions, settings):
        super().__init__()
        activation = ACTIVATIONS[settings["activation"]]
        first, second = settings["netArch"]

        def network(outputs, gain):
            return nn.Sequential(
                layer(observations, first),
                activation(),
                layer(first, second),
                activation(),
                layer(second, outputs, gain),
            )

        self.critic = network(1, 1.0)
        self.actor = network(actions, 0.01)

    def value(self, x):
        return self.critic(x)

    def action_and_value(self, x, action=None):
        policy = Categorical(logits=self.actor(x))
        if action is None:
            action = policy.sample()
        return action, policy.log_prob(action), policy.entropy(), self.critic(x)


def train(given):
    settings = given.settings
    n_steps, copies = settings["nSteps"], given.copies
    gamma, clip_range = settings["gamma"], settings["clipRange"]
    rows = n_steps * copies
    iterations = -(-given.steps // rows)
    random.seed(given.seed)
    np.random.seed(given.seed)
    torch.manual_seed(given.seed)
    device = torch.device("cpu")

    envs = SyncVectorEnv(
        [make_env(settings) for _ in range(copies)],
        autoreset_mode=AutoresetMode.SAME_STEP,
    )
    shape = envs.single_observation_space.shape
    agent = Agent(int(np.prod(shape)), int(envs.single_action_space.n), settings)
    agent = agent.to(device)
    optimizer = optim.Adam(
        agent.parameters(), lr=settings["learningRate"], eps=1e-5
    )

    observations = torch.zeros((n_steps, copies) + shape).to(device)
    actions = torch.zeros((n_steps, copies)).to(device)
    log_probabilities = torch.zeros((n_steps, copies)).to(device)
    rewards = torch.zeros((n_steps, copies)).to(device)
    dones = torch.zeros((n_steps, copies)).to(device)
    values = torch.zeros((n_steps, copies)).to(device)

    seen, _ = envs.reset(seed=given.seed)
    next_observation = torch.Tensor(seen).to(device)
    next_done = torch.zeros(copies).to(device)

    for iteration in range(iterations):
        remaining = 1.0 - iteration / iterations
        optimizer.param_groups[0]["lr"] = remaining * settings["learningRate"]

        for step in range(n_steps):
            observations[step] = next_observation
            dones[step] = next_done
            with torch.no_grad():
                action, log_probability, _, value = agent.action_and_value(
                    next_observation
                )
                values[step] = value.flatten()
            actions[step] = action
            log_probabilities[step] = log_probability
            seen, reward, terminations, truncations, _ = envs.step(
                action.cpu().numpy()
            )
            rewards[step] = torch.tensor(reward).to(device).view(-1)
            next_observation = torch.Tensor(seen).to(device)
            next_done = torch.Tensor(np.logical_or(terminations, truncations)).to(
                device
            )

        with torch.no_grad():
            next_value = agent.value(next_observation).reshape(1, -1)
            advantages = torch.zeros_like(rewards).to(device)
            last = 0
            for t in reversed(range(n_steps)):
                if t == n_steps - 1:
                    goes_on, following = 1.0 - next_done, next_value
                else:
                    goes_on, following = 1.0 - dones[t + 1], values[t + 1]
                delta = rewards[t] + gamma * following * goes_on - values[t]
                last = delta + gamma * settings["gaeLambda"] * goes_on * last
                advantages[t] = last
            returns = advantages + values

        flat_observations = observations.reshape((-1,) + shape)
        flat_log_probabilities = log_probabilities.reshape(-1)
        flat_actions = actions.reshape(-1)
        flat_advantages = advantages.reshape(-1)
        flat_returns = returns.reshape(-1)
        flat_values = values.reshape(-1)

        order = np.arange(rows)
        clip_fractions = []
        for _ in range(settings["nEpochs"]):
            np.random.shuffle(order)
            for start in range(0, rows, settings["batchSize"]):
                batch = order[start : start + settings["batchSize"]]
                _, log_probability, entropy, value = agent.action_and_value(
                    flat_observations[batch], flat_actions.long()[batch]
                )
                log_ratio = log_probability - flat_log_probabilities[batch]
                ratio = log_ratio.exp()
                with torch.no_grad():
                    old_approximate_kl = (-log_ratio).mean()
                    approximate_kl = ((ratio - 1) - log_ratio).mean()
                    clip_fractions.append(
                        ((ratio - 1.0).abs() > clip_range).float().mean().item()
                    )

                advantage = flat_advantages[batch]
                if settings["normalizeAdvantage"]:
                    advantage = (advantage - advantage.mean()) / (
                        advantage.std() + 1e-8
                    )
                policy_loss = torch.max(
                    -advantage * ratio,
                    -advantage * torch.clamp(ratio, 1 - clip_range, 1 + clip_range),
                ).mean()
                value_loss = 0.5 * ((value.view(-1) - flat_returns[batch]) ** 2).mean()
                entropy_loss = entropy.mean()
                loss = (
                    policy_loss
                    - settings["entCoef"] * entropy_loss
                    + value_loss * settings["vfCoef"]
                )
                optimizer.zero_grad()
                loss.backward()
                nn.utils.clip_grad_norm_(agent.parameters(), settings["maxGradNorm"])
                optimizer.step()

        # What is logged after each iteration; the reads are part of the work.
        predicted, actual = flat_values.cpu().numpy(), flat_returns.cpu().numpy()
        variance = np.var(actual)
        _ = (
            np.nan if variance == 0 else 1 - np.var(actual - predicted) / variance,
            np.mean(clip_fractions),
            old_approximate_kl.item(),
            approximate_kl.item(),
            value_loss.item(),
            policy_loss.item(),
            entropy_loss.item(),
        )
    envs.close()

    def act(observation):
        with torch.no_grad():
            return int(agent.actor(torch.from_numpy(observation)).argmax())

    return iterations * rows, act


run(
    given,
    train,
    library="CleanRL",
    packages=["torch", "gymnasium", "numpy"],
    differences=DIFFERENCES,
)
