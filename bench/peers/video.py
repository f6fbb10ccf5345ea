"""One step of training a video predictor: the work of `video` and `noether` in speed_video.cpp.

The network of learn/models/video.h, as one would write it in PyTorch; free-running over 26 frames
after 4 of history, mean squared error, gradients clipped at 0.2, Adam. The Noether step first
moves gamma and beta of every sequence by .3 of Polyak's step on

    L = sum over predicted pairs j of (c_j - mean(c_0, c_1, c_2))^2,
    c_j = e_j - sum_{i=1..j} a_i (v_{i-1} + v_i) / 2,

energy minus work, of a frozen network; the gradient reaches the weights through it, exactly to
second order.
"""

import torch
from torch import nn
from torch.nn.functional import leaky_relu, mse_loss

HISTORY, HORIZON = 4, 26
CODE, MEMORY = 32, 128


class Norm(nn.Module):
    """Group norm of one group with a trained scale and shift, then those of every sequence."""

    def __init__(self, channels):
        super().__init__()
        self.norm = nn.GroupNorm(1, channels)

    def forward(self, x, own):
        gamma, beta = own
        by = gamma.shape + (1,) * (x.dim() - 2)
        return self.norm(x) * gamma.view(by) + beta.view(by)


class VideoPredictor(nn.Module):
    def __init__(self, px, channels, nf):
        super().__init__()
        widths = []
        while px > 4:
            widths.append(nf * 2 ** len(widths))
            px //= 2
        ins = [2 * channels] + widths[:-1]
        self.encoder = nn.ModuleList(nn.Conv2d(a, b, 4, 2, 1) for a, b in zip(ins, widths))
        self.encoder_norms = nn.ModuleList(Norm(w) for w in widths)
        self.to_code = nn.Linear(16 * widths[-1], CODE)
        self.code_norm = Norm(CODE)
        self.lstm = nn.LSTMCell(CODE + 1, MEMORY)
        self.from_memory = nn.Linear(MEMORY, CODE)
        self.to_images = nn.Linear(CODE, 16 * widths[-1])
        outs = widths[-2::-1] + [channels]
        self.decoder_norms = nn.ModuleList(Norm(w) for w in widths[::-1])
        self.decoder = nn.ModuleList(nn.ConvTranspose2d(a, b, 4, 2, 1) for a, b in zip(widths[::-1], outs))

    def own(self, batch):
        """Neutral gamma and beta of every norm."""
        norms = [*self.encoder_norms, self.code_norm, *self.decoder_norms]
        return [(torch.ones(batch, n.norm.num_channels), torch.zeros(batch, n.norm.num_channels))
                for n in norms]

    def encode(self, frames, own):
        x = frames
        for conv, norm, arrays in zip(self.encoder, self.encoder_norms, own):
            x = leaky_relu(norm(conv(x), arrays), 0.2)
        return torch.tanh(self.code_norm(self.to_code(x.flatten(1)), own[len(self.encoder)]))

    def decode(self, h, own):
        x = self.to_images(torch.tanh(self.from_memory(h)))
        x = x.view(len(h), -1, 4, 4)
        for norm, conv, arrays in zip(self.decoder_norms, self.decoder, own[len(self.encoder) + 1:]):
            x = conv(leaky_relu(norm(x, arrays), 0.2))
        return torch.sigmoid(x)

    def forward(self, history, actions, own):
        """history [b, 4, c, h, w], actions [b, times, 1] -> [b, 26, c, h, w]."""
        batch = len(history)
        # all pairs of the history at once
        pairs = HISTORY - 1
        stacked = torch.cat([history[:, :-1], history[:, 1:]], 2).transpose(0, 1).flatten(0, 1)
        codes = self.encode(stacked, [(g.repeat(pairs, 1), b.repeat(pairs, 1)) for g, b in own])
        state = None
        for t, code in enumerate(codes.split(batch), 1):
            state = self.lstm(torch.cat([code, actions[:, t]], 1), state)
        frames, before = [], history[:, -1]
        for t in range(HISTORY, HISTORY + HORIZON):
            frames.append(self.decode(state[0], own))
            if t < HISTORY + HORIZON - 1:
                code = self.encode(torch.cat([before, frames[-1]], 1), own)
                state = self.lstm(torch.cat([code, actions[:, t]], 1), state)
                before = frames[-1]
        return torch.stack(frames, 1)


class EnergyMinusWork(nn.Module):
    """WorkQuantity of learn/noether/work_quantity.h."""

    def __init__(self, pixels):
        super().__init__()
        self.position = nn.Linear(pixels, 4, bias=False)
        self.head = nn.Sequential(nn.Linear(8, 32), nn.Tanh(), nn.Linear(32, 32), nn.Tanh(), nn.Linear(32, 2))

    def forward(self, film, actions):
        """film [b, t, c, h, w], actions [b, t - 1, 1] -> c [b, t - 1]."""
        p = self.position(film.flatten(2))
        p = p / (p.square().sum(2, keepdim=True) + 1e-4).sqrt()
        e, v = self.head(torch.cat([p[:, :-1], 5 * (p[:, 1:] - p[:, :-1])], 2)).unbind(2)
        work = actions[:, 1:, 0] * (v[:, :-1] + v[:, 1:]) / 2
        return torch.cat([e[:, :1], e[:, 1:] - work.cumsum(1)], 1)


def polyak_step(model, quantity, history, actions):
    """gamma and beta of every sequence after one step, differentiable."""
    own = [tuple(x.requires_grad_() for x in pair) for pair in model.own(len(history))]
    film = torch.cat([history, model(history, actions, own)], 1)
    c = quantity(film, actions)
    anchored = c[:, HISTORY - 1:] - c[:, :HISTORY - 1].mean(1, keepdim=True)
    losses = anchored.square().sum(1)
    flat = [x for pair in own for x in pair]
    gradients = torch.autograd.grad(losses.sum(), flat, create_graph=True)
    squared = sum(g.square().sum(1) for g in gradients)
    step = (0.3 * losses / (squared + 1e-12))[:, None]
    moved = [x - step * g for x, g in zip(flat, gradients)]
    return list(zip(moved[::2], moved[1::2]))


def make_trainer(px, channels, nf, batch, is_tailored=False):
    """A function that takes one training step and returns the loss before it."""
    torch.manual_seed(0)
    model = VideoPredictor(px, channels, nf)
    quantity = EnergyMinusWork(channels * px * px).requires_grad_(False)
    film = torch.rand(batch, HISTORY + HORIZON, channels, px, px)
    history, future = film[:, :HISTORY], film[:, HISTORY:]
    actions = torch.rand(batch, HISTORY + HORIZON - 1, 1) * 2 - 1
    adam = torch.optim.Adam(model.parameters(), lr=1e-4, foreach=True)

    def step():
        adam.zero_grad(set_to_none=True)
        own = polyak_step(model, quantity, history, actions) if is_tailored else model.own(batch)
        loss = mse_loss(model(history, actions, own), future)
        loss.backward()
        nn.utils.clip_grad_norm_(model.parameters(), 0.2)
        adam.step()
        return loss.item()

    return step
