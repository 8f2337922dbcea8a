"""Which mechanisms are equal, and which must not be.

`PAIRS` are diagrams of one interface: on the arrays of the first one's fixture, both give the same
results (`equal`) or must not (`differ`). They are written to `identities.txt`, and the Swift tests
evaluate the second diagram on the first one's fixture. `EQUATIONS` and `FAILURES` take other
parameters or inputs on their two sides, and are checked here, in numpy.
"""

import numpy as np

import attention_diagrams as a
import normalizer_diagrams as nd
import position_diagrams as pd
import recurrence_diagrams as rd
import token_mixing_diagrams as td

EQUAL = """
dot_product_attention dot_product_attention_matrix
dot_product_attention streaming_attention
dot_product_attention exponential_kernel_attention
similarity_attention summary_attention
causal_similarity_attention causal_summary_attention
linear_attention linear_attention_quadratic
linear_attention linear_attention_normalized
linear_attention_causal_quadratic linear_attention_recurrent
linear_attention_chunked linear_attention_recurrent
feature_map_attention feature_map_attention_quadratic
cosformer_attention cosformer_attention_quadratic
based_attention based_attention_quadratic
efficient_attention efficient_attention_quadratic
retention_parallel retention_recurrent
retention_chunked retention_recurrent
retention_chunked retention_parallel
ssd_quadratic ssd_recurrent
ssd_chunked ssd_recurrent
gla_parallel gla_recurrent
gla_chunked gla_recurrent
delta_net_parallel delta_net_recurrent
delta_net_chunked delta_net_recurrent
gated_delta_net_parallel gated_delta_net_recurrent
mlstm_quadratic mlstm_recurrent
selective_scan_quadratic selective_scan
wkv_quadratic wkv_recurrent
aft_attention aft_attention_softmax
forgetting_attention forgetting_attention_product
rotary_attention rotary_attention_relative
multi_head_latent_attention multi_head_latent_attention_absorbed
linformer_attention linformer_attention_latents
fnet_mixing fnet_mixing_two_sided
average_pooling average_pooling_matrix
average_attention average_attention_recurrent
causal_convolution causal_convolution_recurrent
"""

DIFFER = """
dot_product_attention linear_attention
dot_product_attention sigmoid_attention
dot_product_attention relu_attention
dot_product_attention sparsemax_attention
dot_product_attention softmax_plus_one_attention
dot_product_attention efficient_attention
causal_dot_product_attention dot_product_attention
causal_dot_product_attention linear_attention_recurrent
sliding_window_attention causal_dot_product_attention
rotary_attention dot_product_attention
linear_attention based_attention
delta_net_recurrent linear_attention_recurrent
average_attention average_pooling
"""

PAIRS = [
    (kind, *line.split())
    for kind, lines in [("equal", EQUAL), ("differ", DIFFER)]
    for line in lines.split("\n") if line
]


def draw(rng, *shapes):
    return [rng.standard_normal(shape) for shape in shapes]


def folded_luong(rng):
    """Luong general is Luong dot with W_a folded into the query, as far as the scores go."""
    h, s, w = draw(rng, (3, 4), (5, 4), (4, 4))
    general = a.luong_general_attention(h, s, {"general": w})
    return general, a.softmax_rows((h @ w.T) @ s.T) @ s


def joined_heads(rng):
    """Concat(heads) W^O is the sum of the heads, each times its own rows of W^O."""
    x, q, k, v, out = draw(rng, (3, 4), (2, 4, 5), (2, 4, 5), (2, 4, 5), (2, 5, 4))
    heads = [a.dot_product_attention(x @ q[h], x @ k[h], x @ v[h]) for h in range(2)]
    joined = np.concatenate(heads, axis=1) @ out.reshape(10, 4)
    return joined, sum(head @ w for head, w in zip(heads, out))


def wkv_as_aft(rng):
    """RWKV-4 without its receptance is AFT with a bias that decays, channel by channel."""
    k, v, w, u = draw(rng, (5, 2), (5, 2), 2, 2)
    w = np.abs(w)
    columns = []
    for d in range(2):
        bias = np.array([
            [rd.time_bias(i, j, w[d], u[d]) for j in range(5)] for i in range(5)
        ])
        columns.append([td.channel_attention(k[:, d], row, v[:, d]) for row in bias])
    return rd.wkv_quadratic(k, v, w, u), np.array(columns).T


def one_key(rng):
    q, k, v = draw(rng, (3, 2), (1, 2), (1, 4))
    return a.dot_product_attention(q, k, v), np.repeat(v, 3, axis=0)


def zero_scores(rng):
    k, v = draw(rng, (5, 2), (5, 4))
    return a.dot_product_attention(np.zeros((3, 2)), k, v), np.tile(v.mean(axis=0), (3, 1))


def shifted_softmax(rng):
    s, c = draw(rng, (3, 5), (3, 1))
    return a.softmax_rows(s + c), a.softmax_rows(s)


def sparsemax_sums_to_one(rng):
    (s,) = draw(rng, 7)
    return nd.sparsemax(s).sum(), 1.0


def retention_without_decay(rng):
    """With decay 1, retention is the causal product, and DeltaNet with keys at right angles too."""
    q, v = draw(rng, (4, 4), (4, 3))
    k = np.linalg.qr(rng.standard_normal((4, 4)))[0]
    return rd.retention_parallel(q, k, v, 1.0), rd.delta_net_recurrent(q, k, v, np.ones(4))


EQUATIONS = [
    folded_luong, joined_heads, wkv_as_aft, one_key, zero_scores, shifted_softmax,
    sparsemax_sums_to_one, retention_without_decay,
]


def permuted(function, rng):
    """f(P x) and P f(x), for the reversed order."""
    q, k, v = draw(rng, (4, 2), (4, 2), (4, 3))
    return function(q[::-1], k[::-1], v[::-1]), function(q, k, v)[::-1]


def causal_is_not_equivariant(rng):
    return permuted(a.causal_dot_product_attention, rng)


def positions_are_not_equivariant(rng):
    """Absolute positions, added to the queries and keys."""
    def function(q, k, v):
        p = np.sin(np.arange(4)[:, None] * [1.0, 0.1])
        return a.dot_product_attention(q + p, k + p, v)

    return permuted(function, rng)


def rotation_is_not_absolute(rng):
    """Rotated queries meet keys that are not rotated."""
    q, k, v = draw(rng, (4, 2), (4, 2), (4, 3))
    return a.dot_product_attention(pd.rotate_rows(q), k, v), pd.rotary_attention(q, k, v)


def linear_score_sees_the_query(rng):
    """Softmax takes the query out of a score a . q + b . k: no query changes the result."""
    q, other, k, v, w, u = draw(rng, (3, 2), (3, 2), (4, 2), (4, 3), 2, 2)
    attend = lambda q: a.softmax_rows((q @ w)[:, None] + k @ u) @ v
    additive = lambda q: a.luong(q, k, lambda q_i, k_j: np.tanh(q_i @ w + k_j @ u))
    assert np.allclose(attend(q), attend(other), atol=1e-12)
    return additive(q), additive(other)


FAILURES = [
    causal_is_not_equivariant, positions_are_not_equivariant, rotation_is_not_absolute,
    linear_score_sees_the_query,
]
