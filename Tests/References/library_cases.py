"""The cases of the mechanisms beyond the classics, for fixtures.py.

For each file and each diagram of it: the axes of the inputs and of the parameters, the sizes that no
array determines, and, where the usual sizes don't do, other ones.
"""

# Hidden units of each learned function.
HIDDEN = 5

QKV = {"q": "n k", "k": "m k", "v": "m e"}
QKV_SELF = {"q": "n k", "k": "n k", "v": "n e"}


def perceptrons(**widths):
    """The parameters of learned functions, from (inputs, outputs) each."""
    found = {}
    for label, (width, height) in widths.items():
        found[f"{label}.weight0"] = f"{width} {HIDDEN}"
        found[f"{label}.bias0"] = f"{HIDDEN}"
        found[f"{label}.weight1"] = f"{HIDDEN} {height}".strip()
        found[f"{label}.bias1"] = f"{height}".strip()
    return found


# With n = 3, m = 4, d = 3, e = 2, z = 2 and o = 3.
SMALL = {"d": 3, "e": 2, "z": 2, "o": 3}
ROOTS = {
    "roots": {
        "any_mixing": (
            {"x": "n d", "c": "m d"}, perceptrons(any=(3 + 4 * 3 + 1, "o")), [], SMALL
        ),
        "primordial": (
            {"x": "n d", "c": "m d"},
            perceptrons(
                score=(3 + 3 + 1 + 1, 1), normalizer=("m", "m"), value=(3 + 3, "e"),
                readout=(3 + 2, "o"),
            ),
            [], SMALL,
        ),
        "recurrent_primordial": (
            {"x": "n d", "c": "m d", "s": "z"},
            perceptrons(
                score=(3 + 3 + 1 + 1 + 2, 1), normalizer=("m", "m"), value=(3 + 3 + 2, "e"),
                readout=(3 + 2 + 2, "o"), update=(2 + 3 + 3, "z"),
            ),
            [], SMALL,
        ),
    },
}

FEATURES = {"queries": "+n r", "keys": "+m r", "v": "m e"}
FEATURES_SELF = {"queries": "+n r", "keys": "+n r", "v": "n e"}
FEATURES_CHUNKS = {"queries": "+c*s r", "keys": "+c*s r", "v": "c*s e"}
CHUNKS = {"c": 3, "s": 2}
PARTS = {
    "feature_products": {
        "similarity_attention": (FEATURES, {}, []),
        "summary_attention": (FEATURES, {}, []),
        "causal_similarity_attention": (FEATURES_SELF, {}, []),
        "causal_summary_attention": (FEATURES_SELF, {}, []),
        "chunked_similarity_attention": (FEATURES_CHUNKS, {}, ["c", "s"], CHUNKS),
    },
    "decay": {
        "power_decay": ({"decay": "~"}, {}, ["n"]),
        "gate_decay": ({"gates": "~n"}, {}, []),
        "running_sums": ({"x": "n"}, {}, []),
        "running_products": ({"x": "n k"}, {}, []),
    },
}

CLASSICS = {
    "luong_attention": {
        "luong_dot_attention": ({"h": "n d", "s": "m d"}, {}, []),
        "luong_general_attention": ({"h": "n d", "s": "m d"}, {"general": "d d"}, []),
        "luong_concat_attention": (
            {"h": "n d", "s": "m d"}, {"hidden.0": "d a", "hidden.1": "d a", "score": "a"}, []
        ),
        "luong_attentional_state": (
            {"h": "n d", "s": "m d"},
            {"combine.0": "d d", "combine.1": "d d", "luong_general_attention.general": "d d"},
            [],
        ),
    },
    "additive_self_attention": {
        "additive_self_attention": (
            {"x": "n d"}, {"query": "d a", "key": "d a", "score": "a"}, []
        ),
    },
}

NORMALIZERS = {
    "sigmoid_attention": {
        "sigmoid_weights": ({"scores": "m"}, {}, []),
        "sigmoid_attention": (QKV, {}, []),
    },
    "relu_attention": {
        "relu_weights": ({"scores": "m"}, {}, []),
        "relu_attention": (QKV, {}, []),
    },
    "sparsemax_attention": {
        "sparsemax": ({"z": "m"}, {}, [], {"m": 6}),
        "sparsemax_attention": (QKV, {}, []),
    },
    "softmax_plus_one_attention": {
        "softmax_plus_one": ({"scores": "m"}, {}, []),
        "softmax_plus_one_attention": (QKV, {}, []),
    },
    "streaming_attention": {"streaming_attention": (QKV, {}, [])},
    "query_key_norm_attention": {
        "unit_length": ({"x": "k"}, {}, []),
        "query_key_norm_attention": (QKV, {"gain": ""}, []),
    },
}

CASES = {**ROOTS, **PARTS, **CLASSICS, **NORMALIZERS}
