"""Seconds per training step in PyTorch, for the same work as the C++ benchmarks.

    taskset -c 1 /usr/bin/python3 bench/peers/peers.py --tasks vanilla,hnn --seconds 5

Float32, full batch, one thread; Adam 1e-3 with coupled weight decay 1e-4. A step
is forward, backward and Adam. Prints one JSON object a task:

    vanilla            mean (f(x) - dx)^2
    hnn                the same with f = J grad H
    meta-low-rank      one inner SGD step per point, by low-rank updates
    meta-low-rank-jit  the same, compiled by torch.jit.trace
    meta-vmap-whole    the same by vmap(grad), as one would write it: every point with
                       its own dense weights, all points at once
    meta-vmap          the same, 45 points at a time, which is the fastest
    conv-PX-NF         no training: the three convolutions of each level of a video encoder,
                       batch 16, PX pixels wide, NF channels at first
    video-PX-NF        a video predictor, free-running over 26 frames of PX pixels, NF channels at
                       first; batch 32, 16 and 4 for 16, 32 and 64 pixels, those in colour; the
                       gradient is clipped, and nothing decays
    planets            the planets' network through its inner step (inner.py)
    msr-K              a layer that learns how weights are shared, K numbers a task
    noether-PX-NF      the same through one inner step on energy minus work, of gamma and beta

`seconds_per_step` is CPU time, of one thread the same as wall time on an idle
machine; the least of five medians, each over a fifth of the time: other work on
the machine can only slow a step down. `blas` must be openblas; with Debian's
reference BLAS the times mean nothing.
"""

import argparse
import json
import os
import statistics
import sys
import time

os.environ.update(OMP_NUM_THREADS="1", OPENBLAS_NUM_THREADS="1")  # read when torch loads

try:
    import torch
except ImportError:
    print("bench/peers needs PyTorch: apt-get install python3-torch libopenblas0", file=sys.stderr)
    sys.exit(2)

import conv
import inner
import meta
import problem
import video

REPEATS = 5
WARM_UP_STEPS = 5  # the first steps grow the heap, and the jit compiles in them
VMAP_CHUNK = 45  # points at a time: 7 MB of weights


def make_trainer(loss_of, points, outputs=2, chunk=None, prepare=None):
    """A function that takes one training step and returns the loss before it.

    `chunk` splits the batch and sums the gradients; `prepare` compiles the loss first.
    """
    x, dx = problem.pendulum_points(points)
    w = problem.initial_weights(outputs)
    adam = torch.optim.Adam(w, lr=1e-3, weight_decay=1e-4, foreach=True)
    parts = list(zip(x.split(chunk or points), dx.split(chunk or points)))
    if prepare:
        loss_of = prepare(w, x, dx)

    def train_step():
        adam.zero_grad(set_to_none=True)
        total = 0.0
        for x_part, dx_part in parts:
            loss = loss_of(w, x_part, dx_part) * (len(x_part) / points)
            loss.backward()
            total += loss.item()
        adam.step()
        return total

    return train_step


TASKS = {
    "vanilla": lambda n: make_trainer(problem.vanilla_loss, n),
    "hnn": lambda n: make_trainer(problem.hnn_loss, n, outputs=1),
    "meta-low-rank": lambda n: make_trainer(meta.low_rank_loss, n),
    "meta-low-rank-jit": lambda n: make_trainer(None, n, prepare=meta.traced_low_rank_loss),
    "meta-vmap-whole": lambda n: make_trainer(meta.vmap_loss, n),
    "meta-vmap": lambda n: make_trainer(meta.vmap_loss, n, chunk=VMAP_CHUNK),
    "conv-32-8": lambda n: conv.make_trio(32, 8),
    "conv-32-16": lambda n: conv.make_trio(32, 16),
    "conv-64-16": lambda n: conv.make_trio(64, 16),
    "video-16-8": lambda n: video.make_trainer(16, 1, 8, 32),
    "video-32-8": lambda n: video.make_trainer(32, 1, 8, 16),
    "video-64-16": lambda n: video.make_trainer(64, 3, 16, 4),
    "planets": lambda n: inner.make_planets(),
    "msr-6": lambda n: inner.make_msr(6),
    "msr-30": lambda n: inner.make_msr(30),
    "noether-16-8": lambda n: video.make_trainer(16, 1, 8, 32, is_tailored=True),
    "noether-32-8": lambda n: video.make_trainer(32, 1, 8, 16, is_tailored=True),
    "noether-64-16": lambda n: video.make_trainer(64, 3, 16, 4, is_tailored=True),
}


def measure(train_step, seconds):
    """Trains for about `seconds`; returns the fields of the record that come from running."""
    losses = [train_step() for _ in range(WARM_UP_STEPS)]
    medians = []
    for _ in range(REPEATS):
        durations = []
        while not durations or sum(durations) < seconds / REPEATS:
            start = time.process_time()
            losses.append(train_step())
            durations.append(time.process_time() - start)
        medians.append(statistics.median(durations))
    return {"seconds_per_step": min(medians), "steps": len(losses),
            "loss_first": losses[0], "loss_last": losses[-1]}


def blas_name():
    """Whether OpenBLAS is loaded into this process, by the paths of its libraries."""
    with open("/proc/self/maps") as maps:
        return "openblas" if "openblas" in maps.read() else "other"


def parse_arguments():
    """The options, checked; a wrong one exits with 2 and says what was expected."""
    parser = argparse.ArgumentParser(description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--tasks", default=",".join(TASKS), help="comma-separated; default: all")
    parser.add_argument("--seconds", type=float, default=5, help="time for each task; default 5")
    parser.add_argument("--points", type=int, default=1125, help="batch size; default 1125")
    arguments = parser.parse_args()
    arguments.tasks = arguments.tasks.split(",")
    for task in arguments.tasks:
        if task not in TASKS:
            parser.error(f"unknown task '{task}'; expected some of {', '.join(TASKS)}")
    if arguments.points < 1:
        parser.error(f"--points must be at least 1, not {arguments.points}")
    return arguments


def main():
    arguments = parse_arguments()
    torch.set_num_threads(1)
    meta.assert_agreement()
    for task in arguments.tasks:
        result = measure(TASKS[task](arguments.points), arguments.seconds)
        record = {"task": task, **result, "points": arguments.points,
                  "torch": torch.__version__, "blas": blas_name(),
                  "threads": torch.get_num_threads()}
        print(json.dumps(record), flush=True)


if __name__ == "__main__":
    main()
