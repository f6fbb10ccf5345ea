"""Exact motions that several tests write as other people's data: 25 pendulums and 25 Kepler orbits."""

import numpy as np

from program import runge_kutta


def pendulum(x):
    return np.stack([2 * x[..., 1], -3 * np.sin(x[..., 0])], -1)


def kepler(x):
    cube = (x[..., 0] ** 2 + x[..., 1] ** 2) ** 1.5
    return np.concatenate([x[..., 2:], -x[..., :2] / cube[..., None]], -1)


def integrated(field, x, times):
    """States at the times, a first axis, by classical Runge-Kutta in steps of at most 0.0025: exact to 1e-11 here."""
    states = [x]
    for a, b in zip(times[:-1], times[1:]):
        steps = int(np.ceil((b - a) / 0.0025))
        for _ in range(steps):
            x = runge_kutta(field, x, (b - a) / steps)
        states.append(x)
    return np.stack(states)


def _orbits(random):
    eccentricity, angle, axis = random.uniform(0, 0.4, 25), random.uniform(0, 7, 25), random.uniform(0.8, 1.3, 25)
    speed = np.sqrt((1 + eccentricity) / (1 - eccentricity) / axis)
    near = axis * (1 - eccentricity)
    return np.stack([near * np.cos(angle), near * np.sin(angle), -speed * np.sin(angle), speed * np.cos(angle)], -1)


_random = np.random.default_rng(11)
SWINGS = np.stack([_random.uniform(-2.5, 2.5, 25), _random.uniform(-1, 1, 25)], -1)
ORBITS = _orbits(_random)
