"""The cases of the mechanisms beyond the classics, for fixtures.py.

For each file and each diagram of it: the axes of the inputs and of the parameters, the sizes that no
array determines, and, where the usual sizes don't do, other ones.
"""

from shared_cases import QKV, QKV_SELF, perceptrons, positive

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
                readout=(3 + 2, "e"),
            ),
            [], SMALL,
        ),
        "primordial_within": (
            {"x": "n d"},
            perceptrons(
                score=(3 + 3 + 1 + 1, 1), normalizer=("n", "n"), value=(3 + 3, "e"),
                readout=(3 + 2, "e"),
            ),
            [], SMALL,
        ),
        "recurrent_primordial": (
            {"x": "n d", "c": "m d", "s": "z"},
            perceptrons(
                score=(3 + 3 + 1 + 1 + 2, 1), normalizer=("m", "m"), value=(3 + 3 + 2, "e"),
                readout=(3 + 2 + 2, "e"), update=(2 + 3 + 2, "z"),
            ),
            [], SMALL,
        ),
    },
    "generic_attention": {
        "generic_attention": (
            {"x": "n d", "c": "m d"},
            perceptrons(score=(3 + 3, 1), weigh=("m", "m"), value=(3, "e")),
            [], SMALL,
        ),
    },
}

FEATURES = {"queries": "+n r", "keys": "+m r", "v": "m e"}
FEATURES_SELF = {"queries": "+n r", "keys": "+n r", "v": "n e"}
FEATURES_CHUNKS = {"queries": "+c s r", "keys": "+c s r", "v": "c s e"}
CHUNKS = {"c": 3, "s": 2}
PARTS = {
    "feature_products": {
        "similarity_attention": (FEATURES, {}, []),
        "summary_attention": (FEATURES, {}, []),
        "causal_similarity_attention": (FEATURES_SELF, {}, []),
        "causal_summary_attention": (FEATURES_SELF, {}, []),
        "chunked_similarity_attention": (FEATURES_CHUNKS, {}, [], CHUNKS),
    },
    "unit_length": {"unit_length": ({"x": "k"}, {}, [])},
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
        "query_key_norm_attention": (QKV, {"gain": ""}, []),
    },
}

LONGER = {"n": 5, "w": 1}
PAIRS = {"q": "n 2*r", "k": "n 2*r", "v": "n e"}
# Distances reach the buckets that grow: 0 1 2 3 4..9 10..22 ...
BUCKETS = {"n": 12, "b": 8}
POSITIONS = {
    "biased_attention": {"biased_attention": ({**QKV, "bias": "n m"}, {}, [])},
    "sliding_window_attention": {
        "band_mask": ({}, {}, ["n", "w"], LONGER),
        "sliding_window_attention": (QKV_SELF, {}, ["w"], LONGER),
    },
    "alibi_attention": {
        "distance_bias": ({"slope": ""}, {}, ["n"]),
        "alibi_attention": ({**QKV_SELF, "slope": "~"}, {}, []),
        "alibi_slopes": ({}, {}, ["h"], {"h": 8}),
        "alibi_multi_head": (
            {"x": "n d"},
            {"query": "h d k", "key": "h d k", "value": "h d k", "out": "h k d"},
            [], {"h": 4},
        ),
    },
    "t5_attention": {
        "bucket_starts": ({}, {}, ["b"], BUCKETS),
        "distance_bucket": ({"distance": "=11"}, {}, ["b"], BUCKETS),
        "t5_attention": (QKV_SELF, {"table": "b"}, [], BUCKETS),
    },
    "rotary_attention": {
        "rotate_pair": ({"pair": "2", "angle": ""}, {}, []),
        "rotary_angles": ({}, {}, ["r"]),
        "rotate": ({"x": "2*r", "position": ""}, {}, [], {"r": 3}),
        "rotate_rows": ({"x": "n 2*r"}, {}, [], {"r": 3}),
        "rotary_attention": (PAIRS, {}, []),
        "rotary_attention_relative": (PAIRS, {}, []),
    },
    "forgetting_attention": {
        "forgetting_attention": ({**QKV_SELF, "forget": "~n"}, {}, [], LONGER),
        "forgetting_attention_product": ({**QKV_SELF, "forget": "~n"}, {}, [], LONGER),
        "forgetting_self_attention": (
            {"x": "n d"},
            {"query": "d k", "key": "d k", "value": "d e", "gate": "d", "gate_bias": ""},
            [],
        ),
    },
}

