"""The diagrams of Diagrams/Attention, written from the papers' equations in numpy.

`p` maps parameter keys to arrays; `part(p, "head")` holds what a diagram used under that label owns.
"""

import numpy as np

from tensor_diagrams import layer_norm, softmax


def part(p, label):
    """The parameters below a label, with the label taken off."""
    return {key[len(label) + 1 :]: a for key, a in p.items() if key.startswith(label + ".")}


def lane(p, i):
    """One lane's parameters, of those that all have a lane axis in front."""
    return {key: a[i] for key, a in p.items()}


def softmax_rows(scores):
    powers = np.exp(scores - scores.max(axis=-1, keepdims=True))
    return powers / powers.sum(axis=-1, keepdims=True)


# Vaswani et al. 2017.


def dot_product_attention(q, k, v):
    """Equation 1."""
    return softmax_rows(q @ k.T / np.sqrt(k.dtype.type(k.shape[1]))) @ v


dot_product_attention_matrix = dot_product_attention


def causal_dot_product_attention(q, k, v):
    """Row i is equation 1 for the first i + 1 positions alone."""
    rows = [
        dot_product_attention(q[i : i + 1], k[: i + 1], v[: i + 1])[0] for i in range(len(q))
    ]
    return np.stack(rows)


def self_attention(x, p):
    y = dot_product_attention(x @ p["query"], x @ p["key"], x @ p["value"])
    return y @ p["out"]


def joined_heads(x, c, p, attention):
    """Concat(head_1, ..., head_h) W^O, as section 3.2.2 writes it."""
    heads = [
        attention(x @ p["query"][h], c @ p["key"][h], c @ p["value"][h])
        for h in range(len(p["query"]))
    ]
    w_o = p["out"].reshape(-1, p["out"].shape[-1])
    return np.concatenate(heads, axis=1) @ w_o


def multi_head(x, p):
    return joined_heads(x, x, p, dot_product_attention)


# Shazeer 2019; Ainslie et al. 2023.


def multi_query_attention(x, p):
    """All heads of queries ask one head of keys and values."""
    keys, values = x @ p["key"], x @ p["value"]
    heads = [
        dot_product_attention(x @ query, keys, values) @ out
        for query, out in zip(p["query"], p["out"])
    ]
    return np.sum(heads, axis=0)


def grouped_query_attention(x, p):
    """The heads of queries of group i ask head i of keys and values."""
    names = ["query", "key", "value", "out"]
    groups = [
        multi_query_attention(x, {name: p[name][i] for name in names})
        for i in range(len(p["key"]))
    ]
    return np.sum(groups, axis=0)


def one_group(x, p):
    return grouped_query_attention(x, part(p, "attention"))


one_head_a_group = one_group


def softmax_attention(x, c, p):
    return dot_product_attention(x @ p["query"], c @ p["key"], c @ p["value"])


def multi_head_again(x, p):
    return multi_head(x, part(p, "head"))


def causal_multi_head(x, p):
    return joined_heads(x, x, p, causal_dot_product_attention)


def cross_multi_head(x, c, p):
    return joined_heads(x, c, p, dot_product_attention)


def stack(x, p):
    layers = part(p, "layer")
    for i in range(len(layers["query"])):
        x = x + multi_head(x, lane(layers, i))
    return x


def feed_forward(x, p):
    """Equation 2, for one token or for rows of tokens."""
    hidden = np.maximum(x @ p["expand"] + p["expand_bias"], 0)
    return hidden @ p["contract"] + p["contract_bias"]


def norm_rows(x, p):
    return np.stack([layer_norm(row, p) for row in x])


def transformer_encoder_layer(x, p):
    y = norm_rows(x + multi_head(x, part(p, "multi_head")), part(p, "attention_norm"))
    return norm_rows(y + feed_forward(y, part(p, "feed_forward")), part(p, "feed_forward_norm"))


def transformer_encoder(x, p):
    layers = part(p, "layer")
    for i in range(len(layers["attention_norm.gain"])):
        x = transformer_encoder_layer(x, lane(layers, i))
    return x


def transformer_decoder_layer(x, c, p):
    y = norm_rows(x + causal_multi_head(x, part(p, "causal_multi_head")), part(p, "self_norm"))
    z = norm_rows(y + cross_multi_head(y, c, part(p, "cross_multi_head")), part(p, "cross_norm"))
    return norm_rows(z + feed_forward(z, part(p, "feed_forward")), part(p, "feed_forward_norm"))


# Bahdanau, Cho and Bengio 2014.


