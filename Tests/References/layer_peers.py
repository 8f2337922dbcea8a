"""Times layers of Diagrams/Layers in JAX and PyTorch: the peers of `anatomy-bench library`.

python3 layer_peers.py [--batch 1 --tokens 1024 --width 512 --head-width 64 --heads 8] [--threads 2] [--only NAME,...]
python3 layer_peers.py --check      compares each function with its fixture

Needs jax and torch; nothing else of this folder does. The functions are written as an experienced user of each
framework would: vectorized, recurrences as scans, PyTorch's fused attention where there is one; a batch is vmap's in
JAX, and a leading axis in PyTorch. Prints CSV: mechanism, variant, median milliseconds, minimum milliseconds.
"""

import argparse
import os
import statistics
import sys
import time

import jax
import jax.numpy as jnp
import numpy as np
import torch
import torch.nn.functional as F

# The axes of each layer's parameters; x, and c where there is one, are tokens by width.
MAPS = {"query": "d k", "key": "d k", "value": "d e"}
VALUE = {"value": "d e"}
HEADS = {"query": "h d k", "key": "h d k", "value": "h d e", "out": "h e e"}


def maps(x, c, p):
    return x @ p["query"], c @ p["key"], c @ p["value"]


def softmax(s):
    return jax.nn.softmax(s, axis=-1)


def scores(q, k):
    return q @ k.T / q.shape[1] ** 0.5


def divided(w, v):
    return w @ v / w.sum(axis=1, keepdims=True)


def positions(n):
    return jnp.arange(n)[:, None] - jnp.arange(n)[None]


def causal(s):
    return jnp.where(positions(len(s)) >= 0, s, -jnp.inf)


def features(fq, fk, v):
    return fq @ (fk.T @ v) / (fq @ fk.sum(axis=0))[:, None]


def unit(x):
    return x / jnp.linalg.norm(x, axis=-1, keepdims=True)


def elu1(x):
    return jax.nn.elu(x) + 1


def additive(x, c, p):
    hidden = jnp.tanh((x @ p["query"])[:, None] + (c @ p["key"])[None])
    return softmax(hidden @ p["score"]) @ (c @ p["value"])


def sparsemax(x, c, p):
    q, k, v = maps(x, c, p)
    z = scores(q, k)
    ordered = -jnp.sort(-z, axis=1)
    counts = jnp.arange(1, z.shape[1] + 1)
    partial = jnp.cumsum(ordered, axis=1)
    count = jnp.sum(1 + counts * ordered > partial, axis=1, keepdims=True)
    threshold = (jnp.take_along_axis(partial, count - 1, axis=1) - 1) / count
    return jnp.maximum(z - threshold, 0) @ v


def sigmoid(x, c, p):
    q, k, v = maps(x, c, p)
    return jax.nn.sigmoid(scores(q, k) - jnp.log(float(len(c)))) @ v


def plus_one(x, c, p):
    q, k, v = maps(x, c, p)
    s = scores(q, k)
    top = jnp.maximum(s.max(axis=1, keepdims=True), 0)
    w = jnp.exp(s - top)
    return w @ v / (w.sum(axis=1, keepdims=True) + jnp.exp(-top))


def key_norm(x, c, p):
    q, k, v = maps(x, c, p)
    return softmax(p["mechanism.gain"] * (unit(q) @ unit(k).T)) @ v


def performer(x, c, p):
    w = p["mechanism.features.projection"]

    def phi(y):
        y = y / y.shape[1] ** 0.25
        return jnp.exp(y @ w.T - (y * y).sum(axis=1, keepdims=True) / 2) / len(w) ** 0.5

    q, k, v = maps(x, c, p)
    return features(phi(q), phi(k), v)


def based(x, c, p):
    q, k, v = maps(x, c, p)
    s = q @ k.T
    return divided(1 + s + s * s / 2, v)


def based_features(x, c, p):
    def phi(y):
        squares = (y[:, :, None] * y[:, None]).reshape(len(y), -1) / 2**0.5
        return jnp.concatenate([jnp.ones((len(y), 1), y.dtype), y, squares], axis=1)

    q, k, v = maps(x, c, p)
    return features(phi(q), phi(k), v)


def efficient(x, c, p):
    q, k, v = maps(x, c, p)
    return softmax(q) @ (softmax(k.T) @ v)


