"""The diagrams of Diagrams/Normalizers in numpy."""

import numpy as np

from attention_diagrams import dot_product_attention, logistic, part, softmax_rows


def scaled_scores(q, k):
    return q @ k.T / np.sqrt(k.dtype.type(k.shape[1]))


def sigmoid_weights(scores):
    """Ramapuram et al. 2024: sigmoid(s + b) with b = -log m, as exp(s) / (exp(s) + m)."""
    powers = np.exp(scores)
    return powers / (powers + scores.shape[-1])


def sigmoid_attention(q, k, v):
    return sigmoid_weights(scaled_scores(q, k)) @ v


def relu_weights(scores):
    """Wortsman et al. 2023."""
    return np.maximum(scores, 0) / scores.shape[-1]


def relu_attention(q, k, v):
    return relu_weights(scaled_scores(q, k)) @ v


def sparsemax(z):
    """Martins and Astudillo 2016, algorithm 1: by sorting."""
    ordered = np.sort(z)[::-1]
    partial = np.cumsum(ordered)
    count = max(k for k in range(1, len(z) + 1) if 1 + k * ordered[k - 1] > partial[k - 1])
    return np.maximum(z - (partial[count - 1] - 1) / count, 0)


def sparsemax_attention(q, k, v):
    return np.stack([sparsemax(row) for row in scaled_scores(q, k)]) @ v


def softmax_plus_one(scores):
    """Miller 2023: softmax with one more score of 0, the weight of which is dropped."""
    zeros = np.zeros([*scores.shape[:-1], 1], dtype=scores.dtype)
    return softmax_rows(np.concatenate([scores, zeros], axis=-1))[..., :-1]


def softmax_plus_one_attention(q, k, v):
    return softmax_plus_one(scaled_scores(q, k)) @ v


streaming_attention = dot_product_attention


def unit_length(x):
    return x / np.linalg.norm(x, axis=-1, keepdims=True)


def query_key_norm_attention(q, k, v, p):
    """Henry et al. 2020."""
    return softmax_rows(p["gain"] * (unit_length(q) @ unit_length(k).T)) @ v


def squared_relu_weights(scores):
    """Hua et al. 2022."""
    return np.maximum(scores / scores.shape[-1], 0) ** 2


def gain_and_offset(x, p):
    return x * p["gain"] + p["offset"]


def gated_attention_unit(x, p):
    silu = lambda y: y * logistic(y)
    z = silu(x @ p["shared"])
    q, k = (gain_and_offset(z, part(p, label)) for label in ["query", "key"])
    a = squared_relu_weights(q @ k.T)
    return (silu(x @ p["gate"]) * (a @ silu(x @ p["value"]))) @ p["out"]
