"""Independent numpy references for the library in Rules/ and Diagrams/.

python3 reference.py            writes the fixtures anew
python3 reference.py --check    checks the fixtures, and every exact law of Rules/
"""

import re
import sys
from pathlib import Path
from types import SimpleNamespace

import numpy as np

import algebra_laws
import fixtures
import identities
import tensor_laws

HERE = Path(__file__).resolve().parent
RULES = HERE.parent.parent / "Rules"
DIAGRAMS = HERE.parent.parent / "Diagrams"
FIXTURES = HERE.parent / "AnatomyCommandsTests" / "Fixtures" / "Reference"
TENSOR_FILES = [
    "tensor", "scalar_laws", "commutativity", "definitions", "tensor_laws", "permutations",
    "positions", "attention",
]
ALGEBRA_FILES = ["monoid", "comonoid", "bialgebra", "hopf"]
TRIALS = 50


def write():
    FIXTURES.mkdir(parents=True, exist_ok=True)
    for old in FIXTURES.glob("*.npz"):
        old.unlink()
    lines = []
    for name, file, arrays in fixtures.all_fixtures():
        np.savez(FIXTURES / f"{name}.npz", **arrays)
        lines.append(f"{name} {file}\n")
    (FIXTURES / "index.txt").write_text("".join(lines))
    pairs = [" ".join(pair) + "\n" for pair in identities.PAIRS]
    (FIXTURES / "identities.txt").write_text("".join(pairs))
    print(f"{len(lines)} fixtures written")


def difference(left, right):
    """The largest difference, relative to 1 + |right|; equal infinities do not differ."""
    left, right = np.broadcast_arrays(np.asarray(left, float), np.asarray(right, float))
    with np.errstate(invalid="ignore"):
        apart = np.abs(left - right) / (1 + np.abs(right))
    return float(np.max(np.where(left == right, 0, apart), initial=0))


def check_fixtures():
    """Stored numbers equal the ones computed now, in float64 and, less exactly, in float32."""
    count = 0
    for name, file, arrays in fixtures.all_fixtures():
        with np.load(FIXTURES / f"{name}.npz") as stored:
            assert sorted(stored.files) == sorted(arrays), name
            for key, array in arrays.items():
                assert stored[key].shape == array.shape, (name, key)
                assert difference(stored[key], array) < 1e-12, (name, key)
        for key, array in fixtures.single_precision(name, file, arrays).items():
            with np.errstate(invalid="ignore"):
                apart = np.abs(array - arrays[f"result.{key}"])
            assert np.nanmax(apart) < 1e-5, (name, key)
        count += 1
    print(f"{count} fixtures agree")


def check_completeness():
    """Every diagram of the library has a case, but for the ends of derivations and algebra."""
    paths = [RULES / "tensor.rules"] + [
        path for path in sorted(DIAGRAMS.glob("*/*.diagram"))
        if path.parent.name not in ["Algebra", "Derivations"]
    ]
    for path in paths:
        names = re.findall(r"^diagram (\w+)", path.read_text(), re.MULTILINE)
        cases = fixtures.CASES.get(path.stem, {})
        assert sorted(names) == sorted(cases), (path.stem, set(names) ^ set(cases))
    print(f"{len(paths)} files, each diagram with a fixture")


def rule_names(files):
    """The exact rules' names, and a complaint about any that is not exact."""
    names = []
    for file in files:
        text = re.sub(r"#.*", "", (RULES / f"{file}.rules").read_text())
        assert not re.search(r"~=|>=|<=", text), file
        names += [(file, name) for name in re.findall(r"^rule (\w+)", text, re.MULTILINE)]
    return names


def draw(rng, types, sizes, rest):
    """Random arrays of the types that tensor_laws describes."""
    for axes in types:
        words = axes.split()
        bound = getattr(sizes, words.pop(0)[1:]) if axes.startswith("@") else None
        shape = []
        for word in words:
            shape += rest if word == "*s" else [getattr(sizes, word)]
        random = rng.standard_normal(shape) if bound is None else rng.integers(bound, size=shape)
        yield random if shape else random[()] if isinstance(random, np.ndarray) else random


def law_difference(rng, types, sides):
    n, m, k, e = (int(size) for size in rng.permutation([1, 2, 3, 4, 5, 6])[:4])
    sizes = SimpleNamespace(n=n, m=m, k=k, e=e, nm=n * m, **{"n+m": n + m})
    rest = [int(size) for size in rng.integers(1, 4, size=rng.integers(0, 3))]
    left, right = sides(sizes, *draw(rng, types, sizes, rest))
    assert np.shape(left) == np.shape(right), (np.shape(left), np.shape(right))
    return difference(left, right)


def check_laws():
    named = [name for _, name in rule_names(TENSOR_FILES)]
    assert sorted(named) == sorted(tensor_laws.LAWS), set(named) ^ set(tensor_laws.LAWS)
    rng = np.random.default_rng(fixtures.SEED)
    for name, (types, sides) in tensor_laws.LAWS.items():
        worst = max(law_difference(rng, types, sides) for _ in range(TRIALS))
        assert worst < 1e-10, (name, worst)
    named = [f"{file}.{name}" for file, name in rule_names(ALGEBRA_FILES)]
    assert sorted(named) == sorted(algebra_laws.LAWS), set(named) ^ set(algebra_laws.LAWS)
    for name, (left, right) in algebra_laws.LAWS.items():
        assert np.array_equal(left, right), name
    print(f"{len(tensor_laws.LAWS)} tensor laws and {len(algebra_laws.LAWS)} algebra laws hold")


def check_failures():
    """What must differ does, so that the checks above are not vacuous."""
    rng = np.random.default_rng(fixtures.SEED)
    false_laws = {
        "softmax attention is not reassociated": (
            ["n k", "m k", "m e"],
            lambda z, q, k, v: (
                np.stack([tensor_laws.softmax(row) for row in q @ k.T]) @ v,
                np.stack([tensor_laws.softmax(row) for row in q]) @ (k.T @ v),
            ),
        ),
        "matrix products do not commute": (["n n", "n n"], lambda z, a, b: (a @ b, b @ a)),
        "transpose keeps the order": (["n n", "n n"], lambda z, a, b: ((a @ b).T, a.T @ b.T)),
    }
    for name, (types, sides) in false_laws.items():
        assert max(law_difference(rng, types, sides) for _ in range(TRIALS)) > 0.1, name
    assert not np.array_equal(algebra_laws.MUL, algebra_laws.MUL.swapaxes(0, 1))
    assert not np.array_equal(algebra_laws.COMUL, algebra_laws.COMUL.swapaxes(1, 2))
    print(f"{len(false_laws)} false laws fail")


def check_identities():
    """Equal mechanisms are, on random arrays, and those that must differ do."""
    rng = np.random.default_rng(fixtures.SEED)
    for equation in identities.EQUATIONS:
        worst = max(difference(*equation(rng)) for _ in range(TRIALS))
        assert worst < 1e-10, (equation.__name__, worst)
    for failure in identities.FAILURES:
        assert max(difference(*failure(rng)) for _ in range(TRIALS)) > 0.1, failure.__name__
    equations, failures = len(identities.EQUATIONS), len(identities.FAILURES)
    print(f"{equations} equations hold, {failures} false ones fail")


def main(arguments):
    if arguments == ["--check"]:
        check_completeness()
        check_fixtures()
        check_laws()
        check_failures()
        check_identities()
    elif not arguments:
        write()
    else:
        sys.exit(__doc__.strip())


if __name__ == "__main__":
    main(sys.argv[1:])
