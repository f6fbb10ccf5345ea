"""The three convolutions of each level of a video encoder: the work of `conv` in speed_learn.cpp."""

import torch
from torch.nn.functional import conv2d

BATCH = 16


def make_trio(px, nf):
    """A function that convolves at every level, and differentiates by images and kernels.

    The encoder sees two frames of px x px; each level is 4 x 4 in steps of 2 with padding 1, has nf
    channels and then twice as many as the last, down to 4 x 4 pixels.
    """
    torch.manual_seed(0)
    levels, channels, wider = [], 2, nf
    while px > 4:
        x = torch.rand(BATCH, channels, px, px).requires_grad_()
        w = torch.rand(wider, channels, 4, 4).requires_grad_()
        levels.append((x, w, torch.rand(BATCH, wider, px // 2, px // 2)))
        px, channels, wider = px // 2, wider, 2 * wider

    def step():
        for x, w, g in levels:
            y = conv2d(x, w, stride=2, padding=1)
            torch.autograd.grad(y, (x, w), g)
        return 0.0  # no training, no loss

    return step
