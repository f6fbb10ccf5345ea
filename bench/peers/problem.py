"""The data, the weights and the two plain losses: vanilla and Hamiltonian network.

A state is x = (q, p); a batch of states is [n, 2]. The network is

    f(x) = W3 tanh(W2 tanh(W1 x + b1) + b2),

200 units wide, weights W as [out, in], no output bias.
"""

from typing import NamedTuple

import torch
from torch.nn.functional import linear, mse_loss

WIDTH = 200


class Weights(NamedTuple):
    """W1 [200, 2], b1 [200], W2 [200, 200], b2 [200], W3 [outputs, 200]."""

    W1: torch.Tensor
    b1: torch.Tensor
    W2: torch.Tensor
    b2: torch.Tensor
    W3: torch.Tensor


def pendulum_points(count, dtype=torch.float32):
    """States x uniform in [-1.5, 1.5]^2, and the field dx = (2 p, -3 sin q); both [count, 2]."""
    generator = torch.Generator().manual_seed(0)
    x = 3 * torch.rand(count, 2, generator=generator, dtype=torch.float64) - 1.5
    q, p = x.unbind(1)
    dx = torch.stack([2 * p, -3 * torch.sin(q)], dim=1)
    return x.to(dtype), dx.to(dtype)


def initial_weights(outputs, dtype=torch.float32):
    """Orthogonal W, and b uniform in +-1/sqrt(fan in); the same on every call."""
    torch.manual_seed(0)

    def matrix(rows, columns):
        return torch.nn.init.orthogonal_(torch.empty(rows, columns, dtype=dtype))

    def bias(fan_in):
        return torch.empty(WIDTH, dtype=dtype).uniform_(-fan_in**-0.5, fan_in**-0.5)

    weights = Weights(matrix(WIDTH, 2), bias(2), matrix(WIDTH, WIDTH), bias(WIDTH),
                      matrix(outputs, WIDTH))
    return Weights(*(w.requires_grad_() for w in weights))


def network(w, x):
    """f(x), [n, outputs]."""
    a1 = torch.tanh(linear(x, w.W1, w.b1))
    a2 = torch.tanh(linear(a1, w.W2, w.b2))
    return linear(a2, w.W3)


def vanilla_loss(w, x, dx):
    """mean (f(x) - dx)^2."""
    return mse_loss(network(w, x), dx)


def hamiltonian_field(w, x):
    """J grad H = (dH/dp, -dH/dq), where the network's one output is H; differentiable in w."""
    x = x.detach().requires_grad_()
    (grad_h,) = torch.autograd.grad(network(w, x).sum(), x, create_graph=True)
    dh_dq, dh_dp = grad_h.unbind(1)
    return torch.stack([dh_dp, -dh_dq], dim=1)


def hnn_loss(w, x, dx):
    """mean (J grad H(x) - dx)^2."""
    return mse_loss(hamiltonian_field(w, x), dx)
