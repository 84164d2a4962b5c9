"""Values of PyTorch, in 64 bits, for learning/*_test.ts.

    python3 -m venv /tmp/peer && /tmp/peer/bin/pip install torch numpy
    /tmp/peer/bin/python bench/peers/torch_values.py \
        > learning/torch_values.json

Inputs follow a formula, `wave`, so that the tests make the same ones. Numbers
stand in strings, which `deno fmt` leaves on one line.
"""

import json
import sys

import torch
from torch.nn import functional as F

torch.set_default_dtype(torch.float64)


def wave(count, phase, scale=1.0):
    """Numbers within +-scale without a pattern that would hide a mistake."""
    return scale * torch.sin(1.7 * torch.arange(count) + phase)


def line(tensor):
    return " ".join(f"{value:.12g}" for value in tensor.detach().flatten())


def optimizer(make, size=7, steps=12):
    """Parameters after some steps with a learning rate that falls."""
    parameters = torch.nn.Parameter(wave(size, 0.3))
    steps_taken = make([parameters])
    for step in range(1, steps + 1):
        for group in steps_taken.param_groups:
            group["lr"] = 0.02 / step
        parameters.grad = wave(size, 0.9 * step, 2.0)
        steps_taken.step()
    return line(parameters)


OPTIMIZERS = {
    "sgd": lambda p: torch.optim.SGD(p),
    "momentum": lambda p: torch.optim.SGD(p, momentum=0.8),
    "nesterov": lambda p: torch.optim.SGD(p, momentum=0.8, nesterov=True),
    "rmsProp": lambda p: torch.optim.RMSprop(p, alpha=0.9, eps=1e-2),
    "rmsPropMomentum": lambda p: torch.optim.RMSprop(
        p, alpha=0.95, eps=1e-5, momentum=0.7
    ),
    "adam": lambda p: torch.optim.Adam(p, betas=(0.8, 0.95), eps=1e-3),
    "adamW": lambda p: torch.optim.AdamW(p, weight_decay=0.3),
}

ACTIVATIONS = {
    "relu": F.relu,
    "tanh": torch.tanh,
    "elu": F.elu,
    "sigmoid": torch.sigmoid,
    "softplus": F.softplus,
    "leakyRelu": F.leaky_relu,
    "gelu": F.gelu,
    "silu": F.silu,
    "identity": lambda x: x,
}


def with_gradients(function, *inputs):
    """Outputs, and gradients of the sum of outputs times 1, 2, 3, ..."""
    inputs = [x.clone().requires_grad_() for x in inputs]
    outputs = function(*inputs)
    weights = torch.arange(1, outputs.numel() + 1).reshape(outputs.shape)
    (outputs * weights).sum().backward()
    return {
        "outputs": line(outputs),
        "gradients": [line(x.grad) for x in inputs],
    }


def squashed(unsquashed, mean, log_std):
    """Log probability of tanh(unsquashed), summed over a row."""
    normal = torch.distributions.Normal(mean, log_std.exp())
    tanh = torch.distributions.TanhTransform()
    corrected = normal.log_prob(unsquashed) - tanh.log_abs_det_jacobian(
        unsquashed, torch.tanh(unsquashed)
    )
    return corrected.sum(-1)


def losses():
    logits, rows = wave(12, 0.4, 4.0).reshape(4, 3), wave(12, 1.4).reshape(4, 3)
    labels = torch.tensor([2, 0, 1, 1])
    probabilities = torch.softmax(wave(12, 2.4, 2.0).reshape(4, 3), -1)
    chances = torch.sigmoid(wave(12, 3.4, 3.0)).reshape(4, 3)
    log_std = wave(3, 0.8)
    return {
        "meanSquaredError": with_gradients(
            lambda x, y: F.mse_loss(x, y, reduction="none").mean(-1),
            logits,
            rows,
        ),
        "crossEntropy": with_gradients(
            lambda x: F.cross_entropy(x, labels, reduction="none"), logits
        ),
        "softCrossEntropy": with_gradients(
            lambda x, y: F.cross_entropy(x, y, reduction="none"),
            logits,
            probabilities,
        ),
        "binaryCrossEntropy": with_gradients(
            lambda x, y: F.binary_cross_entropy_with_logits(
                x, y, reduction="none"
            ),
            logits,
            chances,
        ),
        "gaussian": with_gradients(
            lambda x, mean, deviation: torch.distributions.Normal(
                mean, deviation.exp()
            )
            .log_prob(x)
            .sum(-1),
            logits,
            rows,
            log_std,
        ),
        "squashedGaussian": with_gradients(squashed, logits, rows, log_std),
    }


def gru(batch=2, time=4, inputs=3, units=2):
    """Outputs and gradients; state and rows start again where a mask is 0."""
    cell = torch.nn.GRUCell(inputs, units)
    names = ["weight_ih", "weight_hh", "bias_ih", "bias_hh"]
    for i, name in enumerate(names):
        parameter = getattr(cell, name)
        values = wave(parameter.numel(), i + 0.5).reshape(parameter.shape)
        parameter.data.copy_(values)
    results = {}
    for case, zeros in {"plain": [], "masked": [(0, 0), (1, 2)]}.items():
        mask = torch.ones(batch, time)
        for row, step in zeros:
            mask[row, step] = 0
        sequence = wave(batch * time * inputs, 5.1).reshape(batch, time, inputs)
        state = wave(batch * units, 6.2).reshape(batch, units)
        sequence.requires_grad_()
        state.requires_grad_()
        cell.zero_grad()
        hidden, outputs = state, []
        for step in range(time):
            hidden = cell(sequence[:, step], hidden * mask[:, step, None])
            outputs.append(hidden)
        outputs = torch.stack(outputs, 1)
        weights = torch.arange(1, outputs.numel() + 1).reshape(outputs.shape)
        # The last state counts beside the outputs.
        ((outputs * weights).sum() - (3 * hidden**2).sum()).backward()
        results[case] = {
            "outputs": line(outputs),
            "sequence": line(sequence.grad),
            "state": line(state.grad),
            # As [input, unit] and not [unit, input], gate by gate.
            "parameters": {
                name: [
                    line(part.mT if part.dim() == 2 else part)
                    for part in getattr(cell, name).grad.chunk(3)
                ]
                for name in names
            },
        }
    return results


json.dump(
    {
        "source": f"PyTorch {torch.__version__.split('+')[0]}",
        "optimizers": {
            name: optimizer(make) for name, make in OPTIMIZERS.items()
        },
        "activations": {
            name: with_gradients(function, wave(12, 0.2, 5.0))
            for name, function in ACTIVATIONS.items()
        },
        "losses": losses(),
        "gru": gru(),
    },
    sys.stdout,
    indent=2,
)
print()
