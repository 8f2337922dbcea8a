"""The diagrams of Diagrams/Recurrences in numpy.

Chunked and parallel forms are compared with the same function as the recurrence: by that, each
fixture is also a check of an identity.
"""

import numpy as np

from attention_diagrams import lane, logistic
from position_diagrams import rotate_rows
from shared_parts import gate_decay
from tensor_diagrams import rms_norm


def decay_to_end(gates):
    return gate_decay(gates)[-1]


def strict_triangle(n):
    return np.tri(n, k=-1)


def solve_unit_lower(a, b):
    return np.linalg.solve(np.eye(len(a)) + a, b)


def previous_rows(x):
    return np.vstack([np.zeros_like(x[:1]), x[:-1]])


def toeplitz(h):
    n = len(h)
    return np.array([[h[i - j] if i >= j else 0.0 for j in range(n)] for i in range(n)])


def summaries(q, k, v, step):
    """q_i S_i, where S_i = step(i, S_{i-1}, k_i, v_i) and S_{-1} = 0."""
    s = np.zeros((k.shape[1], v.shape[1]), dtype=v.dtype)
    rows = []
    for i in range(len(q)):
        s = step(i, s, k[i], v[i])
        rows.append(q[i] @ s)
    return np.stack(rows)


def retention_parallel(q, k, v, decay):
    """Sun et al. 2023, equation 5, term by term."""
    return np.stack([
        sum(decay ** (i - j) * (q[i] @ k[j]) * v[j] for j in range(i + 1)) for i in range(len(q))
    ])


def retention_recurrent(q, k, v, decay):
    """Equation 6."""
    return summaries(q, k, v, lambda i, s, k_i, v_i: decay * s + np.outer(k_i, v_i))


def retention_chunked(q, k, v, decay, c, s):
    return retention_parallel(q, k, v, decay)


def retention_decays(h):
    return 1 - 2.0 ** (-5 - np.arange(h))


def multi_scale_retention(x, p):
    """Equation 8."""
    result = 0
    for h, decay in enumerate(retention_decays(len(p["out"]))):
        w = lane(p, h)
        y = retention_parallel(
            rotate_rows(x @ w["query"]), rotate_rows(x @ w["key"]), x @ w["value"], decay
        )
        y = np.stack([rms_norm(row, {"gain": w["norm.gain"]}) for row in y])
        gate = x @ w["gate"]
        result = result + (gate * logistic(gate) * y) @ w["out"]
    return result


def ssd_recurrent(gates, b, c, x):
    """Dao and Gu 2024: h_t = a_t h_{t-1} + B_t x_t, y_t = C_t^T h_t."""
    return summaries(c, b, x, lambda i, h, b_i, x_i: gates[i] * h + np.outer(b_i, x_i))


def ssd_quadratic(gates, b, c, x):
    """(L * C B^T) X."""
    return (gate_decay(gates) * (c @ b.T)) @ x


def ssd_chunked(gates, b, c, x, t, s):
    return ssd_recurrent(gates, b, c, x)


def gla_recurrent(q, k, v, gates):
    """Yang et al. 2023: S_t = Diag(alpha_t) S_{t-1} + k_t^T v_t."""
    return summaries(q, k, v, lambda i, s, k_i, v_i: np.diag(gates[i]) @ s + np.outer(k_i, v_i))


gla_parallel = gla_recurrent


def gla_chunked(q, k, v, gates, c, s):
    return gla_recurrent(q, k, v, gates)


def delta_rule(q, k, v, gates, rates):
    """S_t = S_{t-1} alpha_t (I - beta_t k_t k_t^T) + beta_t v_t k_t^T, o_t = S_t q_t."""
    s = np.zeros((v.shape[1], k.shape[1]), dtype=v.dtype)
    rows = []
    for q_t, k_t, v_t, alpha, beta in zip(q, k, v, gates, rates):
        s = s @ (alpha * (np.eye(len(k_t)) - beta * np.outer(k_t, k_t))) + beta * np.outer(v_t, k_t)
        rows.append(s @ q_t)
    return np.stack(rows)


def delta_net_recurrent(q, k, v, rates):
    return delta_rule(q, k, v, np.ones_like(rates), rates)


delta_net_parallel = delta_net_recurrent


def delta_net_chunked(q, k, v, rates, c, s):
    return delta_net_recurrent(q, k, v, rates)


def delta_interactions(k, rates):
    return np.tril(np.diag(rates) @ k @ k.T, -1)


def ut_transform(k, rates):
    return np.linalg.inv(np.eye(len(k)) + delta_interactions(k, rates)) @ np.diag(rates)


gated_delta_net_recurrent = delta_rule
gated_delta_net_parallel = delta_rule


def time_bias(i, j, decay, bonus):
    if j > i:
        return np.asarray(-np.inf)
    return np.asarray(bonus if i == j else -(i - 1 - j) * decay)


def wkv_quadratic(k, v, decay, bonus):
    """Peng et al. 2023, the sums over the tokens before t and the bonus of its own."""
    rows = []
    for t in range(len(k)):
        weights = [np.exp(-(t - 1 - i) * decay + k[i]) for i in range(t)] + [np.exp(bonus + k[t])]
        rows.append(sum(w * v_i for w, v_i in zip(weights, v)) / sum(weights))
    return np.stack(rows)


wkv_recurrent = wkv_quadratic


def token_shift(x, mix):
    return mix * x + (1 - mix) * previous_rows(x)


def rwkv4_time_mixing(x, p):
    r, k, v = (
        token_shift(x, p[f"{name}_mix"]) @ p[name] for name in ["receptance", "key", "value"]
    )
    return (logistic(r) * wkv_quadratic(k, v, p["decay"], p["bonus"])) @ p["out"]


def mlstm_recurrent(q, k, v, keep, write):
    """Beck et al. 2024, section 2.3, without stabilizer and output gate."""
    c = np.zeros((v.shape[1], k.shape[1]), dtype=v.dtype)
    n = np.zeros_like(k[0])
    rows = []
    for q_t, k_t, v_t, f, i in zip(q, k, v, keep, write):
        c = f * c + i * np.outer(v_t, k_t)
        n = f * n + i * k_t
        rows.append(c @ q_t / max(abs(n @ q_t), 1))
    return np.stack(rows)


mlstm_quadratic = mlstm_recurrent


def selective_scan(x, steps, a, b, c):
    """Gu and Dao 2023, channel by channel."""
    result = np.zeros_like(x)
    for d in range(x.shape[1]):
        h = np.zeros_like(a[d])
        for t in range(len(x)):
            h = np.exp(steps[t, d] * a[d]) * h + steps[t, d] * b[t] * x[t, d]
            result[t, d] = c[t] @ h
    return result


selective_scan_quadratic = selective_scan
