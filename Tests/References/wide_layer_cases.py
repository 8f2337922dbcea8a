"""The cases of the layers with heads, latents and other ways to mix, as in layer_cases.py."""

import mixing_cases
from layer_cases import VALUE, cross, within

SIZES = {"h": 3, "g": 2, "l": 2, "w": 4, "r": 5, "f": 3}


def cross_layer(parameters, **extents):
    inputs, axes, sizes, own = cross(parameters)
    return inputs, axes, sizes, {**own, **SIZES, **extents}


def block(file, name, **extents):
    """The parameters of a mechanism used as `block`, whose tokens are e wide."""
    parameters = mixing_cases.CASES[file][name][1]
    axes = {
        f"block.{key}": " ".join("e" if word == "d" else word for word in words.split())
        for key, words in parameters.items()
    }
    inputs, axes, sizes, own = within({**VALUE, **axes})
    return inputs, axes, sizes, {**own, **SIZES, **extents}


POOLING = {
    key: axes.replace("r e", "n e")
    for key, axes in block("set_transformer", "pooling_by_multihead_attention")[1].items()
}
CASES = {
    "head_layers": {
        "multi_head_layer": cross_layer(
            {"query": "h d k", "key": "h d k", "value": "h d e", "out": "h e e"}
        ),
        "multi_query_layer": cross_layer(
            {"query": "h d k", "key": "d k", "value": "d e", "out": "h e e"}
        ),
        "grouped_query_layer": cross_layer(
            {"query": "g r d k", "key": "g d k", "value": "g d e", "out": "g r e e"}
        ),
        "multi_head_groups_layer": cross_layer(
            {"query": "g r d k", "key": "g r d k", "value": "g r d e", "out": "g r e e"}
        ),
        "multi_head_latent_layer": cross_layer({
            "down": "d l", "query": "h d k", "up_key": "h l k", "up_value": "h l e",
            "out": "h e e",
        }),
        "talking_heads_layer": cross_layer({
            "query": "h d k", "key": "h d k", "mix_scores": "h g", "mix_weights": "g w",
            "value": "w d e", "out": "w e e",
        }),
        "differential_layer": cross_layer({
            **{name: "d k" for name in ["query1", "query2", "key1", "key2"]}, **VALUE,
            "lambda": "",
        }),
    },
    "latent_layers": {
        "external_layer": cross_layer({"query": "d k", "keys": "r k", "values": "r e"}),
        "seeds_layer": cross_layer({"seeds": "n k", "key": "d k", **VALUE}),
        "pooling_block_layer": cross_layer(POOLING),
        "luna_layer": cross_layer({
            "latents": "r d", "query": "d k", "key": "d k", **VALUE,
            "pack.query": "d k", "pack.key": "d k", "pack.value": "d d",
        }),
        "average_pooling_layer": cross_layer(VALUE),
    },
    "mixing_layers": {
        "matrix_layer": within({"table": "n n", **VALUE}),
        "convolution_layer": within({"filter": "n", **VALUE}),
        "aft_layer": within({"query": "d e", "key": "d e", **VALUE, "bias": "n n"}),
        "wkv_layer": within(
            {"receptance": "d e", "key": "d e", **VALUE, "decay": "~e", "bonus": "e"}, n=5
        ),
        "rwkv4_layer": block("rwkv4", "rwkv4_time_mixing"),
        "token_mixing_layer": block("mlp_mixer", "mixer_token_mixing"),
        "gmlp_layer": block("gmlp", "gmlp_block"),
        "fnet_layer": within(VALUE),
        "hyena_layer": block("hyena", "hyena_operator"),
        "induced_set_layer": block("set_transformer", "induced_set_attention_block"),
        "external_attention_layer": block("external_attention", "external_attention"),
    },
}
