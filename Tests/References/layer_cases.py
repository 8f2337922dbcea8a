"""The cases of Diagrams/Layers, for fixtures.py, as in library_cases.py."""

from shared_cases import positive

# Narrow tokens keep the fixtures small; the width d of a token differs from all others.
SIZES = {"d": 4, "a": 3, "e": 2, "k": 3}
MAPS = {"query": "d k", "key": "d k", "value": "d e"}
VALUE = {"value": "d e"}
HEDGEHOG = {"projection": "k r", "bias": "r"}


def own(parameters):
    return {f"mechanism.{key}": axes for key, axes in parameters.items()}


def cross(parameters):
    return {"x": "n d", "c": "m d"}, parameters, [], SIZES


def within(parameters, sizes=(), **extents):
    return {"x": "n d"}, parameters, list(sizes), {**SIZES, **extents}


CASES = {
    "cross_layers": {
        "additive_layer": cross({"query": "d a", "key": "d a", "score": "a", **VALUE}),
        "bilinear_layer": cross({"general": "d d", **VALUE}),
        "dot_layer": cross(VALUE),
        "pooling_layer": cross({"hidden": "d a", "score": "a", **VALUE}),
        "average_layer": cross(VALUE),
        "dense_synthesizer_layer": cross({"hidden": "d a", "scores": "a m", **VALUE}),
        "random_synthesizer_layer": cross({"scores": "n m", **VALUE}),
        **{
            f"{name}_layer": cross(MAPS) for name in [
                "dot_product", "sigmoid", "relu", "sparsemax", "softmax_plus_one", "linear",
                "based", "efficient",
            ]
        },
        "query_key_norm_layer": cross({**MAPS, **own({"gain": ""})}),
        "kernel_layer": cross({**MAPS, **own(positive("kernel", "2*k", 1))}),
        "feature_map_layer": cross({**MAPS, **own(positive("features", "k", 6))}),
        "performer_layer": cross({**MAPS, "mechanism.features.projection": "r k"}),
        "random_feature_layer": cross({**MAPS, "mechanism.features.projection": "r k"}),
        "hedgehog_layer": cross({
            **MAPS,
            **own({f"{label}_features.{key}": axes for label in ["query", "key"]
                   for key, axes in HEDGEHOG.items()}),
        }),
    },
    "self_layers": {
        "causal_layer": within(MAPS),
        "sliding_window_layer": within(MAPS, ["w"], n=5, w=1),
        "t5_layer": within({**MAPS, "mechanism.table": "b"}, n=6, b=4),
        "cosformer_layer": within(MAPS),
        "causal_linear_layer": within(MAPS),
        "alibi_layer": within({**MAPS, "slope": ""}),
        "rotary_layer": within({"query": "d 2*r", "key": "d 2*r", **VALUE}),
        "retention_layer": within({**MAPS, "decay": ""}),
        "ssd_layer": within({**MAPS, "gate": "d"}),
        "gla_layer": within({**MAPS, "gate": "d k"}),
        "delta_net_layer": within({**MAPS, "rate": "d"}),
        "gated_delta_net_layer": within({**MAPS, "gate": "d", "rate": "d"}),
    },
}
