"""The diagrams of Diagrams/FeatureMaps in numpy."""

import numpy as np

from attention_diagrams import dot_product_attention, part, softmax_rows
from mixing_roots import learned
from normalizer_diagrams import unit_length
from shared_parts import similarity_attention


def mapped(q, k, v, features, key_features=None):
    """Linear attention with these features, from all similarities."""
    key_features = key_features or features
    return similarity_attention([features(row) for row in q], [key_features(row) for row in k], v)


def weighted(q, k, v, similarity):
    """Each row of v averaged with weights proportional to a similarity of the positions."""
    w = np.array([[similarity(i, j) for j in range(len(k))] for i in range(len(q))])
    return w / w.sum(axis=1, keepdims=True) @ v


def feature_map_attention(q, k, v, p):
    return mapped(q, k, v, lambda x: learned(p, "features", x))


feature_map_attention_quadratic = feature_map_attention


def performer_features(x, p):
    """Choromanski et al. 2020, lemma 1, for the softmax kernel with the root of the width."""
    w = p["projection"]
    x = x / len(x) ** 0.25
    return np.exp(w @ x) * np.exp(-np.linalg.norm(x) ** 2 / 2) / np.sqrt(len(w))


def performer_attention(q, k, v, p):
    return mapped(q, k, v, lambda x: performer_features(x, part(p, "features")))


def random_features(x, p):
    """Peng et al. 2021, with vectors of length one."""
    waves = [np.dot(w, unit_length(x)) for w in p["projection"]]
    return np.sqrt(1 / len(waves)) * np.array([*np.sin(waves), *np.cos(waves)])


def random_feature_attention(q, k, v, p):
    """Products of features, as means of the cosines of differences."""
    projection = p["features.projection"]
    return weighted(
        q, k, v,
        lambda i, j: np.mean(np.cos(projection @ (unit_length(q[i]) - unit_length(k[j])))),
    )


def quarter_turns(n):
    return np.pi / 2 * np.arange(n) / n


def cosformer_features(x, angle):
    positive = np.maximum(x, 0)
    return np.concatenate([positive * np.cos(angle), positive * np.sin(angle)])


def cosformer_attention(q, k, v):
    """Qin et al. 2022: relu(q_i) . relu(k_j) cos(pi / 2 (i - j) / M)."""
    return weighted(
        q, k, v,
        lambda i, j: np.maximum(q[i], 0) @ np.maximum(k[j], 0)
        * np.cos(np.pi / 2 * (i - j) / len(q)),
    )


cosformer_attention_quadratic = cosformer_attention


def taylor_features(x):
    return np.array([1, *x, *(a * b / np.sqrt(2) for a in x for b in x)])


def based_attention(q, k, v):
    """Arora et al. 2024: the polynomial 1 + s + s^2 / 2 of each product."""
    return weighted(q, k, v, lambda i, j: np.polyval([0.5, 1, 1], q[i] @ k[j]))


based_attention_quadratic = based_attention


def hedgehog_features(x, p):
    logits = x @ p["projection"] + p["bias"]
    return np.concatenate([np.exp(logits), np.exp(-logits)])


def hedgehog_attention(q, k, v, p):
    queries, keys = part(p, "query_features"), part(p, "key_features")
    return mapped(
        q, k, v, lambda x: hedgehog_features(x, queries), lambda x: hedgehog_features(x, keys)
    )


def efficient_attention(q, k, v):
    """Shen et al. 2018."""
    return softmax_rows(q) @ (softmax_rows(k.T) @ v)


efficient_attention_quadratic = efficient_attention


def kernel_attention(q, k, v, p):
    """Tsai et al. 2019."""
    return weighted(q, k, v, lambda i, j: learned(p, "kernel", q[i], k[j])[0])


exponential_kernel_attention = dot_product_attention
