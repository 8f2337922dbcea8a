"""The diagrams of Diagrams/Roots in numpy, with each learned function a perceptron."""

from math import erf

import numpy as np

ERF = np.vectorize(erf)


def learned(p, label, *inputs):
    """A perceptron of the joined inputs, with one hidden layer and GELU."""
    x = np.concatenate([np.ravel(part) for part in inputs])
    hidden = x @ p[f"{label}.weight0"] + p[f"{label}.bias0"]
    hidden = hidden * (1 + ERF(hidden / np.sqrt(2))) / 2
    return hidden @ p[f"{label}.weight1"] + p[f"{label}.bias1"]


def any_mixing(x, c, p):
    return np.stack([learned(p, "any", x_i, c, i) for i, x_i in enumerate(x)])


def attended(p, x_i, c, i, *state):
    """y_i = readout(x_i, the sum over j of weight_ij value_ij)."""
    scores = [learned(p, "score", x_i, c_j, i, j, *state) for j, c_j in enumerate(c)]
    weights = learned(p, "normalizer", *scores)
    read = sum(w * learned(p, "value", x_i, c_j, *state) for w, c_j in zip(weights, c))
    return learned(p, "readout", x_i, read, *state)


def primordial(x, c, p):
    return np.stack([attended(p, x_i, c, i) for i, x_i in enumerate(x)])


def primordial_within(x, p):
    return primordial(x, x, p)


def recurrent_primordial(x, c, s, p):
    rows = []
    for i, x_i in enumerate(x):
        rows.append(attended(p, x_i, c, i, s))
        s = learned(p, "update", s, x_i, rows[-1])
    return np.stack(rows)


def generic_attention(x, c, p):
    weights = [learned(p, "weigh", *[learned(p, "score", a, b) for b in c]) for a in x]
    return np.stack(weights) @ np.stack([learned(p, "value", row) for row in c])
