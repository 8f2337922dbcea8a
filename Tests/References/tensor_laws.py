"""Both sides of every exact tensor law in Rules/, written again in numpy.

A law is its arrays' types and a function of them. A type lists axes ("n k"); "" is a number, "*s" any
further axes, and "@n m" an array [m] of positions of an axis n. `z` holds the sizes.
"""

import numpy as np

import tensor_diagrams as t
from tensor_diagrams import (
    divide_rows, normalize, outer, row_normalize, row_sums, scale_rows, softmax, standardize
)

LAWS = {}


def law(name, types, sides):
    assert name not in LAWS, name
    LAWS[name] = (types, sides)


def logistic(x):
    return 1 / (1 + np.exp(-x))


def elu(x):
    return x if x > 0 else np.expm1(x)


def relu(x):
    return max(x, 0.0)


def flip(x):
    return x[::-1]


def turn(x):
    return np.swapaxes(x, 0, 1)


def merge(x):
    return x.reshape((-1, *x.shape[2:]))


def split(x, n, m):
    return x.reshape((n, m, *x.shape[1:]))


def repeat(n, x):
    return np.stack([x] * n)


def join(*arrays):
    return np.concatenate(arrays)


# Rules/scalar_laws.rules, commutativity.rules and definitions.rules, for numbers.
ONE, TWO, THREE = [""], ["", ""], ["", "", ""]
law("add_assoc", THREE, lambda z, a, b, c: ((a + b) + c, a + (b + c)))
law("add_zero_left", ONE, lambda z, x: (0 + x, x))
law("add_zero_right", ONE, lambda z, x: (x + 0, x))
law("add_neg_left", ONE, lambda z, x: (-x + x, 0))
law("add_neg_right", ONE, lambda z, x: (x + -x, 0))
law("sub_zero", ONE, lambda z, x: (x - 0, x))
law("sub_self", ONE, lambda z, x: (x - x, 0))
law("mul_assoc", THREE, lambda z, a, b, c: ((a * b) * c, a * (b * c)))
law("mul_one_left", ONE, lambda z, x: (1 * x, x))
law("mul_one_right", ONE, lambda z, x: (x * 1, x))
law("mul_zero_left", ONE, lambda z, x: (0 * x, 0))
law("mul_zero_right", ONE, lambda z, x: (x * 0, 0))
law("div_one", ONE, lambda z, x: (x / 1, x))
law("mul_add_left", THREE, lambda z, a, b, c: ((a + b) * c, a * c + b * c))
law("mul_add_right", THREE, lambda z, a, b, c: (a * (b + c), a * b + a * c))
law("neg_zero", [], lambda z: (np.negative(0.0), 0))
law("neg_neg", ONE, lambda z, x: (-(-x), x))
law("neg_add", TWO, lambda z, a, b: (-(a + b), -a + -b))
law("neg_sub", TWO, lambda z, a, b: (-(a - b), b - a))
law("mul_neg_left", TWO, lambda z, a, b: (-a * b, -(a * b)))
law("mul_neg_right", TWO, lambda z, a, b: (a * -b, -(a * b)))
law("neg_maximum", TWO, lambda z, a, b: (-max(a, b), min(-a, -b)))
law("neg_minimum", TWO, lambda z, a, b: (-min(a, b), max(-a, -b)))
law("sin_neg", ONE, lambda z, x: (np.sin(-x), -np.sin(x)))
law("cos_neg", ONE, lambda z, x: (np.cos(-x), np.cos(x)))
law("tanh_neg", ONE, lambda z, x: (np.tanh(-x), -np.tanh(x)))
law("abs_neg", ONE, lambda z, x: (abs(-x), abs(x)))
law("abs_abs", ONE, lambda z, x: (abs(abs(x)), abs(x)))
law("abs_mul", TWO, lambda z, a, b: (abs(a * b), abs(a) * abs(b)))
law("sqrt_square", ONE, lambda z, x: (np.sqrt(x * x), abs(x)))
law("exp_zero", [], lambda z: (np.exp(0.0), 1))
law("exp_add", TWO, lambda z, a, b: (np.exp(a + b), np.exp(a) * np.exp(b)))
law("reciprocal_exp", ONE, lambda z, x: (1 / np.exp(x), np.exp(-x)))
law("log_exp", ONE, lambda z, x: (np.log(np.exp(x)), x))
law("power_one", ONE, lambda z, x: (np.power(x, 1.0), x))
law("power_two", ONE, lambda z, x: (np.power(x, 2.0), x * x))
law("maximum_assoc", THREE, lambda z, a, b, c: (max(max(a, b), c), max(a, max(b, c))))
law("minimum_assoc", THREE, lambda z, a, b, c: (min(min(a, b), c), min(a, min(b, c))))
law("maximum_self", ONE, lambda z, x: (max(x, x), x))
law("minimum_self", ONE, lambda z, x: (min(x, x), x))
law("relu_relu", ONE, lambda z, x: (relu(relu(x)), relu(x)))
law("less_self", ONE, lambda z, x: (float(x < x), 0))
law("where_same", TWO, lambda z, c, x: (np.where(c != 0, x, x), x))
law("where_one", TWO, lambda z, a, b: (np.where(1.0 != 0, a, b), a))
law("where_zero", TWO, lambda z, a, b: (np.where(0.0 != 0, a, b), b))
law("add_comm", TWO, lambda z, a, b: (a + b, b + a))
law("mul_comm", TWO, lambda z, a, b: (a * b, b * a))
law("maximum_comm", TWO, lambda z, a, b: (max(a, b), max(b, a)))
law("minimum_comm", TWO, lambda z, a, b: (min(a, b), min(b, a)))
law("dot_comm", ["k", "k"], lambda z, a, b: (a @ b, b @ a))
law("sub_definition", TWO, lambda z, a, b: (a - b, a + -b))
law("div_definition", TWO, lambda z, a, b: (a / b, a * (1 / b)))
law("relu_definition", ONE, lambda z, x: (relu(x), np.maximum(x, 0)))
law("silu_definition", ONE, lambda z, x: (x / (1 + np.exp(-x)), x * logistic(x)))
law("elu_definition", ONE, lambda z, x: (elu(x), np.where(0 < x, x, np.exp(x) - 1)))
law("tanh_definition", ONE, lambda z, x: (np.tanh(x), 2 * logistic(2 * x) - 1))
law("sigmoid_definition", ONE, lambda z, x: (np.exp(x) / (np.exp(x) + 1), logistic(x)))
law("mean_definition", ["n"], lambda z, x: (x.mean(), x.sum() / z.n))

