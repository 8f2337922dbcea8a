"""The diagrams of Diagrams/Recombined in numpy: one mixing of the tokens, or one in a slot of another."""

from attention_diagrams import dot_product_attention, linear_attention

KINDS = ["linear", "dot_product"]
SLOTS = ["query", "key", "value"]
# The learned map of each slot, by the kind of the mixing.
MAPS = {
    "linear": ["linear_read{}.query", "linear_summary{}.key", "linear_summary{}.value"],
    "dot_product": ["softmax_score{}.query", "softmax_score{}.key", "softmax_apply{}.value"],
}
MIXINGS = {"linear": linear_attention, "dot_product": dot_product_attention}


def nested():
    """The outer kind, the slot and the inner kind of M2 to M13."""
    return [(outer, slot, inner) for outer in KINDS for slot in SLOTS for inner in KINDS]


def parameters():
    """The axes of the parameters of M0 to M13."""
    cases = [{f"mix.{name.format('')}": "h d k" for name in MAPS[kind]} for kind in KINDS]
    for outer, slot, inner in nested():
        mark = "_2" if inner == outer else ""
        cases.append({
            **{f"mix.{name.format('')}": "h d k" for name in MAPS[inner]},
            **{
                f"mix.{name.format(mark)}": "h k k" if slot == place else "h d k"
                for place, name in zip(SLOTS, MAPS[outer])
            },
        })
    return [{**case, "out": "h k d"} for case in cases]


def mixing(kind, mark, slots, head, p):
    maps = [p[f"mix.{name.format(mark)}"][head] for name in MAPS[kind]]
    return MIXINGS[kind](*[x @ w for x, w in zip(slots, maps)])


def single(kind):
    def mechanism(x, p):
        return sum(
            mixing(kind, "", [x, x, x], head, p) @ out for head, out in enumerate(p["out"])
        )

    return mechanism


def double(outer, slot, inner):
    def mechanism(x, p):
        result = 0
        for head, out in enumerate(p["out"]):
            y = mixing(inner, "", [x, x, x], head, p)
            slots = [y if slot == place else x for place in SLOTS]
            mark = "_2" if inner == outer else ""
            result = result + mixing(outer, mark, slots, head, p) @ out
        return result

    return mechanism


MECHANISMS = [single(kind) for kind in KINDS] + [double(*case) for case in nested()]
globals().update({f"M{i}": mechanism for i, mechanism in enumerate(MECHANISMS)})
