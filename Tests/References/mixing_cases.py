"""The cases of recurrences, token mixing and latents, for fixtures.py, as in library_cases.py."""

from shared_cases import QKV_SELF, perceptrons

GATED = {**QKV_SELF, "gates": "~n k"}
RATED = {**QKV_SELF, "rates": "~n"}
DUAL = {"gates": "~n", "b": "n z", "c": "n z", "x": "n e"}
QKV_CHUNKS = {"q": "c*s k", "k": "c*s k", "v": "c*s e"}
# The state has z = 3 entries for each channel; n is long enough for every state to be used.
LONGER = {"n": 6, "z": 3, "k": 3}
CHUNKS = {"c": 3, "s": 2, "t": 2, "z": 3, "k": 3}
MORE_CHUNKS = {**CHUNKS, "c": 2, "s": 3, "t": 3}
WKV = {"k": "n d", "v": "n d", "decay": "~d", "bonus": "d"}
RECURRENCES = {
    "triangles": {
        "strict_triangle": ({}, {}, ["n"]),
        "solve_unit_lower": ({"a": "lower n", "b": "n e"}, {}, [], LONGER),
    },
    "shifts": {
        "previous_rows": ({"x": "n d"}, {}, []),
        "toeplitz": ({"h": "n"}, {}, []),
    },
    "decay": {"decay_to_end": ({"gates": "~n"}, {}, [])},
    "linear_attention": {
        "linear_attention_chunked": (QKV_CHUNKS, {}, ["c", "s"], CHUNKS),
    },
    "retention": {
        "retention_parallel": ({**QKV_SELF, "decay": "~"}, {}, [], LONGER),
        "retention_recurrent": ({**QKV_SELF, "decay": "~"}, {}, [], LONGER),
        "retention_chunked": ({**QKV_CHUNKS, "decay": "~"}, {}, ["c", "s"], MORE_CHUNKS),
        "retention_decays": ({}, {}, ["h"], {"h": 4}),
        "multi_scale_retention": (
            {"x": "n d"},
            {
                "query": "h d 2*r", "key": "h d 2*r", "value": "h d e", "gate": "h d e",
                "out": "h e d", "norm.gain": "h e",
            },
            [], {"h": 2},
        ),
    },
    "state_space_duality": {
        "ssd_recurrent": (DUAL, {}, [], LONGER),
        "ssd_quadratic": (DUAL, {}, [], LONGER),
        "ssd_chunked": (
            {"gates": "~t*s", "b": "t*s z", "c": "t*s z", "x": "t*s e"}, {}, ["t", "s"],
            MORE_CHUNKS,
        ),
    },
    "gated_linear_attention": {
        "gla_recurrent": (GATED, {}, [], LONGER),
        "gla_parallel": (GATED, {}, [], LONGER),
        "gla_chunked": ({**QKV_CHUNKS, "gates": "~c*s k"}, {}, ["c", "s"], MORE_CHUNKS),
    },
    "delta_net": {
        "delta_net_recurrent": (RATED, {}, [], LONGER),
        "delta_interactions": ({"k": "n k", "rates": "~n"}, {}, [], LONGER),
        "ut_transform": ({"k": "n k", "rates": "~n"}, {}, [], LONGER),
        "delta_net_parallel": (RATED, {}, [], LONGER),
        "delta_net_chunked": ({**QKV_CHUNKS, "rates": "~c*s"}, {}, ["c", "s"], MORE_CHUNKS),
    },
    "gated_delta_net": {
        "gated_delta_net_recurrent": ({**QKV_SELF, "gates": "~n", "rates": "~n"}, {}, [], LONGER),
        "gated_delta_net_parallel": ({**QKV_SELF, "gates": "~n", "rates": "~n"}, {}, [], LONGER),
    },
    "rwkv4": {
        "time_bias": ({"i": "=4", "j": "=1", "decay": "~", "bonus": ""}, {}, []),
        "wkv_quadratic": (WKV, {}, [], {"d": 2, "n": 5}),
        "wkv_recurrent": (WKV, {}, [], {"d": 2, "n": 5}),
        "token_shift": ({"x": "n d", "mix": "~d"}, {}, []),
        "rwkv4_time_mixing": (
            {"x": "n d"},
            {
                **{f"{name}_mix": "d" for name in ["receptance", "key", "value"]},
                **{name: "d d" for name in ["receptance", "key", "value", "out"]},
                "decay": "d", "bonus": "d",
            },
            [], {"d": 4},
        ),
    },
}

NORM = {"gain": "d", "bias": "d"}


def under(label, parameters):
    """The parameters of a diagram used under a label."""
    return {f"{label}.{key}": axes for key, axes in parameters.items()}


