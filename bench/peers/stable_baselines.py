"""What Stable-Baselines3 and SBX are given alike: environments and arguments.

To be imported after the options: they limit the threads of what it imports.
"""

from stable_baselines3.common.env_util import make_vec_env
from stable_baselines3.common.vec_env import VecNormalize

from autoscaling import AutoscalingEnv


def falling(initial):
    return lambda remaining: remaining * initial


def environments(given):
    return make_vec_env(AutoscalingEnv, n_envs=given.copies, seed=given.seed)


def dqn_arguments(given):
    """Arguments of both libraries' DQN, but for the learning rate."""
    settings = given.settings
    return {
        "policy": "MlpPolicy",
        "env": environments(given),
        "buffer_size": min(settings["bufferSize"], given.steps),
        "learning_starts": settings["learningStarts"],
        "batch_size": settings["batchSize"],
        "tau": settings["tau"],
        "gamma": settings["gamma"],
        "train_freq": settings["trainFreq"],
        "gradient_steps": settings["gradientSteps"],
        "target_update_interval": settings["targetUpdateInterval"],
        "exploration_fraction": settings["explorationFraction"],
        "exploration_initial_eps": settings["explorationInitialEps"],
        "exploration_final_eps": settings["explorationFinalEps"],
        "n_steps": settings["nSteps"],
        "policy_kwargs": {"net_arch": settings["netArch"]},
        "seed": given.seed,
    }


def ppo_arguments(given, activations):
    """Arguments of both libraries' PPO; `activations` by our names."""
    settings = given.settings
    return {
        "policy": "MlpPolicy",
        "env": VecNormalize(
            environments(given),
            norm_obs=False,
            norm_reward=settings["normalizeRewards"],
            gamma=settings["gamma"],
        ),
        "learning_rate": falling(settings["learningRate"]),
        "n_steps": settings["nSteps"],
        "batch_size": settings["batchSize"],
        "n_epochs": settings["nEpochs"],
        "gamma": settings["gamma"],
        "gae_lambda": settings["gaeLambda"],
        "clip_range": settings["clipRange"],
        "ent_coef": settings["entCoef"],
        "vf_coef": settings["vfCoef"],
        "max_grad_norm": settings["maxGradNorm"],
        "policy_kwargs": {
            "net_arch": settings["netArch"],
            "activation_fn": activations[settings["activation"]],
            "ortho_init": settings["orthoInit"],
        },
        "seed": given.seed,
    }


def learn(model, given):
    """Trains; the steps taken, and the greedy policy, as `run` wants them."""
    model.learn(given.steps)

    def act(observation):
        return int(model.predict(observation, deterministic=True)[0])

    return model.num_timesteps, act