def multi_head(x, c, p):
    q = jnp.einsum("nd,hdk->hnk", x, p["query"])
    k = jnp.einsum("md,hdk->hmk", c, p["key"])
    v = jnp.einsum("md,hde->hme", c, p["value"])
    w = softmax(jnp.einsum("hnk,hmk->hnm", q, k) / q.shape[-1] ** 0.5)
    return jnp.einsum("hnm,hme,hef->nf", w, v, p["out"])


def multi_query(x, c, p):
    q = jnp.einsum("nd,hdk->hnk", x, p["query"])
    k, v = c @ p["key"], c @ p["value"]
    w = softmax(jnp.einsum("hnk,mk->hnm", q, k) / q.shape[-1] ** 0.5)
    return jnp.einsum("hnm,me,hef->nf", w, v, p["out"])


def talking_heads(x, c, p):
    q = jnp.einsum("nd,hdk->hnk", x, p["query"])
    k = jnp.einsum("md,hdk->hmk", c, p["key"])
    v = jnp.einsum("md,wde->wme", c, p["value"])
    logits = jnp.einsum("hnm,hg->gnm", jnp.einsum("hnk,hmk->hnm", q, k), p["mix_scores"])
    u = jnp.einsum("gnm,gw->wnm", softmax(logits), p["mix_weights"])
    return jnp.einsum("wne,wed->nd", jnp.einsum("wnm,wme->wne", u, v), p["out"])


def differential(x, c, p):
    v = c @ p["value"]
    first = softmax(scores(x @ p["query1"], c @ p["key1"])) @ v
    return first - p["lambda"] * (softmax(scores(x @ p["query2"], c @ p["key2"])) @ v)


def within(attention):
    """A layer of tokens among themselves."""
    return lambda x, p: attention(*maps(x, x, p), p)


def windowed(q, k, v, p):
    return softmax(jnp.where(jnp.abs(positions(len(q))) <= 8, scores(q, k), -jnp.inf)) @ v


def cosformer(q, k, v, p):
    angles = (jnp.pi / 2 * jnp.arange(len(q)) / len(q))[:, None]
    q, k = jnp.maximum(q, 0), jnp.maximum(k, 0)
    turned = [jnp.concatenate([y * jnp.cos(angles), y * jnp.sin(angles)], axis=1) for y in (q, k)]
    return features(*turned, v)


def alibi(q, k, v, p):
    return softmax(causal(scores(q, k) - p["slope"] * positions(len(q)))) @ v


def rotary(q, k, v, p):
    r = q.shape[1] // 2
    angles = jnp.arange(len(q))[:, None] * 10000.0 ** (-jnp.arange(r) / r)

    def turned(y):
        a, b, c, s = y[:, 0::2], y[:, 1::2], jnp.cos(angles), jnp.sin(angles)
        return jnp.stack([a * c - b * s, a * s + b * c], axis=2).reshape(len(y), -1)

    return softmax(scores(turned(q), turned(k))) @ v


def retention(q, k, v, p):
    d = positions(len(q))
    powers = jnp.where(d >= 0, p["decay"] ** jnp.maximum(d, 0), 0)
    return (powers * (q @ k.T)) @ v


def gated(q, k, v, gates):
    """Scan with S' = gate S + k v, and outputs q S'."""
    def step(s, row):
        q_t, k_t, v_t, g_t = row
        s = g_t * s + k_t[:, None] * v_t
        return s, q_t @ s

    return jax.lax.scan(step, jnp.zeros((k.shape[1], v.shape[1])), (q, k, v, gates))[1]


def causal_linear(q, k, v, p):
    def step(carry, row):
        (s, z), (q_t, k_t, v_t) = carry, row
        s, z = s + k_t[:, None] * v_t, z + k_t
        return (s, z), q_t @ s / (q_t @ z)

    start = jnp.zeros((k.shape[1], v.shape[1])), jnp.zeros(k.shape[1])
    return jax.lax.scan(step, start, (elu1(q), elu1(k), v))[1]


def causal_linear_masked(q, k, v, p):
    return divided(jnp.tril(elu1(q) @ elu1(k).T), v)


def state_space(x, p):
    q, k, v = maps(x, x, p)
    return gated(q, k, v, jax.nn.sigmoid(x @ p["gate"]))


def state_space_masked(x, p):
    q, k, v = maps(x, x, p)
    logs = jnp.cumsum(jax.nn.log_sigmoid(x @ p["gate"]))
    decay = jnp.exp(jnp.where(positions(len(x)) >= 0, logs[:, None] - logs[None], -jnp.inf))
    return (decay * (q @ k.T)) @ v


