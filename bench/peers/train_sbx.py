"""SBX's DQN and PPO (Stable-Baselines3 on JAX) on the autoscaling environment.

The time includes compilation: each run is a process of its own, and no cache
of compiled code is kept between them.
"""

from common import options, run, use_torch_threads

given = options(["dqn", "ppo"])

# After the options: they limit the threads of what is imported here.
import jax
from sbx import DQN, PPO
from stable_baselines3.common.env_util import make_vec_env
from stable_baselines3.common.vec_env import VecNormalize

from autoscaling import AutoscalingEnv

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


def falling(initial):
    return lambda remaining: remaining * initial


def train_dqn(given):
    settings = given.settings
    model = DQN(
        "MlpPolicy",
        make_vec_env(AutoscalingEnv, n_envs=given.copies, seed=given.seed),
        learning_rate=settings["learningRate"],
        buffer_size=min(settings["bufferSize"], given.steps),
        learning_starts=settings["learningStarts"],
        batch_size=settings["batchSize"],
        tau=settings["tau"],
        gamma=settings["gamma"],
        train_freq=settings["trainFreq"],
        gradient_steps=settings["gradientSteps"],
        target_update_interval=settings["targetUpdateInterval"],
        exploration_fraction=settings["explorationFraction"],
        exploration_initial_eps=settings["explorationInitialEps"],
        exploration_final_eps=settings["explorationFinalEps"],
        n_steps=settings["nSteps"],
        policy_kwargs={"net_arch": settings["netArch"]},
        seed=given.seed,
    )
    return learn(model)


def train_ppo(given):
    settings = given.settings
    env = VecNormalize(
        make_vec_env(AutoscalingEnv, n_envs=given.copies, seed=given.seed),
        norm_obs=False,
        norm_reward=settings["normalizeRewards"],
        gamma=settings["gamma"],
    )
    activation = {"relu": jax.nn.relu, "tanh": jax.nn.tanh}
    model = PPO(
        "MlpPolicy",
        env,
        learning_rate=falling(settings["learningRate"]),
        n_steps=settings["nSteps"],
        batch_size=settings["batchSize"],
        n_epochs=settings["nEpochs"],
        gamma=settings["gamma"],
        gae_lambda=settings["gaeLambda"],
        clip_range=settings["clipRange"],
        ent_coef=settings["entCoef"],
        vf_coef=settings["vfCoef"],
        max_grad_norm=settings["maxGradNorm"],
        policy_kwargs={
            "net_arch": settings["netArch"],
            "activation_fn": activation[settings["activation"]],
            "ortho_init": settings["orthoInit"],
        },
        seed=given.seed,
    )
    return learn(model)


def learn(model):
    model.learn(given.steps)

    def act(observation):
        return int(model.predict(observation, deterministic=True)[0])

    return model.num_timesteps, act


run(
    given,
    {"dqn": train_dqn, "ppo": train_ppo}[given.algorithm],
    library="SBX",
    packages=["sbx-rl", "jax", "stable-baselines3", "torch", "gymnasium", "numpy"],
    differences=DIFFERENCES[given.algorithm],
)
