"""The diagrams of Diagrams/Positions in numpy."""

from math import floor, log

import numpy as np

from attention_diagrams import lane, logistic, softmax_rows
from normalizer_diagrams import scaled_scores


def biased_attention(q, k, v, bias):
    return softmax_rows(scaled_scores(q, k) + bias) @ v


def visible_attention(q, k, v, scores, visible):
    """Row i is softmax over the scores of the visible positions alone."""
    rows = []
    for i in range(len(q)):
        seen = [j for j in range(len(k)) if visible(i, j)]
        weights = softmax_rows(np.array([scores(i, j) for j in seen]))
        rows.append(sum(w * v[j] for w, j in zip(weights, seen)))
    return np.stack(rows)


def causal(i, j):
    return j <= i


def band_mask(n, w):
    return np.array([[0.0 if abs(i - j) <= w else -np.inf for j in range(n)] for i in range(n)])


def sliding_window_attention(q, k, v, w):
    """Beltagy et al. 2020: w positions on each side."""
    s = scaled_scores(q, k)
    return visible_attention(q, k, v, lambda i, j: s[i, j], lambda i, j: abs(i - j) <= w)


def distance_bias(slope, n):
    return np.array([[-slope * (i - j) for j in range(n)] for i in range(n)])


def alibi_attention(q, k, v, slope):
    """Press et al. 2021: m [-(i - 1), ..., -1, 0] is added to the scores of query i."""
    s = scaled_scores(q, k)
    return visible_attention(q, k, v, lambda i, j: s[i, j] - slope * (i - j), causal)


def alibi_slopes(h):
    """The geometric sequence that starts at 2^(-8/h) and has it as its ratio."""
    ratio = 2 ** (-8 / h)
    return np.array([ratio ** (i + 1) for i in range(h)])


def alibi_multi_head(x, p):
    heads = len(p["query"])
    result = 0
    for i, slope in enumerate(alibi_slopes(heads)):
        w = lane(p, i)
        result = result + alibi_attention(
            x @ w["query"], x @ w["key"], x @ w["value"], slope
        ) @ w["out"]
    return result


def t5_bucket(distance, buckets):
    """The bucket of a distance that isn't negative, as T5's code for decoders computes it."""
    exact = buckets // 2
    if distance < exact:
        return distance
    grown = floor(log(distance / exact) / log(128 / exact) * (buckets - exact))
    return min(exact + grown, buckets - 1)


def bucket_starts(b):
    """Smallest distances; the real numbers of which each bucket's distances are the integers above."""
    exact = b // 2
    return np.array([i if i < exact else exact * (128 / exact) ** ((i - exact) / exact) for i in range(b)])


def distance_bucket(distance, b):
    return np.eye(b)[t5_bucket(int(distance), b)]


def t5_attention(q, k, v, p):
    table = p["table"]
    score = lambda i, j: q[i] @ k[j] + table[t5_bucket(i - j, len(table))]
    return visible_attention(q, k, v, score, causal)


def rotate_pair(pair, angle):
    turn = np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
    return turn @ pair


def rotary_angles(r):
    """theta_i = 10000^(-2 (i - 1) / d) for i = 1, ..., d / 2."""
    return np.array([10000 ** (-2 * (i - 1) / (2 * r)) for i in range(1, r + 1)])


def rotate(x, position):
    """Su et al. 2021, by complex numbers: each pair times e^(i p theta)."""
    pairs = (x[0::2] + 1j * x[1::2]) * np.exp(1j * position * rotary_angles(len(x) // 2))
    return np.stack([pairs.real, pairs.imag], axis=1).ravel()


def rotate_rows(x):
    return np.stack([rotate(row, i) for i, row in enumerate(x)])


def rotary_attention(q, k, v):
    return softmax_rows(scaled_scores(rotate_rows(q), rotate_rows(k))) @ v


rotary_attention_relative = rotary_attention


def forgetting_attention(q, k, v, forget):
    """Lin et al. 2025: exp(q_i . k_j) times the product of the gates after j, up to i, normalized."""
    powers = np.exp(scaled_scores(q, k))
    n = len(q)
    for i in range(n):
        for j in range(n):
            powers[i, j] *= np.prod(forget[j + 1 : i + 1]) if j <= i else 0
    return powers / powers.sum(axis=1, keepdims=True) @ v


forgetting_attention_product = forgetting_attention


def forgetting_self_attention(x, p):
    forget = logistic(x @ p["gate"] + p["gate_bias"])
    return forgetting_attention(x @ p["query"], x @ p["key"], x @ p["value"], forget)


def leaky_relu(x):
    return np.maximum(x, 0.2 * x)


def graph_attention(x, adjacency, p):
    """Velickovic et al. 2017: averages over the neighbours, with scores a^T [W x_i, W x_j]."""
    nodes, a = x @ p["features"], np.concatenate([p["from"], p["to"]])
    score = lambda i, j: leaky_relu(a @ np.concatenate([nodes[i], nodes[j]]))
    read = visible_attention(nodes, nodes, nodes, score, lambda i, j: adjacency[i, j])
    return np.where(read > 0, read, np.expm1(np.minimum(read, 0)))
