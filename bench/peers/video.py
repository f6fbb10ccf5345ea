"""One step of training a video predictor: the work of `video` in speed_video.cpp.

The network of learn/models/video.h, as one would write it in PyTorch; free-running over 26 frames
after 4 of history, mean squared error, gradients clipped at 0.2, Adam.
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

    def forward(self, history, actions):
        """history [b, 4, c, h, w], actions [b, times, 1] -> [b, 26, c, h, w]."""
        batch = len(history)
        own = self.own(batch)
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


def make_trainer(px, channels, nf, batch):
    """A function that takes one training step and returns the loss before it."""
    torch.manual_seed(0)
    model = VideoPredictor(px, channels, nf)
    frames = torch.rand(batch, HISTORY + HORIZON, channels, px, px)
    actions = torch.rand(batch, HISTORY + HORIZON - 1, 1) * 2 - 1
    adam = torch.optim.Adam(model.parameters(), lr=1e-4, foreach=True)

    def step():
        adam.zero_grad(set_to_none=True)
        loss = mse_loss(model(frames[:, :HISTORY], actions), frames[:, HISTORY:])
        loss.backward()
        nn.utils.clip_grad_norm_(model.parameters(), 0.2)
        adam.step()
        return loss.item()

    return step