# Rules/tensor_laws.rules: structure.
law("transpose_involution", ["n m *s"], lambda z, x: (turn(turn(x)), x))
law("split_merge", ["n m *s"], lambda z, x: (split(merge(x), z.n, z.m), x))
law("merge_split", ["nm *s"], lambda z, x: (merge(split(x, z.n, z.m)), x))
law("reverse_involution", ["n *s"], lambda z, x: (flip(flip(x)), x))
law("concat_assoc", ["n *s", "m *s", "k *s"],
    lambda z, a, b, c: (join(join(a, b), c), join(a, join(b, c))))
law("take_concat", ["n *s", "m *s"], lambda z, a, b: (join(a, b)[: z.n], a))
law("drop_concat", ["n *s", "m *s"], lambda z, a, b: (join(a, b)[z.n :], b))
law("take_padded", ["n"], lambda z, x: (join(x, np.zeros(z.m))[: z.n], x))
law("concat_take_drop", ["n+m *s"], lambda z, x: (join(x[: z.n], x[z.n :]), x))
law("reverse_concat", ["n *s", "m *s"],
    lambda z, a, b: (flip(join(a, b)), join(flip(b), flip(a))))
law("reverse_repeat", ["*s"], lambda z, x: (flip(repeat(z.n, x)), repeat(z.n, x)))
law("transpose_repeat_repeat", ["*s"],
    lambda z, x: (turn(repeat(z.n, repeat(z.m, x))), repeat(z.m, repeat(z.n, x))))
