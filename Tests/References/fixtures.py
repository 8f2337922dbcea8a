"""The cases of the fixtures: for each diagram its inputs, parameters, open sizes and results."""

import inspect

import numpy as np

import attention_diagrams
import feature_map_diagrams
import further_cases
import head_diagrams
import latent_diagrams
import layer_cases
import layer_diagrams
import library_cases
import mixing_cases
import mixing_roots
import normalizer_diagrams
import position_diagrams
import recombined_diagrams
import recurrence_diagrams
import shared_cases
import shared_parts
import tensor_diagrams
import token_mixing_diagrams
import wide_layer_cases
import wide_layer_diagrams

MODULES = [
    tensor_diagrams, attention_diagrams, mixing_roots, shared_parts, normalizer_diagrams,
    position_diagrams, feature_map_diagrams, head_diagrams, recurrence_diagrams,
    token_mixing_diagrams, latent_diagrams, layer_diagrams, wide_layer_diagrams,
    recombined_diagrams,
]
SEED = 20170612
# Parameters are small enough that results stay of order one, where float32 is exact to 1e-5.
PARAMETER_SPREAD = 0.3

# The size of each axis; the axes of one diagram have different sizes.
SIZES = {
    "n": 3, "m": 4, "k": 2, "e": 5, "d": 6, "h": 7, "l": 4, "f": 8, "a": 7, "r": 2, "w": 5, "z": 2,
    "g": 4,
}

MULTI_HEAD = {"query": "h d k", "key": "h d k", "value": "h d k", "out": "h k d"}
HEAD = {"query": "d k", "key": "d k", "value": "d e", "out": "e d"}
MULTI_QUERY = {"query": "h d k", "key": "d k", "value": "d k", "out": "h k d"}
GROUPED_QUERY = {"query": "g r d k", "key": "g d k", "value": "g d k", "out": "g r k d"}
FEED_FORWARD = {"expand": "d f", "expand_bias": "f", "contract": "f d", "contract_bias": "d"}
NORM = {"gain": "d", "bias": "d"}
ADDITIVE = {"query": "z a", "key": "d a", "score": "a"}
UNIT = {
    f"{gate}.{i}": f"{size} z"
    for gate in ["update", "reset", "proposal"]
    for i, size in enumerate("wzd")
}
QKV = {"q": "n k", "k": "m k", "v": "m e"}
QKV_CAUSAL = {"q": "n k", "k": "n k", "v": "n e"}


def under(label, parameters, axis=""):
    """The parameters of a diagram used under a label, with an axis in front if one is given."""
    return {f"{label}.{key}": f"{axis} {axes}".strip() for key, axes in parameters.items()}


def fixed(parameters, axis):
    """The parameters of a diagram used as `attention`, with one lane along an axis."""
    return {
        f"attention.{key}": " ".join("1" if word == axis else word for word in axes.split())
        for key, axes in parameters.items()
    }


ENCODER_LAYER = {
    **under("multi_head", MULTI_HEAD),
    **under("attention_norm", NORM),
    **under("feed_forward", FEED_FORWARD),
    **under("feed_forward_norm", NORM),
}
DECODER_LAYER = {
    **under("causal_multi_head", MULTI_HEAD),
    **under("self_norm", NORM),
    **under("cross_multi_head", MULTI_HEAD),
    **under("cross_norm", NORM),
    **under("feed_forward", FEED_FORWARD),
    **under("feed_forward_norm", NORM),
}