def gated_linear(x, p):
    q, k, v = maps(x, x, p)
    return gated(q, k, v, jax.nn.sigmoid(x @ p["gate"])[:, :, None])


def delta_net(x, p):
    q, k, v = maps(x, x, p)

    def step(s, row):
        q_t, k_t, v_t, b = row
        s = s + b * k_t[:, None] * (v_t - k_t @ s)
        return s, q_t @ s

    start = jnp.zeros((k.shape[1], v.shape[1]))
    return jax.lax.scan(step, start, (q, k, v, jax.nn.sigmoid(x @ p["rate"])))[1]


def fourier(x, p):
    return jnp.fft.fft2(x @ p["value"]).real


JAX = {
    "additive_layer": ([additive], 2, {"query": "d a", "key": "d a", "score": "a", **VALUE}),
    "dot_product_layer": ([lambda x, c, p: softmax(scores(*maps(x, c, p)[:2])) @ (c @ p["value"])], 2, MAPS),
    "sigmoid_layer": ([sigmoid], 2, MAPS),
    "relu_layer": ([lambda x, c, p: jax.nn.relu(scores(*maps(x, c, p)[:2])) / len(c) @ (c @ p["value"])], 2, MAPS),
    "sparsemax_layer": ([sparsemax], 2, MAPS),
    "softmax_plus_one_layer": ([plus_one], 2, MAPS),
    "query_key_norm_layer": ([key_norm], 2, {**MAPS, "mechanism.gain": ""}),
    "linear_layer": ([lambda x, c, p: features(elu1(x @ p["query"]), elu1(c @ p["key"]), c @ p["value"])], 2, MAPS),
    "performer_layer": ([performer], 2, {**MAPS, "mechanism.features.projection": "r k"}),
    "based_layer": ([based, based_features], 2, MAPS),
    "efficient_layer": ([efficient], 2, MAPS),
    "multi_head_layer": ([multi_head], 2, HEADS),
    "multi_query_layer": ([multi_query], 2, {"query": "h d k", "key": "d k", "value": "d e", "out": "h e e"}),
    "talking_heads_layer": ([talking_heads], 2, {
        "query": "h d k", "key": "h d k", "mix_scores": "h g", "mix_weights": "g w",
        "value": "w d e", "out": "w e e",
    }),
    "differential_layer": ([differential], 2, {
        **{name: "d k" for name in ["query1", "query2", "key1", "key2"]}, **VALUE, "lambda": "",
    }),
    "causal_layer": ([within(lambda q, k, v, p: softmax(causal(scores(q, k))) @ v)], 1, MAPS),
    "sliding_window_layer": ([within(windowed)], 1, MAPS),
    "cosformer_layer": ([within(cosformer)], 1, MAPS),
    "causal_linear_layer": ([within(causal_linear), within(causal_linear_masked)], 1, MAPS),
    "alibi_layer": ([within(alibi)], 1, {**MAPS, "slope": ""}),
    "rotary_layer": ([within(rotary)], 1, {"query": "d 2r", "key": "d 2r", **VALUE}),
    "retention_layer": ([within(retention)], 1, {**MAPS, "decay": ""}),
    "ssd_layer": ([state_space, state_space_masked], 1, {**MAPS, "gate": "d"}),
    "gla_layer": ([gated_linear], 1, {**MAPS, "gate": "d k"}),
    "delta_net_layer": ([delta_net], 1, {**MAPS, "rate": "d"}),
    "fnet_layer": ([fourier], 1, VALUE),
}


def fused(q, k, v, **options):
    result = F.scaled_dot_product_attention(*(y.reshape(-1, 1, *y.shape[-2:]) for y in (q, k, v)), **options)
    return result.reshape(*q.shape[:-1], -1)


def torch_alibi(x, p):
    n = torch.arange(x.shape[-2])
    bias = torch.where(n[:, None] >= n, -p["slope"] * (n[:, None] - n), -torch.inf)
    return fused(*maps(x, x, p), attn_mask=bias)


def torch_multi_head(x, c, p):
    q, k, v = (torch.einsum("...nd,hdk->...hnk", y, p[name]) for y, name in ((x, "query"), (c, "key"), (c, "value")))
    heads = F.scaled_dot_product_attention(*(y.reshape(-1, *y.shape[-3:]) for y in (q, k, v)))
    return torch.einsum("...hne,hef->...nf", heads.reshape(*x.shape[:-2], *heads.shape[-3:]), p["out"])


