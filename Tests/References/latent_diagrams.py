"""The diagrams of Diagrams/Latents in numpy."""

import numpy as np

from attention_diagrams import (
    cross_multi_head, dot_product_attention, feed_forward, lane, norm_rows, part, softmax_rows,
)


def external_attention(x, p):
    """Guo et al. 2021: softmax over the tokens, then rows divided by their sums."""
    powers = np.exp(x @ p["keys"].T)
    weights = powers / powers.sum(axis=0)
    return weights / weights.sum(axis=1, keepdims=True) @ p["values"]


def external_attention_softmax(x, p):
    return softmax_rows(x @ p["keys"].T) @ p["values"]


def multihead_attention_block(x, y, p):
    """Lee et al. 2018, equations 6 and 7."""
    h = norm_rows(
        x + cross_multi_head(x, y, part(p, "cross_multi_head")), part(p, "attention_norm")
    )
    return norm_rows(h + feed_forward(h, part(p, "feed_forward")), part(p, "feed_forward_norm"))


def set_attention_block(x, p):
    return multihead_attention_block(x, x, part(p, "multihead_attention_block"))


def induced_set_attention_block(x, p):
    """Equations 9 and 10."""
    h = multihead_attention_block(p["inducing"], x, part(p, "gather"))
    return multihead_attention_block(x, h, part(p, "spread"))


def pooling_by_multihead_attention(z, p):
    """Equation 11."""
    rows = feed_forward(z, part(p, "feed_forward"))
    return multihead_attention_block(p["seeds"], rows, part(p, "multihead_attention_block"))


def perceiver_cross_attention(c, p):
    """Jaegle et al. 2021, with normalizations before attention and before the feed-forward block."""
    y = p["latents"] + cross_multi_head(
        norm_rows(p["latents"], part(p, "latent_norm")), norm_rows(c, part(p, "input_norm")),
        part(p, "cross_multi_head"),
    )
    normed = norm_rows(y, part(p, "feed_forward_norm"))
    return y + feed_forward(normed, part(p, "feed_forward"))


def luna_attend(x, c, p):
    return dot_product_attention(x @ p["query"], c @ p["key"], c @ p["value"])


def luna_attention(x, p_tokens, c, p):
    """Ma et al. 2021."""
    packed = luna_attend(p_tokens, c, part(p, "pack"))
    return {"unpacked": luna_attend(x, packed, part(p, "unpack")), "packed": packed}


def linformer_attention(x, c, p):
    """Wang et al. 2020."""
    keys = p["mix_keys"] @ (c @ p["key"])
    values = p["mix_values"] @ (c @ p["value"])
    return dot_product_attention(x @ p["query"], keys, values)


linformer_attention_latents = linformer_attention


def memory_hop(u, x, p):
    """Sukhbaatar et al. 2015."""
    weights = softmax_rows(np.array([np.dot(u, x_i @ p["input"]) for x_i in x]))
    return u + sum(w * (x_i @ p["output"]) for w, x_i in zip(weights, x))


def memory_network(u, x, p):
    hops = part(p, "hop")
    for i in range(len(hops["input"])):
        u = memory_hop(u, x, lane(hops, i))
    return u


def hopfield_update(state, patterns, beta):
    """Ramsauer et al. 2020: X softmax(beta X^T xi), with the patterns as columns of X."""
    x = patterns.T
    return x @ softmax_rows(beta * x.T @ state)


def hopfield_retrieval(state, patterns, beta, t):
    for _ in range(t):
        state = hopfield_update(state, patterns, beta)
    return state
