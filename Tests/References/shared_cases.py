"""What the tables of cases share."""

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


def positive(label, width, height):
    """The same for one, whose results are positive in the main: sums of them are divided by."""
    return {**perceptrons(**{label: (width, height)}), f"{label}.bias1": f"+{height}"}
