"""The cases of mechanisms beyond the design's list, for fixtures.py, as in library_cases.py."""

from shared_cases import QKV, QKV_SELF, positive

MEMORY = {"input": "w d", "output": "w d"}
AFFINE = {"gain": "k", "offset": "k"}
LONGER = {"n": 6, "k": 3, "d": 2, "z": 3}
GATED = {**QKV_SELF, "keep": "~n", "write": "~n"}
SELECTIVE = {"x": "n d", "steps": "~n d", "a": "d z", "b": "n z", "c": "n z"}
CASES = {
    "attention_pooling": {
        "attention_pooling": ({"h": "m d"}, {"hidden": "d a", "score": "a"}, []),
        "gated_attention_pooling": (
            {"h": "m d"}, {"hidden": "d a", "gate": "d a", "score": "a"}, []
        ),
    },
    "kernel_attention": {
        "kernel_attention": (QKV, positive("kernel", "2*k", 1), []),
        "exponential_kernel_attention": (QKV, {}, []),
    },
    "memory_network": {
        "memory_hop": ({"u": "d", "x": "m w"}, MEMORY, []),
        "memory_network": (
            {"u": "d", "x": "m w"}, {f"hop.{key}": f"l {axes}" for key, axes in MEMORY.items()}, []
        ),
    },
    "hopfield_network": {
        "hopfield_update": ({"state": "d", "patterns": "m d", "beta": "~"}, {}, []),
        "hopfield_retrieval": (
            {"state": "d", "patterns": "m d", "beta": "~"}, {}, ["t"], {"t": 3}
        ),
    },
    "graph_attention": {
        "leaky_relu": ({"x": ""}, {}, []),
        "graph_attention": (
            {"x": "n d", "adjacency": "graph n"}, {"features": "d e", "from": "e", "to": "e"}, [],
            {"n": 5},
        ),
    },
    "gated_attention_unit": {
        "squared_relu_weights": ({"scores": "m"}, {}, []),
        "gain_and_offset": ({"x": "k"}, AFFINE, []),
        "gated_attention_unit": (
            {"x": "n d"},
            {
                "gate": "d e", "value": "d e", "shared": "d k", "out": "e d",
                **{f"{label}.{key}": axes for label in ["query", "key"]
                   for key, axes in AFFINE.items()},
            },
            [],
        ),
    },
    "mlstm": {
        "mlstm_recurrent": (GATED, {}, [], LONGER),
        "mlstm_quadratic": (GATED, {}, [], LONGER),
    },
    "selective_state_space": {
        "selective_scan": (SELECTIVE, {}, [], LONGER),
        "selective_scan_quadratic": (SELECTIVE, {}, [], LONGER),
    },
}
