"""The diagrams of Rules/tensor.rules, written from their equations in numpy."""

import numpy as np

EPSILON = 1e-5


def dot(a, b):
    return np.einsum("k,k->", a, b)


def weighted_sum(w, v):
    return np.einsum("m,me->e", w, v)


def matmul(a, b):
    return np.einsum("nk,km->nm", a, b)


def matvec(a, x):
    return np.einsum("nk,k->n", a, x)


def outer(a, b):
    return np.einsum("n,m->nm", a, b)


def scale(c, x):
    return c * x


def scale_rows(c, a):
    return c[:, None] * a


def divide_rows(a, t):
    return a / t[:, None]


def row_sums(a):
    return a.sum(axis=1)


def normalize(x):
    return x / x.sum()


def row_normalize(a):
    return a / a.sum(axis=1, keepdims=True)


def softmax(x):
    """exp(x_i) / sum_j exp(x_j), without overflow."""
    powers = np.exp(x - x.max())
    return powers / powers.sum()


def exponential_softmax(x):
    return np.exp(x) / np.exp(x).sum()


def row_softmax(a):
    return np.stack([softmax(row) for row in a])


def standardize(x):
    return (x - x.mean()) / np.sqrt(x.var() + EPSILON)


def layer_norm(x, p):
    """Ba, Kiros and Hinton 2016, equation 4."""
    return p["gain"] * standardize(x) + p["bias"]


def rms_norm(x, p):
    """Zhang and Sennrich 2019, equation 4."""
    return p["gain"] * x / np.sqrt(np.square(x).mean() + EPSILON)


def identity_matrix(n):
    return np.eye(n)


def lower_triangle(n):
    return np.tril(np.ones((n, n)))


def causal_mask(n):
    mask = np.zeros((n, n))
    mask[np.triu_indices(n, 1)] = -np.inf
    return mask
