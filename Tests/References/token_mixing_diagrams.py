"""The diagrams of Diagrams/TokenMixing in numpy."""

import numpy as np

from attention_diagrams import logistic, norm_rows, part, softmax_rows
from mixing_roots import ERF, learned


def gelu(x):
    return x * (1 + ERF(x / np.sqrt(2))) / 2


def channel_attention(k, bias, v):
    weights = np.exp(k + bias)
    return np.asarray(weights @ v / weights.sum())


def aft_attention(q, k, v, bias):
    """Zhai et al. 2021, AFT-full."""
    rows = []
    for q_t, w_t in zip(q, bias):
        weights = np.exp(k + w_t[:, None])
        rows.append(logistic(q_t) * (weights * v).sum(axis=0) / weights.sum(axis=0))
    return np.stack(rows)


aft_attention_softmax = aft_attention


def aft_full(x, p):
    return aft_attention(x @ p["query"], x @ p["key"], x @ p["value"], p["bias"])


def dense_synthesizer(x, p):
    """Tay et al. 2020."""
    hidden = np.maximum(x @ p["hidden"] + p["hidden_bias"], 0)
    b = hidden @ p["scores"] + p["scores_bias"]
    return softmax_rows(b) @ (x @ p["value"])


def random_synthesizer(x, p):
    return softmax_rows(p["scores"]) @ (x @ p["value"])


def mixer_perceptron(x, p):
    return gelu(x @ p["expand"]) @ p["contract"]


def mixer_token_mixing(x, p):
    """Tolstikhin et al. 2021, equation 1, its first line."""
    normed = norm_rows(x, part(p, "norm"))
    return x + mixer_perceptron(normed.T, part(p, "perceptron")).T


def mixer_channel_mixing(x, p):
    return x + mixer_perceptron(norm_rows(x, part(p, "norm")), part(p, "perceptron"))


def mixer_layer(x, p):
    return mixer_channel_mixing(mixer_token_mixing(x, part(p, "tokens")), part(p, "channels"))


def spatial_gating_unit(z, p):
    """Liu et al. 2021: Z_1 * (W Z_2 + b), with Z_2 normalized."""
    z_1, z_2 = np.split(z, 2, axis=1)
    return z_1 * (p["spatial"] @ norm_rows(z_2, part(p, "norm")) + p["spatial_bias"][:, None])


def gmlp_block(x, p):
    z = gelu(norm_rows(x, part(p, "norm")) @ p["expand"])
    return x + spatial_gating_unit(z, part(p, "gate")) @ p["contract"]


def fourier_cosines(n):
    return np.fft.fft(np.eye(n)).real


def fourier_sines(n):
    return -np.fft.fft(np.eye(n)).imag


def fourier_transform(re, im):
    transformed = np.fft.fft(re + 1j * im, axis=0)
    return {"real": transformed.real, "imaginary": transformed.imag}


def fnet_mixing(x):
    """Lee-Thorp et al. 2021."""
    return np.fft.fft2(x).real


fnet_mixing_two_sided = fnet_mixing


def average_pooling(x):
    return np.tile(x.mean(axis=0), (len(x), 1))


average_pooling_matrix = average_pooling


def average_attention(x):
    return np.stack([x[: i + 1].mean(axis=0) for i in range(len(x))])


average_attention_recurrent = average_attention


def causal_convolution(h, x):
    columns = [np.convolve(h_c, x_c)[: len(x)] for h_c, x_c in zip(h.T, x.T)]
    return np.stack(columns, axis=1)


causal_convolution_recurrent = causal_convolution


def implicit_filter(n, p):
    return np.stack([learned(p, "filter", float(i)) for i in range(n)])


def hyena_operator(u, p):
    """Poli et al. 2023, the recurrence of order 2, with convolutions by their definition."""
    z = u @ p["value"]
    for name in ["first", "second"]:
        h = implicit_filter(len(u), part(p, f"{name}_filter"))
        z = (u @ p[name]) * causal_convolution(h, z)
    return z
