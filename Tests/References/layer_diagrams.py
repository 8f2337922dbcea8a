"""The diagrams of Diagrams/Layers in numpy: mechanisms of the other files, with linear maps."""

import inspect

import numpy as np

import attention_diagrams as a
import feature_map_diagrams as f
import normalizer_diagrams as n
import position_diagrams as pd
import recurrence_diagrams as r


def maps(x, c, p):
    return x @ p["query"], c @ p["key"], c @ p["value"]


def cross(mechanism):
    """The mechanism between tokens and a context; its own parameters are under `mechanism`."""
    def layer(x, c, p):
        own = [a.part(p, "mechanism")] if "p" in inspect.signature(mechanism).parameters else []
        return mechanism(*maps(x, c, p), *own)

    return layer


dot_product_layer = cross(a.dot_product_attention)
sigmoid_layer = cross(n.sigmoid_attention)
relu_layer = cross(n.relu_attention)
sparsemax_layer = cross(n.sparsemax_attention)
softmax_plus_one_layer = cross(n.softmax_plus_one_attention)
query_key_norm_layer = cross(n.query_key_norm_attention)
kernel_layer = cross(f.kernel_attention)
feature_map_layer = cross(f.feature_map_attention)
linear_layer = cross(a.linear_attention)
performer_layer = cross(f.performer_attention)
random_feature_layer = cross(f.random_feature_attention)
based_layer = cross(f.based_attention)
hedgehog_layer = cross(f.hedgehog_attention)
efficient_layer = cross(f.efficient_attention)


def scored(x, c, p, scores):
    return a.softmax_rows(scores) @ (c @ p["value"])


def additive_layer(x, c, p):
    hidden = np.tanh((x @ p["query"])[:, None] + (c @ p["key"])[None])
    return scored(x, c, p, hidden @ p["score"])


def bilinear_layer(x, c, p):
    return scored(x, c, p, x @ p["general"].T @ c.T)


def dot_layer(x, c, p):
    return scored(x, c, p, x @ c.T)


def pooling_layer(x, c, p):
    return scored(x, c, p, np.tile(np.tanh(c @ p["hidden"]) @ p["score"], (len(x), 1)))


def average_layer(x, c, p):
    return scored(x, c, p, np.zeros((len(x), len(c)), dtype=c.dtype))


def dense_synthesizer_layer(x, c, p):
    return scored(x, c, p, np.maximum(x @ p["hidden"], 0) @ p["scores"])


def random_synthesizer_layer(x, c, p):
    return scored(x, c, p, p["scores"])


def causal_layer(x, p):
    return a.causal_dot_product_attention(*maps(x, x, p))


def sliding_window_layer(x, w, p):
    return pd.sliding_window_attention(*maps(x, x, p), w)


def t5_layer(x, p):
    return pd.t5_attention(*maps(x, x, p), a.part(p, "mechanism"))


def cosformer_layer(x, p):
    return f.cosformer_attention(*maps(x, x, p))


def causal_linear_layer(x, p):
    return a.linear_attention_recurrent(*maps(x, x, p))


def alibi_layer(x, p):
    return pd.alibi_attention(*maps(x, x, p), p["slope"])


def rotary_layer(x, p):
    return pd.rotary_attention(*maps(x, x, p))


def retention_layer(x, p):
    return r.retention_parallel(*maps(x, x, p), p["decay"])


def ssd_layer(x, p):
    q, k, v = maps(x, x, p)
    return r.ssd_quadratic(a.logistic(x @ p["gate"]), k, q, v)


def gla_layer(x, p):
    return r.gla_recurrent(*maps(x, x, p), a.logistic(x @ p["gate"]))


def delta_net_layer(x, p):
    return r.delta_net_recurrent(*maps(x, x, p), a.logistic(x @ p["rate"]))


def gated_delta_net_layer(x, p):
    gates, rates = (a.logistic(x @ p[name]) for name in ["gate", "rate"])
    return r.delta_rule(*maps(x, x, p), gates, rates)