FEATURE_MAPS = {
    "feature_map_attention": {
        "feature_map_attention": (QKV, positive("features", "k", 6), []),
        "feature_map_attention_quadratic": (QKV, positive("features", "k", 6), []),
    },
    "performer_attention": {
        "performer_features": ({"x": "k"}, {"projection": "r k"}, []),
        "performer_attention": (QKV, {"features.projection": "r k"}, []),
    },
    "random_feature_attention": {
        "random_features": ({"x": "k"}, {"projection": "r k"}, []),
        "random_feature_attention": (QKV, {"features.projection": "r k"}, []),
    },
    "cosformer_attention": {
        "quarter_turns": ({}, {}, ["n"]),
        "cosformer_features": ({"x": "k", "angle": ""}, {}, []),
        "cosformer_attention": ({"q": "+n k", "k": "+n k", "v": "n e"}, {}, []),
        "cosformer_attention_quadratic": ({"q": "+n k", "k": "+n k", "v": "n e"}, {}, []),
    },
    "based_attention": {
        "taylor_features": ({"x": "k"}, {}, []),
        "based_attention": (QKV, {}, []),
        "based_attention_quadratic": (QKV, {}, []),
    },
    "hedgehog_attention": {
        "hedgehog_features": ({"x": "k"}, {"projection": "k r", "bias": "r"}, []),
        "hedgehog_attention": (
            QKV,
            {
                f"{label}_features.{key}": axes
                for label in ["query", "key"]
                for key, axes in {"projection": "k r", "bias": "r"}.items()
            },
            [],
        ),
    },
    "efficient_attention": {
        "efficient_attention": (QKV, {}, []),
        "efficient_attention_quadratic": (QKV, {}, []),
    },
}

QUERY_KEY = {"query": "h d k", "key": "h d k"}
LATENT = {
    "down": "d c", "query": "h d k", "up_key": "h c k", "up_value": "h c e", "out": "h e d"
}
FACTOR = {"query1": "k", "key1": "k", "query2": "k", "key2": "k"}
FEW = {"h": 2, "c": 3, "g": 3, "w": 4}
HEADS = {
    "multi_head_concatenated": {
        "multi_head_concatenated": (
            {"x": "n d"}, {**QUERY_KEY, "value": "h d k", "out": "h*k d"}, [], FEW
        ),
    },
    "multi_head_latent_attention": {
        "multi_head_latent_attention": ({"x": "n d"}, LATENT, [], FEW),
        "multi_head_latent_attention_absorbed": ({"x": "n d"}, LATENT, [], FEW),
    },
    "differential_attention": {
        "differential_attention": (
            {"q1": "n k", "q2": "n k", "k1": "m k", "k2": "m k", "v": "m e", "lambda": ""}, {}, []
        ),
        "differential_factor": ({"start": "~"}, FACTOR, []),
        "differential_multi_head": (
            {"x": "n d", "start": "~"},
            {
                **{f"{key}{i}": "h d k" for key in ["query", "key"] for i in [1, 2]},
                "value": "h d e", "out": "h e d", "norm.gain": "e",
                **{f"factor.{key}": axes for key, axes in FACTOR.items()},
            },
            [], FEW,
        ),
    },
    "talking_heads_attention": {
        "talking_heads_attention": (
            {"x": "n d", "c": "m d"},
            {
                **QUERY_KEY, "mix_scores": "h g", "mix_weights": "g w",
                "value": "w d e", "out": "w e d",
            },
            [], FEW,
        ),
    },
}

CASES = {**ROOTS, **PARTS, **CLASSICS, **NORMALIZERS, **POSITIONS, **FEATURE_MAPS, **HEADS}
