"""More diagrams of Diagrams/Layers in numpy: with several heads, latents, and other ways to mix."""

import numpy as np

import attention_diagrams as a
import head_diagrams as h
import latent_diagrams as l
import recurrence_diagrams as r
import token_mixing_diagrams as t


def heads(x, c, queries, keys, values, outs):
    """The sum over heads, each with its four matrices."""
    return sum(
        a.dot_product_attention(x @ query, c @ key, c @ value) @ out
        for query, key, value, out in zip(queries, keys, values, outs)
    )


def multi_head_layer(x, c, p):
    return heads(x, c, p["query"], p["key"], p["value"], p["out"])


def multi_query_layer(x, c, p):
    count = len(p["query"])
    return heads(x, c, p["query"], [p["key"]] * count, [p["value"]] * count, p["out"])


def grouped_query_layer(x, c, p):
    return sum(
        multi_query_layer(x, c, a.lane(p, group)) for group in range(len(p["key"]))
    )


def multi_head_groups_layer(x, c, p):
    return multi_head_layer(x, c, {key: w.reshape(-1, *w.shape[2:]) for key, w in p.items()})


def multi_head_latent_layer(x, c, p):
    keys = [p["down"] @ up for up in p["up_key"]]
    values = [p["down"] @ up for up in p["up_value"]]
    return heads(x, c, p["query"], keys, values, p["out"])


def talking_heads_layer(x, c, p):
    return h.talking_heads_attention(x, c, p)


def differential_layer(x, c, p):
    maps = (x @ p["query1"], x @ p["query2"], c @ p["key1"], c @ p["key2"], c @ p["value"])
    return h.differential_attention(*maps, p["lambda"])


def external_layer(x, c, p):
    return a.dot_product_attention(x @ p["query"], p["keys"], p["values"])


def seeds_layer(x, c, p):
    return a.dot_product_attention(p["seeds"], c @ p["key"], c @ p["value"])


def pooling_block_layer(x, c, p):
    return l.pooling_by_multihead_attention(c @ p["value"], a.part(p, "block"))


def luna_layer(x, c, p):
    packed = l.luna_attend(p["latents"], c, a.part(p, "pack"))
    return a.dot_product_attention(x @ p["query"], packed @ p["key"], packed @ p["value"])


def average_pooling_layer(x, c, p):
    return np.tile((c @ p["value"]).mean(axis=0), (len(x), 1))


def matrix_layer(x, p):
    return p["table"] @ x @ p["value"]


def convolution_layer(x, p):
    columns = [np.convolve(p["filter"], column)[: len(x)] for column in (x @ p["value"]).T]
    return np.stack(columns, axis=1)


def aft_layer(x, p):
    return t.aft_full(x, p)


def wkv_layer(x, p):
    read = r.wkv_quadratic(x @ p["key"], x @ p["value"], p["decay"], p["bonus"])
    return a.logistic(x @ p["receptance"]) * read


def within(block):
    """A block on values that a linear map makes of the tokens."""
    def layer(x, p):
        return block(x @ p["value"], a.part(p, "block"))

    return layer


rwkv4_layer = within(r.rwkv4_time_mixing)
token_mixing_layer = within(t.mixer_token_mixing)
gmlp_layer = within(t.gmlp_block)
hyena_layer = within(t.hyena_operator)
induced_set_layer = within(l.induced_set_attention_block)
external_attention_layer = within(l.external_attention)


def fnet_layer(x, p):
    return t.fnet_mixing(x @ p["value"])
