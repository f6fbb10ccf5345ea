"""The meta-tailoring loss, twice: by low-rank updates and by vmap over dense gradients.

Each point x = (q, p) takes one inner step of plain SGD on all weights,

    w(x) = w - rate grad_w r(x)^2,   r(x) = grad g(x) . f(x),   g = p^2 - 3 cos q,

and predicts with its own weights. The loss is mean (f_{w(x)}(x) - dx)^2; its
gradient reaches w through the inner step, exactly to second order.
"""

import torch
from torch.nn.functional import linear, mse_loss

try:
    from torch.func import grad, vmap
except ImportError:  # before torch 2.0
    from functorch import grad, vmap

from problem import Weights, initial_weights, network, pendulum_points, vanilla_loss

RATE = 0.1


def conserved_gradient(x):
    """grad g = (3 sin q, 2 p), for one point [2] or many [n, 2]."""
    q, p = x.unbind(-1)
    return torch.stack([3 * torch.sin(q), 2 * p], dim=-1)


def dot(a, b):
    """Row by row, a . b as a column [n, 1]."""
    return (a * b).sum(1, keepdim=True)


def low_rank_loss(w, x, dx):
    """The loss without forming any point's own weights.

    In each layer z = W a + b the gradient of r is the outer product of delta = dr/dz
    with a. So on the new input a' the tailored layer gives

        W a' + b - rate 2 r delta (a . a' + 1),

    without the 1 where there is no bias. The deltas are written out, not taken by
    autograd: as fast or faster, and still differentiable.
    """
    tanh_vjp = torch.ops.aten.tanh_backward  # (v, a) -> v (1 - a^2)

    # the shared weights: activations forward, deltas backward
    z1 = linear(x, w.W1, w.b1)
    a1 = torch.tanh(z1)
    a2 = torch.tanh(linear(a1, w.W2, w.b2))
    delta3 = conserved_gradient(x)
    delta2 = tanh_vjp(delta3 @ w.W3, a2)
    delta1 = tanh_vjp(delta2 @ w.W2, a1)
    step = -2 * RATE * dot(delta3, linear(a2, w.W3))

    # the tailored weights, activations t; the first layer's input is still x, so z1 serves again
    t1 = torch.tanh(torch.addcmul(z1, delta1, step * (dot(x, x) + 1)))
    t2 = torch.tanh(torch.addcmul(linear(t1, w.W2, w.b2), delta2, step * (dot(a1, t1) + 1)))
    f = torch.addcmul(linear(t2, w.W3), delta3, step * dot(a2, t2))
    return mse_loss(f, dx)


def traced_low_rank_loss(w, x, dx):
    """low_rank_loss compiled by torch.jit.trace for these shapes; same arguments."""

    def flat(W1, b1, W2, b2, W3, x, dx):
        return low_rank_loss(Weights(W1, b1, W2, b2, W3), x, dx)

    traced = torch.jit.trace(flat, (*w, x, dx))
    return lambda w, x, dx: traced(*w, x, dx)


def squared_residual(w, x):
    """r(x)^2 at one point x [2]."""
    return (conserved_gradient(x) * network(w, x)).sum() ** 2


def tailored_prediction(w, x):
    """f_{w(x)}(x) at one point x [2], with the point's own dense weights."""
    gradients = grad(squared_residual)(w, x)
    return network(Weights(*(v - RATE * g for v, g in zip(w, gradients))), x)


def vmap_loss(w, x, dx):
    """The plain version: every point has its own 41,200 weights."""
    return mse_loss(vmap(tailored_prediction, in_dims=(None, 0))(w, x), dx)


def assert_agreement():
    """Low-rank and vmap give one loss and one gradient, and tailoring changes the loss."""
    x, dx = pendulum_points(9, torch.float64)
    w = initial_weights(2, torch.float64)
    low_rank, plain = low_rank_loss(w, x, dx), vmap_loss(w, x, dx)
    assert abs(plain - vanilla_loss(w, x, dx)) > 0.1, "the inner step does nothing"
    ours = (low_rank, *torch.autograd.grad(low_rank, w))
    theirs = (plain, *torch.autograd.grad(plain, w))
    for a, b in zip(ours, theirs):
        # float64 rounding gives about 1e-16 of the scale; a wrong term gives 1e-4 or more
        error = (a - b).abs().max() / b.abs().max()
        assert error < 1e-10, f"low-rank and vmap differ by {error:.1e} of the largest entry"