def torch_linear(x, c, p):
    q, k, v = F.elu(x @ p["query"]) + 1, F.elu(c @ p["key"]) + 1, c @ p["value"]
    return q @ (k.mT @ v) / (q @ k.sum(-2)[..., None])


def torch_additive(x, c, p):
    hidden = torch.tanh((x @ p["query"])[..., :, None, :] + (c @ p["key"])[..., None, :, :])
    return torch.softmax(hidden @ p["score"], -1) @ (c @ p["value"])


TORCH = {
    "dot_product_layer": lambda x, c, p: fused(*maps(x, c, p)),
    "causal_layer": lambda x, p: fused(*maps(x, x, p), is_causal=True),
    "alibi_layer": torch_alibi,
    "multi_head_layer": torch_multi_head,
    "linear_layer": torch_linear,
    "differential_layer": lambda x, c, p: fused(x @ p["query1"], c @ p["key1"], c @ p["value"])
    - p["lambda"] * fused(x @ p["query2"], c @ p["key2"], c @ p["value"]),
    "additive_layer": torch_additive,
}


def timed(f, budget=1.5, least=5):
    f(); f()
    times, start = [], time.perf_counter()
    while len(times) < least or (time.perf_counter() - start < budget and len(times) < 200):
        t = time.perf_counter(); f(); times.append((time.perf_counter() - t) * 1e3)
    return statistics.median(times), min(times)


def measure(options):
    sizes = {"d": options.width, **dict.fromkeys("kea", options.head_width), "2r": 16, "h": options.heads}
    rng = np.random.default_rng(0)
    print("mechanism,variant,median_ms,min_ms")
    for name in options.only.split(",") if options.only else JAX:
        functions, inputs, axes = JAX[name]
        draw = lambda *shape: (rng.normal(size=shape) / max(1, shape[0] if shape else 1) ** 0.5).astype("f")
        batch = [options.batch] * (options.batch > 1)
        tokens = [rng.normal(size=(*batch, options.tokens, options.width)).astype("f") for _ in range(inputs)]
        p = {key: draw(*(sizes.get(axis, 8) for axis in words.split())) for key, words in axes.items()}
        for function in functions:
            f = jax.jit(jax.vmap(function, in_axes=(*[0] * inputs, None)) if batch else function)
            arrays = [jnp.asarray(a) for a in tokens], {key: jnp.asarray(a) for key, a in p.items()}
            least = timed(lambda: jax.block_until_ready(f(*arrays[0], arrays[1])))
            print(f"{name},jax,{least[0]:.3f},{least[1]:.3f}", flush=True)
        if name in TORCH:
            arrays = [torch.tensor(a) for a in tokens], {key: torch.tensor(a) for key, a in p.items()}
            with torch.no_grad():
                least = timed(lambda: TORCH[name](*arrays[0], arrays[1]))
            print(f"{name},torch,{least[0]:.3f},{least[1]:.3f}", flush=True)


def check():
    """Each function gives its fixture's result; those with sizes of their own are left out."""
    folder = os.path.join(os.path.dirname(__file__), "../AnatomyCommandsTests/Fixtures/Reference")
    count = 0
    for name, (functions, _, _) in JAX.items():
        if name == "sliding_window_layer":
            continue
        with np.load(f"{folder}/{name}.npz") as stored:
            arrays = {key: stored[key].astype("f") for key in stored.files}
        inputs = [arrays[key] for key in ("input.x", "input.c") if key in arrays]
        p = {key[10:]: a for key, a in arrays.items() if key.startswith("parameter.")}
        expected = next(a for key, a in arrays.items() if key.startswith("result."))
        found = [np.asarray(f(*map(jnp.asarray, inputs), p)) for f in functions]
        if name in TORCH:
            found.append(TORCH[name](*map(torch.tensor, inputs), {key: torch.tensor(a) for key, a in p.items()}).numpy())
        for result in found:
            assert np.allclose(result, expected, rtol=1e-4, atol=1e-5), name
            count += 1
    print(f"{count} functions agree with the fixtures")


if __name__ == "__main__":
    a = argparse.ArgumentParser()
    for flag, value in dict(threads=2, batch=1, tokens=1024, width=512, head_width=64, heads=8).items():
        a.add_argument("--" + flag.replace("_", "-"), type=int, default=value)
    a.add_argument("--only"); a.add_argument("--check", action="store_true")
    options = a.parse_args()
    torch.set_num_threads(options.threads)
    sys.exit(check() if options.check else measure(options))
