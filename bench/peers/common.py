"""What the peers' training scripts share: options, threads, timing, result.

Nothing heavy is imported here: threads are set before NumPy, PyTorch or JAX
start, and the time of their imports is taken.
"""

import argparse
import json
import os
import time
from importlib.metadata import version

STARTED = time.perf_counter()


def options(algorithms):
    """Reads the command line and limits threads."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--algorithm", choices=algorithms, default=algorithms[0])
    parser.add_argument("--reference", metavar="FILE", required=True,
                        help="settings and starts, from bench/peers/reference.ts")
    parser.add_argument("--steps", type=int, default=100_000)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--threads", type=int, default=1)
    given = parser.parse_args()
    with open(given.reference) as file:
        reference = json.load(file)
    given.settings = reference["settings"][given.algorithm]
    given.copies = reference["copies"][given.algorithm]
    given.starts = reference["evaluationStarts"]
    # OpenMP's threads; those of XLA's pool, whose size NPROC states.
    os.environ["OMP_NUM_THREADS"] = os.environ["NPROC"] = str(given.threads)
    if given.threads == 1:
        os.environ["XLA_FLAGS"] = "--xla_cpu_multi_thread_eigen=false"
    # No look for a GPU: the CPU is measured.
    os.environ["CUDA_VISIBLE_DEVICES"] = ""
    os.environ["JAX_PLATFORMS"] = "cpu"
    return given


def use_torch_threads(given):
    import torch

    torch.set_num_threads(given.threads)


def greedy_return(act, starts):
    """Mean return over episodes from stated starts; `act` is the greedy policy."""
    from autoscaling import AutoscalingEnv

    env = AutoscalingEnv()
    total = 0.0
    for start in starts:
        observation, _ = env.reset(options=start)
        over = False
        while not over:
            action = act(observation)
            observation, reward, terminated, truncated, _ = env.step(action)
            total += reward
            over = terminated or truncated
    return total / len(starts)


def run(given, train, *, library, packages, differences):
    """Trains, evaluates, and prints one line of JSON.

    `train(given)` builds everything and trains; it returns the steps taken and
    the greedy policy. Imports were done before: their time stands by itself.
    """
    import_seconds = time.perf_counter() - STARTED
    begun = time.perf_counter()
    steps, act = train(given)
    seconds = time.perf_counter() - begun
    print(json.dumps({
        "library": library,
        "versions": {name: version(name) for name in packages},
        "algorithm": given.algorithm,
        "threads": given.threads,
        "seed": given.seed,
        "steps": steps,
        "seconds": seconds,
        "stepsPerSecond": steps / seconds,
        "importSeconds": import_seconds,
        "meanReturn": greedy_return(act, given.starts),
        "differences": differences,
    }))