law("gather_repeat", ["*s", "@n"], lambda z, x, i: (repeat(z.n, x)[i], x))
law("reindex_repeat", ["*s", "@n m"], lambda z, x, r: (repeat(z.n, x)[r], repeat(z.m, x)))
law("reindex_indices", ["n *s"], lambda z, x: (x[np.arange(z.n)], x))

# Rules/permutations.rules.
def order(s):
    return np.argsort(s, kind="stable")


law("sum_permuted", ["n *s", "n"], lambda z, x, s: (x[order(s)].sum(0), x.sum(0)))
law("mean_permuted", ["n *s", "n"], lambda z, x, s: (x[order(s)].mean(0), x.mean(0)))
law("max_permuted", ["n *s", "n"], lambda z, x, s: (x[order(s)].max(0), x.max(0)))
law("transpose_reindex", ["n m *s", "@n k"],
    lambda z, x, r: (turn(x[r]), np.stack([c[r] for c in turn(x)])))

# Rules/tensor_laws.rules: sums.
law("sum_repeat_one", ["*s"], lambda z, x: (repeat(1, x).sum(0), x))
law("sum_repeat", ONE, lambda z, x: (repeat(z.n, x).sum(0), z.n * x))
law("sum_reverse", ["n *s"], lambda z, x: (flip(x).sum(0), x.sum(0)))
law("sum_concat", ["n", "m"], lambda z, a, b: (join(a, b).sum(), a.sum() + b.sum()))
law("sum_merge", ["n m *s"], lambda z, x: (merge(x).sum(0), x.sum(0).sum(0)))
law("sum_sum_transpose", ["n m *s"], lambda z, x: (turn(x).sum(0).sum(0), x.sum(0).sum(0)))
law("sum_add", ["n", "n"], lambda z, a, b: ((a + b).sum(), a.sum() + b.sum()))
law("sum_neg", ["n"], lambda z, x: ((-x).sum(), -x.sum()))
law("sum_scale", ["", "n"], lambda z, c, x: ((c * x).sum(), c * x.sum()))
law("sum_weighted_sum", ["m", "m e"], lambda z, w, v: ((w @ v).sum(), w @ v.sum(1)))
law("sum_row_sums", ["n m"], lambda z, a: (row_sums(a).sum(), a.sum(0).sum(0)))
law("sum_transpose", ["n m"], lambda z, a: (a.T.sum(0), row_sums(a)))
law("row_sums_transpose", ["n m"], lambda z, a: (row_sums(a.T), a.sum(0)))
law("row_sums_matmul", ["n k", "k m"], lambda z, a, b: (row_sums(a @ b), a @ row_sums(b)))
law("row_sums_outer", ["n", "m"], lambda z, a, b: (row_sums(outer(a, b)), b.sum() * a))
law("max_reverse", ["n *s"], lambda z, x: (flip(x).max(0), x.max(0)))

# Rules/tensor_laws.rules: products. np.eye is the identity matrix, w @ v the weighted sum.
law("matmul_assoc", ["n k", "k m", "m e"], lambda z, a, b, c: ((a @ b) @ c, a @ (b @ c)))
law("matmul_transpose_right", ["n k", "m k"],
    lambda z, a, b: (a @ b.T, np.array([[row @ other for other in b] for row in a])))
law("matmul_identity_left", ["n m"], lambda z, a: (np.eye(z.n) @ a, a))
law("matmul_identity_right", ["n m"], lambda z, a: (a @ np.eye(z.m), a))
law("matmul_add_left", ["n k", "n k", "k m"],
    lambda z, a, b, c: ((a + b) @ c, a @ c + b @ c))
law("matmul_add_right", ["n k", "k m", "k m"],
    lambda z, a, b, c: (a @ (b + c), a @ b + a @ c))
law("matmul_outer_right", ["n k", "k", "m"],
    lambda z, a, b, c: (a @ outer(b, c), outer(a @ b, c)))
law("matmul_outer_left", ["n", "k", "k m"],
    lambda z, a, b, c: (outer(a, b) @ c, outer(a, b @ c)))