AFT = {"q": "n d", "k": "m d", "v": "m d", "bias": "n m"}
TOKEN_MIXER = {**under("norm", NORM), "perceptron.expand": "n s", "perceptron.contract": "s n"}
CHANNEL_MIXER = {**under("norm", NORM), "perceptron.expand": "d f", "perceptron.contract": "f d"}
GATING = {"spatial": "n n", "spatial_bias": "n", "norm.gain": "f", "norm.bias": "f"}
FILTER = perceptrons(filter=(1, "d"))
TOKEN_MIXING = {
    "attention_free_transformer": {
        "channel_attention": ({"k": "m", "bias": "m", "v": "m"}, {}, []),
        "aft_attention": (AFT, {}, []),
        "aft_attention_softmax": (AFT, {}, []),
        "aft_full": (
            {"x": "n d"}, {"query": "d d", "key": "d d", "value": "d d", "bias": "n n"}, []
        ),
    },
    "synthesizer": {
        "dense_synthesizer": (
            {"x": "n d"},
            {
                "hidden": "d a", "hidden_bias": "a", "scores": "a n", "scores_bias": "n",
                "value": "d e",
            },
            [],
        ),
        "random_synthesizer": ({"x": "n d"}, {"scores": "n n", "value": "d e"}, []),
    },
    "mlp_mixer": {
        "mixer_perceptron": ({"x": "n"}, {"expand": "n f", "contract": "f n"}, []),
        "mixer_token_mixing": (
            {"x": "n d"}, {key: axes.replace("s", "f") for key, axes in TOKEN_MIXER.items()}, []
        ),
        "mixer_channel_mixing": ({"x": "n d"}, CHANNEL_MIXER, []),
        "mixer_layer": (
            {"x": "n d"},
            {**under("tokens", TOKEN_MIXER), **under("channels", CHANNEL_MIXER)}, [], {"s": 5},
        ),
    },
    "gmlp": {
        "spatial_gating_unit": ({"z": "n 2*f"}, GATING, []),
        "gmlp_block": (
            {"x": "n d"},
            {**under("norm", NORM), "expand": "d 2*f", "contract": "f d", **under("gate", GATING)},
            [], {"f": 3},
        ),
    },
    "fnet": {
        "fourier_cosines": ({}, {}, ["n"], {"n": 5}),
        "fourier_sines": ({}, {}, ["n"], {"n": 5}),
        "fourier_transform": ({"re": "n d", "im": "n d"}, {}, []),
        "fnet_mixing": ({"x": "n d"}, {}, []),
        "fnet_mixing_two_sided": ({"x": "n d"}, {}, []),
    },
    "average_pooling": {
        "average_pooling": ({"x": "n d"}, {}, []),
        "average_pooling_matrix": ({"x": "n d"}, {}, []),
        "average_attention": ({"x": "n d"}, {}, []),
        "average_attention_recurrent": ({"x": "n d"}, {}, []),
    },
    "hyena": {
        "causal_convolution": ({"h": "n d", "x": "n d"}, {}, []),
        "causal_convolution_recurrent": ({"h": "n d", "x": "n d"}, {}, []),
        "implicit_filter": ({}, FILTER, ["n"]),
        "hyena_operator": (
            {"u": "n d"},
            {
                **{name: "d d" for name in ["value", "first", "second"]},
                **under("first_filter", FILTER), **under("second_filter", FILTER),
            },
            [], {"d": 4},
        ),
    },
}

CROSS = {"query": "h d k", "key": "h d k", "value": "h d k", "out": "h k d"}
FEED_FORWARD = {"expand": "d f", "expand_bias": "f", "contract": "f d", "contract_bias": "d"}
BLOCK = {
    **under("cross_multi_head", CROSS),
    **under("attention_norm", NORM),
    **under("feed_forward", FEED_FORWARD),
    **under("feed_forward_norm", NORM),
}
ATTEND = {"query": "d k", "key": "d k", "value": "d d"}
LINFORMER = {
    "query": "d k", "key": "d k", "value": "d e", "mix_keys": "r m", "mix_values": "r m"
}
NARROW = {"d": 4, "h": 2, "f": 5}
LATENTS = {
    "external_attention": {
        "external_attention": ({"x": "n d"}, {"keys": "r d", "values": "r d"}, []),
        "external_attention_softmax": ({"x": "n d"}, {"keys": "r d", "values": "r d"}, []),
    },
    "set_transformer": {
        "multihead_attention_block": ({"x": "n d", "y": "m d"}, BLOCK, [], NARROW),
        "set_attention_block": (
            {"x": "n d"}, under("multihead_attention_block", BLOCK), [], NARROW
        ),
        "induced_set_attention_block": (
            {"x": "n d"},
            {"inducing": "r d", **under("gather", BLOCK), **under("spread", BLOCK)}, [], NARROW,
        ),
        "pooling_by_multihead_attention": (
            {"z": "n d"},
            {
                "seeds": "r d", **under("feed_forward", FEED_FORWARD),
                **under("multihead_attention_block", BLOCK),
            },
            [], NARROW,
        ),
    },
    "perceiver": {
        "perceiver_cross_attention": (
            {"c": "m d"},
            {
                "latents": "r d", **under("latent_norm", NORM), **under("input_norm", NORM),
                **under("cross_multi_head", CROSS), **under("feed_forward", FEED_FORWARD),
                **under("feed_forward_norm", NORM),
            },
            [], NARROW,
        ),
    },
    "luna": {
        "luna_attend": ({"x": "n d", "c": "m d"}, ATTEND, []),
        "luna_attention": (
            {"x": "n d", "p": "l d", "c": "m d"},
            {**under("pack", ATTEND), **under("unpack", ATTEND)}, [], {"l": 2},
        ),
    },
    "linformer": {
        "linformer_attention": ({"x": "n d", "c": "m d"}, LINFORMER, []),
        "linformer_attention_latents": ({"x": "n d", "c": "m d"}, LINFORMER, []),
    },
}

CASES = {**RECURRENCES, **TOKEN_MIXING, **LATENTS}
