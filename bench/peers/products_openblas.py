"""Speed of OpenBLAS at products of f32 matrices, through NumPy, on one thread.

    apt-get install -y python3-numpy libopenblas0-pthread
    /usr/bin/python3 bench/peers/products_openblas.py 64,64,64 '[[1, 64, 256]]'

Arguments are shapes of m, n, k, as text or as lists of them in JSON. Prints
JSON: the library, and for each shape the GFLOP/s of A B, A' B and A B', all
row-major, and the nanoseconds of a call: minima over many repetitions, with
Python's share of a call taken out.
"""

import ctypes
import json
import os
import sys
import time

os.environ["OPENBLAS_NUM_THREADS"] = "1"
os.environ["OMP_NUM_THREADS"] = "1"

import numpy as np  # noqa: E402: reads the environment

NO_TRANSPOSE, TRANSPOSE, ROW_MAJOR = 111, 112, 101
SETTLED_SECONDS = 0.1


def library():
    """The BLAS that NumPy has loaded, and what it says of itself."""
    np.ones((2, 2), np.float32) @ np.ones((2, 2), np.float32)
    with open("/proc/self/maps") as maps:
        paths = {line.split()[-1] for line in maps if "/" in line}
    # Debian's libblas is OpenBLAS by another name, without the suffix of wheels.
    for path in sorted(paths, key=lambda path: "blas" not in path):
        if "blas" not in os.path.basename(path):
            continue
        found = ctypes.CDLL(path)
        for suffix in ("", "64_", "_64"):
            for prefix in ("", "scipy_"):
                name = getattr(found, f"{prefix}openblas_get_config{suffix}", None)
                if name:
                    name.restype = ctypes.c_char_p
                    return path, name().decode()
    return ", ".join(path for path in paths if "blas" in path), "not OpenBLAS"


def measure(call, flops):
    """Least nanoseconds of a call."""
    count = max(1, int(2e5 / (flops / 40 + 500)))
    least, end = float("inf"), time.perf_counter() + SETTLED_SECONDS
    while time.perf_counter() < end:
        start = time.perf_counter_ns()
        for _ in range(count):
            call()
        least = min(least, (time.perf_counter_ns() - start) / count)
    return least


def speeds(m, n, k, overhead):
    random = np.random.default_rng(0)

    def matrix(*shape):
        return random.standard_normal(shape, np.float32)

    operands = {
        "A B": (matrix(m, k), matrix(k, n)),
        "A' B": (matrix(k, m).T, matrix(k, n)),
        "A B'": (matrix(m, k), matrix(n, k).T),
    }
    flops = 2 * m * n * k
    found = {"m": m, "n": n, "k": k}
    for name, (a, b) in operands.items():
        c = np.empty((m, n), np.float32)
        whole = measure(lambda: np.matmul(a, b, out=c), flops)
        least = max(whole - overhead, 1)
        found[name] = {"gflops": round(flops / least, 2), "ns": round(least)}
    return found


def shapes(arguments):
    for argument in arguments:
        if argument.startswith("["):
            yield from json.loads(argument)
        else:
            yield [int(size) for size in argument.split(",")]


def main():
    path, config = library()
    one = np.ones((1, 1), np.float32)
    out = np.empty((1, 1), np.float32)
    overhead = measure(lambda: np.matmul(one, one, out=out), 2)
    found = [speeds(*shape, overhead) for shape in shapes(sys.argv[1:] or ["64,64,64"])]
    print(json.dumps({"library": path, "config": config, "overhead_ns": round(overhead), "shapes": found}, indent=1))


main()