law("transpose_matmul", ["n k", "k m"], lambda z, a, b: ((a @ b).T, b.T @ a.T))
law("transpose_outer", ["n", "m"], lambda z, a, b: (outer(a, b).T, outer(b, a)))
law("transpose_add", ["n m", "n m"], lambda z, a, b: ((a + b).T, a.T + b.T))
law("transpose_identity", [], lambda z: (np.eye(z.n).T, np.eye(z.n)))
law("matvec_matmul", ["n k", "k m", "m"], lambda z, a, b, x: ((a @ b) @ x, a @ (b @ x)))
law("matvec_identity", ["n"], lambda z, x: (np.eye(z.n) @ x, x))
law("matvec_transpose", ["n m", "n"], lambda z, a, x: (a.T @ x, x @ a))
law("matvec_outer", ["n", "m", "m"], lambda z, a, b, x: (outer(a, b) @ x, (b @ x) * a))
law("matvec_add", ["n k", "k", "k"], lambda z, a, x, y: (a @ (x + y), a @ x + a @ y))
law("weighted_sum_matmul", ["n", "n k", "k m"],
    lambda z, w, a, b: (w @ (a @ b), (w @ a) @ b))
law("weighted_sum_transpose", ["m", "e m"], lambda z, w, a: (w @ a.T, a @ w))
law("weighted_sum_outer", ["n", "n", "m"],
    lambda z, w, a, b: (w @ outer(a, b), (w @ a) * b))
law("weighted_sum_identity", ["n"], lambda z, w: (w @ np.eye(z.n), w))
law("dot_matvec_left", ["n k", "k", "n"], lambda z, a, x, y: ((a @ x) @ y, x @ (y @ a)))
law("dot_matvec_right", ["n k", "n", "k"], lambda z, a, x, y: (x @ (a @ y), (x @ a) @ y))
law("dot_add_left", ["k", "k", "k"], lambda z, a, b, c: ((a + b) @ c, a @ c + b @ c))
law("dot_add_right", ["k", "k", "k"], lambda z, a, b, c: (a @ (b + c), a @ b + a @ c))
law("dot_scale_left", ["", "k", "k"], lambda z, c, a, b: ((c * a) @ b, c * (a @ b)))
law("dot_scale_right", ["", "k", "k"], lambda z, c, a, b: (a @ (c * b), c * (a @ b)))

# Rules/attention.rules.
law("scale_rows_matmul", ["n", "n m", "m e"],
    lambda z, c, a, b: (scale_rows(c, a) @ b, scale_rows(c, a @ b)))
law("divide_rows_matmul", ["n m", "n", "m e"],
    lambda z, a, c, b: (divide_rows(a, c) @ b, divide_rows(a @ b, c)))
law("divide_rows_row_sums", ["n m", "n"],
    lambda z, a, c: (row_sums(divide_rows(a, c)), row_sums(a) / c))
law("row_normalize_rows", ["n m"],
    lambda z, a: (np.stack([normalize(row) for row in a]), row_normalize(a)))
law("softmax_definition", ["n"], lambda z, x: (softmax(x), t.exponential_softmax(x)))
law("softmax_shift", ["n", ""], lambda z, x, c: (softmax(x + c), softmax(x)))
law("standardize_shift", ["n", ""], lambda z, x, c: (standardize(x + c), standardize(x)))
law("softmax_reverse", ["n"], lambda z, x: (softmax(flip(x)), flip(softmax(x))))
law("normalize_reverse", ["n"], lambda z, x: (normalize(flip(x)), flip(normalize(x))))
law("weighted_sum_reverse", ["m", "m e"], lambda z, w, v: (flip(w) @ flip(v), w @ v))

# Rules/positions.rules.
law("gather_indices", ["n *s"], lambda z, x: (np.stack([x[i] for i in range(z.n)]), x))
law("gather_indices_in_lanes", ["n m *s"],
    lambda z, x: (np.stack([[row[j] for j in range(z.m)] for row in x]), x))
law("position_indices", [], lambda z: (np.array([float(i) for i in range(z.n)]), np.arange(z.n)))
