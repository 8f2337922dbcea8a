"""The diagrams of Diagrams/Parts in numpy, from the formulas in words."""

import numpy as np


def similarity_attention(queries, keys, v):
    """Each row of v averaged with weights proportional to the products of features."""
    rows = []
    for query in queries:
        weights = [np.dot(query, key) for key in keys]
        rows.append(sum(w * v_j for w, v_j in zip(weights, v)) / sum(weights))
    return np.stack(rows)


summary_attention = similarity_attention


def causal_similarity_attention(queries, keys, v):
    """The same for each position alone, with the positions up to it."""
    return np.concatenate([
        similarity_attention(queries[i : i + 1], keys[: i + 1], v[: i + 1])
        for i in range(len(queries))
    ])


causal_summary_attention = causal_similarity_attention


def chunked_similarity_attention(queries, keys, v):
    joined = (array.reshape(-1, array.shape[-1]) for array in [queries, keys, v])
    return causal_similarity_attention(*joined).reshape(v.shape)


def power_decay(decay, n):
    return np.array([[decay ** (i - j) if i >= j else 0.0 for j in range(n)] for i in range(n)])


def gate_decay(gates):
    n = len(gates)
    return np.array([
        [np.prod(gates[j + 1 : i + 1]) if i >= j else 0.0 for j in range(n)] for i in range(n)
    ])


def running_sums(x):
    return np.array([x[: i + 1].sum() for i in range(len(x))])


def running_products(x):
    return np.stack([x[: i + 1].prod(axis=0) for i in range(len(x))])