def additive_attention(s, h, p):
    """c_i of equations 5 and 6, with the score of appendix A.1.2."""
    scores = [np.dot(p["score"], np.tanh(s @ p["query"] + h_j @ p["key"])) for h_j in h]
    weights = softmax(np.array(scores, dtype=h.dtype))
    return sum(weight * h_j for weight, h_j in zip(weights, h))


def logistic(x):
    return 1 / (1 + np.exp(-x))


def gated_recurrent_unit(s, y, c, p):
    """s_i of appendix A.2.2."""
    z = logistic(y @ p["update.0"] + s @ p["update.1"] + c @ p["update.2"])
    r = logistic(y @ p["reset.0"] + s @ p["reset.1"] + c @ p["reset.2"])
    proposed = np.tanh(
        y @ p["proposal.0"] + (r * s) @ p["proposal.1"] + c @ p["proposal.2"]
    )
    return (1 - z) * s + z * proposed


def bahdanau_decoder(h, y, start, p):
    s, states, contexts = start, [], []
    for y_i in y:
        c = additive_attention(s, h, part(p, "additive_attention"))
        s = gated_recurrent_unit(s, y_i, c, part(p, "gated_recurrent_unit"))
        states.append(s)
        contexts.append(c)
    return {"states": np.stack(states), "contexts": np.stack(contexts)}


# Lin et al. 2017.


def structured_self_attention(h, p):
    """Equations 6 and 7, with W_s1 = hidden^T and W_s2 = hops^T."""
    a = softmax_rows(p["hops"].T @ np.tanh(p["hidden"].T @ h.T))
    return a @ h


# Katharopoulos et al. 2020.


def positive_features(x):
    """Equation 7: elu(x) + 1."""
    return np.where(x > 0, x + 1, np.exp(np.minimum(x, 0)))


def linear_attention_rows(q, k, v, visible):
    """Equations 4 and 8 by loops: row i is an average over the first visible(i) positions."""
    result = np.zeros((len(q), v.shape[1]), dtype=v.dtype)
    for i, q_i in enumerate(positive_features(q)):
        keys = positive_features(k[: visible(i)])
        similarities = [np.dot(q_i, k_j) for k_j in keys]
        for similarity, v_j in zip(similarities, v):
            result[i] += similarity / sum(similarities) * v_j
    return result


def linear_attention(q, k, v):
    return linear_attention_rows(q, k, v, lambda i: len(k))


def multi_head_linear_attention(x, p):
    return joined_heads(x, x, p, linear_attention)


linear_attention_normalized = linear_attention
linear_attention_quadratic = linear_attention


def linear_attention_recurrent(q, k, v):
    return linear_attention_rows(q, k, v, lambda i: i + 1)


linear_attention_causal_quadratic = linear_attention_recurrent


def linear_attention_chunked(q, k, v, c, s):
    return linear_attention_recurrent(q, k, v)


# Luong, Pham and Manning 2015.


def luong(h, s, score):
    scores = np.array([[score(h_i, s_j) for s_j in s] for h_i in h], dtype=h.dtype)
    return softmax_rows(scores) @ s


def luong_dot_attention(h, s):
    return luong(h, s, np.dot)


def luong_general_attention(h, s, p):
    """h^T W_a s, with W_a = general^T."""
    return luong(h, s, lambda h_i, s_j: h_i @ p["general"].T @ s_j)


def luong_concat_attention(h, s, p):
    """v_a^T tanh(W_a [h; s])."""
    w_a = np.concatenate([p["hidden.0"], p["hidden.1"]]).T
    return luong(h, s, lambda h_i, s_j: p["score"] @ np.tanh(w_a @ np.concatenate([h_i, s_j])))


def luong_attentional_state(h, s, p):
    """Equation 5."""
    c = luong_general_attention(h, s, part(p, "luong_general_attention"))
    w_c = np.concatenate([p["combine.0"], p["combine.1"]])
    return np.tanh(np.concatenate([c, h], axis=1) @ w_c)


# Bahdanau's score between tokens.


def additive_self_attention(x, p):
    return luong(x, x, lambda q, key: p["score"] @ np.tanh(q @ p["query"] + key @ p["key"]))


# Ilse, Tomczak and Welling 2018.


def attention_pooling(h, p):
    return softmax_rows(np.tanh(h @ p["hidden"]) @ p["score"]) @ h


def gated_attention_pooling(h, p):
    gated = np.tanh(h @ p["hidden"]) * logistic(h @ p["gate"])
    return softmax_rows(gated @ p["score"]) @ h
