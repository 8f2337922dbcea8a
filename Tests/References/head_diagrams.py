"""The diagrams of Diagrams/Heads in numpy."""

import numpy as np

from attention_diagrams import dot_product_attention, part, softmax_rows
from normalizer_diagrams import scaled_scores
from tensor_diagrams import rms_norm


def multi_head_concatenated(x, p):
    """Vaswani et al. 2017, section 3.2.2."""
    heads = [
        dot_product_attention(x @ w_q, x @ w_k, x @ w_v)
        for w_q, w_k, w_v in zip(p["query"], p["key"], p["value"])
    ]
    return np.concatenate(heads, axis=1) @ p["out"]


def multi_head_latent_attention(x, p):
    """DeepSeek-AI 2024, equations of section 2.1.2, without low-rank queries."""
    latent = x @ p["down"]
    return sum(
        dot_product_attention(x @ p["query"][h], latent @ p["up_key"][h], latent @ p["up_value"][h])
        @ p["out"][h]
        for h in range(len(p["query"]))
    )


multi_head_latent_attention_absorbed = multi_head_latent_attention


def differential_attention(q1, q2, k1, k2, v, factor):
    """Ye et al. 2024, equation 1."""
    first, second = softmax_rows(scaled_scores(q1, k1)), softmax_rows(scaled_scores(q2, k2))
    return first @ v - factor * (second @ v)


def differential_factor(start, p):
    """Equation 2."""
    first, second = p["query1"] @ p["key1"], p["query2"] @ p["key2"]
    return np.exp(first) - np.exp(second) + start


def differential_multi_head(x, start, p):
    """Equation 3."""
    factor = differential_factor(start, part(p, "factor"))
    result = 0
    for h in range(len(p["out"])):
        maps = [p[key][h] for key in ["query1", "query2", "key1", "key2", "value"]]
        head = differential_attention(*(x @ w for w in maps), factor)
        normed = np.stack([rms_norm(row, part(p, "norm")) for row in head])
        result = result + (1 - start) * normed @ p["out"][h]
    return result


def talking_heads_attention(x, c, p):
    """Shazeer et al. 2020, as its pseudocode of einsums."""
    q = np.einsum("nd,hdk->nkh", x, p["query"])
    k = np.einsum("md,hdk->mkh", c, p["key"])
    v = np.einsum("md,wde->mew", c, p["value"])
    logits = np.einsum("nkh,mkh,hg->gnm", q, k, p["mix_scores"])
    u = np.einsum("gnm,gw->nmw", softmax_rows(logits), p["mix_weights"])
    return np.einsum("nmw,mew,wed->nd", u, v, p["out"])