# For each library file its diagrams: inputs, parameters, and sizes that no array determines.
CASES = {
    "tensor": {
        "dot": ({"a": "k", "b": "k"}, {}, []),
        "weighted_sum": ({"w": "m", "v": "m e"}, {}, []),
        "matmul": ({"a": "n k", "b": "k m"}, {}, []),
        "matvec": ({"a": "n k", "x": "k"}, {}, []),
        "outer": ({"a": "n", "b": "m"}, {}, []),
        "scale": ({"c": "", "x": "n"}, {}, []),
        "scale_rows": ({"c": "n", "a": "n m"}, {}, []),
        "divide_rows": ({"a": "n m", "t": "+n"}, {}, []),
        "row_sums": ({"a": "n m"}, {}, []),
        "normalize": ({"x": "+n"}, {}, []),
        "row_normalize": ({"a": "+n m"}, {}, []),
        "exponential_softmax": ({"x": "n"}, {}, []),
        "softmax": ({"x": "n"}, {}, []),
        "row_softmax": ({"a": "n m"}, {}, []),
        "standardize": ({"x": "d"}, {}, []),
        "layer_norm": ({"x": "d"}, NORM, []),
        "rms_norm": ({"x": "d"}, {"gain": "d"}, []),
        "identity_matrix": ({}, {}, ["n"]),
        "lower_triangle": ({}, {}, ["n"]),
        "causal_mask": ({}, {}, ["n"]),
    },
    "dot_product_attention": {
        "dot_product_attention": (QKV, {}, []),
        "dot_product_attention_matrix": (QKV, {}, []),
        "causal_dot_product_attention": (QKV_CAUSAL, {}, []),
        "self_attention": ({"x": "n d"}, HEAD, []),
        "multi_head": ({"x": "n d"}, MULTI_HEAD, []),
        "multi_head_again": ({"x": "n d"}, under("head", HEAD, "h"), []),
        "stack": ({"x": "n d"}, under("layer", MULTI_HEAD, "l"), []),
    },
    "grouped_query_attention": {
        "multi_query_attention": ({"x": "n d"}, MULTI_QUERY, []),
        "grouped_query_attention": ({"x": "n d"}, GROUPED_QUERY, []),
        "one_group": ({"x": "n d"}, fixed(GROUPED_QUERY, "g"), []),
        "one_head_a_group": ({"x": "n d"}, fixed(GROUPED_QUERY, "r"), []),
    },
    "generic_attention": {
        "softmax_attention": (
            {"x": "n d", "c": "m d"}, {"query": "d k", "key": "d k", "value": "d e"}, []
        ),
    },
    "transformer": {
        "feed_forward": ({"x": "d"}, FEED_FORWARD, []),
        "transformer_encoder_layer": ({"x": "n d"}, ENCODER_LAYER, []),
        "transformer_encoder": ({"x": "n d"}, under("layer", ENCODER_LAYER, "l"), []),
        "causal_multi_head": ({"x": "n d"}, MULTI_HEAD, []),
        "cross_multi_head": ({"x": "n d", "c": "m d"}, MULTI_HEAD, []),
        "transformer_decoder_layer": ({"x": "n d", "c": "m d"}, DECODER_LAYER, []),
    },
    "additive_attention": {
        "additive_attention": ({"s": "z", "h": "m d"}, ADDITIVE, []),
        "gated_recurrent_unit": ({"s": "z", "y": "w", "c": "d"}, UNIT, []),
        "bahdanau_decoder": (
            {"h": "m d", "y": "n w", "start": "z"},
            {**under("additive_attention", ADDITIVE), **under("gated_recurrent_unit", UNIT)},
            [],
        ),
    },
    "structured_self_attention": {
        "structured_self_attention": ({"h": "n d"}, {"hidden": "d a", "hops": "a r"}, []),
    },
    "linear_attention": {
        "positive_features": ({"x": "k"}, {}, []),
        "linear_attention_normalized": (QKV, {}, []),
        "linear_attention_quadratic": (QKV, {}, []),
        "linear_attention": (QKV, {}, []),
        "linear_attention_causal_quadratic": (QKV_CAUSAL, {}, []),
        "linear_attention_recurrent": (QKV_CAUSAL, {}, []),
        "multi_head_linear_attention": ({"x": "n d"}, MULTI_HEAD, []),
    },
    "fourteen": {
        f"M{i}": ({"x": "n d"}, axes, []) for i, axes in enumerate(recombined_diagrams.parameters())
    },
}


for table in [library_cases, mixing_cases, further_cases, layer_cases, wide_layer_cases]:
    for file, diagrams in table.CASES.items():
        CASES.setdefault(file, {}).update(diagrams)


def has_perceptrons(parameters):
    return any(key.endswith(".weight0") for key in parameters)


def extent(axis, sizes):
    """The size of an axis: a number, a name, or a product of names."""
    return int(np.prod([sizes[word] if word in sizes else int(word) for word in axis.split("*")]))


def draw(rng, axes, sizes, spread=1.0):
    """A normal array with these axes; "+" in front makes it positive, "~" gates in (0.3, 0.9); "=" a number.

    A matrix "lower n" has nothing on and above its diagonal; "graph n" has 0 and 1, and 1 on it.
    """
    if axes.startswith("="):
        return np.asarray(float(axes[1:]))
    if axes.startswith("lower"):
        return np.tril(rng.standard_normal([sizes["n"]] * 2), -1)
    if axes.startswith("graph"):
        return np.maximum(rng.integers(2, size=[sizes["n"]] * 2), np.eye(sizes["n"]))
    shape = [extent(axis, sizes) for axis in axes.lstrip("+~").split()]
    if axes.startswith("~"):
        return np.asarray(rng.uniform(0.3, 0.9, shape))
    array = np.asarray(spread * rng.standard_normal(shape))
    return np.abs(array) + 0.5 if axes.startswith("+") else array


def results(name, file, inputs, parameters, sizes):
    """What the reference function of a diagram gives, by the names of the results."""
    function = next(getattr(module, name) for module in MODULES if hasattr(module, name))
    takes_parameters = "p" in inspect.signature(function).parameters
    given = [*inputs.values(), *sizes.values(), *([parameters] if takes_parameters else [])]
    value = function(*given)
    return value if isinstance(value, dict) else {"0": np.asarray(value)}


def all_fixtures():
    """Yields each diagram's name, its file, and the arrays of its fixture by key."""
    for file, diagrams in CASES.items():
        for name, (inputs, parameters, sizes, *own) in diagrams.items():
            rng = np.random.default_rng([SEED, *name.encode()])
            extents = {**SIZES, **(own[0] if own else {})}
            drawn_inputs = {key: draw(rng, axes, extents) for key, axes in inputs.items()}
            drawn = {
                key: draw(rng, axes, extents, PARAMETER_SPREAD) for key, axes in parameters.items()
            }
            given = {key: extents[key] for key in sizes}
            found = results(name, file, drawn_inputs, drawn, given)
            yield name, file, {
                **{f"input.{key}": a for key, a in drawn_inputs.items()},
                **{f"parameter.{key}": a for key, a in drawn.items()},
                **{f"size.{key}": np.int64(size) for key, size in given.items()},
                **{f"result.{key}": a for key, a in found.items()},
                **({"hidden": np.int64(shared_cases.HIDDEN)} if has_perceptrons(drawn) else {}),
            }


def single_precision(name, file, arrays):
    """The results again, computed in float32."""
    def family(prefix, convert):
        n = len(prefix) + 1
        return {k[n:]: convert(a) for k, a in arrays.items() if k.startswith(prefix + ".")}

    return results(
        name, file, family("input", np.float32), family("parameter", np.float32), family("size", int)
    )
