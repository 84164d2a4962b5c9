"""Runs ONNX models on the inputs of cases and compares what they give.

    python check_onnx.py FOLDER

For each NAME.onnx of the folder there is NAME.npz, whose arrays are called
BATCH/STEP/in/INPUT and BATCH/STEP/out/OUTPUT. What is remembered goes from
step to step as the model's own metadata says. Prints JSON: of each model, by
output, the largest difference relative to max(1, |expected|).
"""
import json
import pathlib
import sys

import numpy as np
import onnxruntime

try:
    import onnx
except ImportError:
    onnx = None

found = {}
for path in sorted(pathlib.Path(sys.argv[1]).glob("*.onnx")):
    if onnx is not None:
        onnx.checker.check_model(str(path), full_check=True)
    session = onnxruntime.InferenceSession(str(path), providers=["CPUExecutionProvider"])
    memory = json.loads(session.get_modelmeta().custom_metadata_map["memory"])
    sizes = {each.name: each.shape[1] for each in session.get_inputs()}
    names = [each.name for each in session.get_outputs()]
    cases = {}
    with np.load(path.with_suffix(".npz")) as arrays:
        for key in arrays.files:
            batch, step, way, name = key.split("/")
            case = cases.setdefault(int(batch), {}).setdefault(int(step), {"in": {}, "out": {}})
            case[way][name] = arrays[key]
    gaps = {}
    for batch, steps in cases.items():
        state = {name: np.zeros((batch, sizes[name]), np.float32) for name in memory}
        for step in sorted(steps):
            given = {name: value for name, value in steps[step]["in"].items() if name in sizes}
            results = dict(zip(names, session.run(None, {**given, **state})))
            for name, expected in steps[step]["out"].items():
                value = results[name]
                assert value.shape == expected.shape, (path.name, name, value.shape, expected.shape)
                assert np.isfinite(value).all(), (path.name, name)
                gap = np.abs(value - expected) / np.maximum(1, np.abs(expected))
                gaps[name] = max(gaps.get(name, 0.0), float(gap.max()))
            state = {name: results[memory[name]] for name in memory}
    found[path.stem] = gaps
print(json.dumps(found))
