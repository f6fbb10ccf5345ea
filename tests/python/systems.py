"""Systems whose laws are known, and some without a law: what discovery is tried on.

python3 systems.py PATH_OF_PROGRAM SEEDS [NAME ...] prints the table of docs/discovery.md.
"""

import dataclasses
import json
import pathlib
import re
import resource
import sys
import tempfile
from typing import Callable

import numpy as np

import program

TRIALS = 25


@dataclasses.dataclass
class System:
    title: str
    units: str  # "q=m,p=kg m/s", which names the coordinates too
    rate: Callable  # dx/dt of states [N, D]
    starts: Callable  # a random generator -> [N, D]
    seconds: float
    points: int
    laws: int  # independent functions that do not change, among those that are searched
    truths: tuple = ()  # conserved functions of states [..., D]

    @property
    def names(self):
        return [word.split("=")[0] for word in self.units.split(",")]


def stack(*columns):
    return np.stack(columns, -1)


def columns(x):
    return np.moveaxis(x, -1, 0)


def uniform(low, high, dimension):
    return lambda random: random.uniform(low, high, (TRIALS, dimension))


def predators_and_prey(s):
    x, y = columns(s)
    return stack(1.1 * x - 0.4 * x * y, 0.1 * x * y - 0.4 * y)


def henon_heiles(s):
    x, y, vx, vy = columns(s)
    return stack(vx, vy, -x - 2 * x * y, -y - x * x + y * y)


def henon_heiles_energy(s):
    x, y, vx, vy = columns(s)
    return (vx**2 + vy**2 + x**2 + y**2) / 2 + x**2 * y - y**3 / 3


def duffing(s):
    q, p = columns(s)
    return stack(p, q - q**3)


def kepler(s):
    cube = (s[..., :2] ** 2).sum(-1, keepdims=True) ** 1.5
    return np.concatenate([s[..., 2:], -s[..., :2] / cube], -1)


def orbits(random):
    eccentricity, angle = random.uniform(0, 0.3, TRIALS), random.uniform(0, 7, TRIALS)
    axis = random.uniform(0.8, 1.3, TRIALS)
    nearest = axis * (1 - eccentricity)
    speed = np.sqrt((1 + eccentricity) / (1 - eccentricity) / axis)
    return stack(nearest * np.cos(angle), nearest * np.sin(angle), -speed * np.sin(angle), speed * np.cos(angle))


def kepler_energy(s):
    return (s[..., 2:] ** 2).sum(-1) / 2 - 1 / np.hypot(s[..., 0], s[..., 1])


INERTIA = np.array([1, 2, 3.5])


def rigid_body(w):
    return np.cross(INERTIA * w, w) / INERTIA


MASSES = np.array([1, 0.5, 0.3])


def three_bodies(s):
    q = s[..., :6].reshape(*s.shape[:-1], 3, 2)
    between = q[..., None, :, :] - q[..., :, None, :]
    cube = ((between**2).sum(-1) + np.eye(3)) ** 1.5
    return np.concatenate([s[..., 6:], (MASSES[:, None] * between / cube[..., None]).sum(-2).reshape(*q.shape[:-2], 6)], -1)


def triangles(random):
    q = np.array([1, 0, -0.5, 0.8, -0.6, -0.9]) + random.uniform(-0.15, 0.15, (TRIALS, 6))
    v = np.stack([-0.8 * q[:, 1::2], 0.8 * q[:, ::2]], -1).reshape(TRIALS, 6)
    return np.concatenate([q, v + random.uniform(-0.1, 0.1, (TRIALS, 6))], -1)


def three_energy(s):
    q, v = s[..., :6].reshape(*s.shape[:-1], 3, 2), s[..., 6:].reshape(*s.shape[:-1], 3, 2)
    energy = (MASSES * (v**2).sum(-1)).sum(-1) / 2
    for i, j in [(0, 1), (0, 2), (1, 2)]:
        energy = energy - MASSES[i] * MASSES[j] / np.linalg.norm(q[..., i, :] - q[..., j, :], axis=-1)
    return energy


def three_turn(s):
    return (MASSES * (s[..., 0:6:2] * s[..., 7::2] - s[..., 1:6:2] * s[..., 6::2])).sum(-1)


def ring(s):
    q = s[..., :10]
    return np.concatenate([s[..., 10:], np.roll(q, 1, -1) + np.roll(q, -1, -1) - 2 * q], -1)


def ring_energy(s):
    return (s[..., 10:] ** 2).sum(-1) / 2 + ((s[..., :10] - np.roll(s[..., :10], 1, -1)) ** 2).sum(-1) / 2


def toda(s):
    force = np.exp(s[..., :3] - np.roll(s[..., :3], -1, -1))
    return np.concatenate([s[..., 3:], np.roll(force, 1, -1) - force], -1)


def toda_energy(s):
    return (s[..., 3:] ** 2).sum(-1) / 2 + np.exp(s[..., :3] - np.roll(s[..., :3], -1, -1)).sum(-1)


def van_der_pol(s):
    x, v = columns(s)
    return stack(v, (1 - x**2) * v - x)


def lorenz(s):
    x, y, z = columns(s)
    return stack(10 * (y - x), x * (28 - z) - y, x * y - 8 / 3 * z)


def damped_spring(s):
    q, p = columns(s)
    return stack(p, -q - 0.2 * p)


def of(*names, unit):
    return ",".join(f"{name}={unit}" for name in names)


def numbered(name, count):
    return [f"{name}{i}" for i in range(count)]


BODIES = of("x1", "y1", "x2", "y2", "x3", "y3", unit="m") + "," + of("vx1", "vy1", "vx2", "vy2", "vx3", "vy3", unit="m/s")

SYSTEMS = {
    "predators": System("Lotka and Volterra", "x=1,y=1", predators_and_prey, uniform(1, 8, 2), 10, 101, 1,
                        (lambda s: s[..., 0] + 4 * s[..., 1] - 4 * np.log(s[..., 0]) - 11 * np.log(s[..., 1]),)),
    "henon-heiles": System("Henon and Heiles", "x=1,y=1,vx=1/s,vy=1/s", henon_heiles, uniform(-0.3, 0.3, 4), 10, 101, 1,
                           (henon_heiles_energy,)),
    "duffing": System("Duffing", "q=1,p=1", duffing, uniform(-1.5, 1.5, 2), 8, 101, 1,
                      (lambda s: s[..., 1] ** 2 - s[..., 0] ** 2 + s[..., 0] ** 4 / 2,)),
    "kepler": System("Kepler", "q1=m,q2=m,p1=m/s,p2=m/s", kepler, orbits, 6, 121, 2,
                     (kepler_energy, lambda s: s[..., 0] * s[..., 3] - s[..., 1] * s[..., 2])),
    "rigid-body": System("rigid body", of("w1", "w2", "w3", unit="1/s"), rigid_body, uniform(-1, 1, 3), 10, 101, 2,
                         (lambda w: (INERTIA * w**2).sum(-1), lambda w: ((INERTIA * w) ** 2).sum(-1))),
    "three-bodies": System("three bodies in the plane", BODIES, three_bodies, triangles, 3, 121, 5,
                           (three_energy, three_turn, lambda s: s[..., 6::2] @ MASSES, lambda s: s[..., 7::2] @ MASSES)),
    "ring": System("ring of ten masses and springs", of(*numbered("q", 10), unit="m") + "," + of(*numbered("p", 10), unit="m/s"),
                   ring, uniform(-1, 1, 20), 10, 101, 14, (ring_energy, lambda s: s[..., 10:].sum(-1))),
    "toda": System("Toda's ring of three", "q1=1,q2=1,q3=1,p1=1/s,p2=1/s,p3=1/s", toda, uniform(-1, 1, 6), 6, 101, 2,
                   (toda_energy, lambda s: s[..., 3:].sum(-1))),
    "van-der-pol": System("Van der Pol", "x=1,v=1", van_der_pol, uniform(-2, 2, 2), 10, 201, 0),
    "lorenz": System("Lorenz", "x=1,y=1,z=1", lorenz,
                     lambda random: 8 * random.normal(size=(TRIALS, 3)) + np.array([0, 0, 25]), 2, 201, 0),
    "damped-spring": System("damped spring", "q=1,p=1", damped_spring, uniform(-1, 1, 2), 10, 101, 0),
}


def motion(system, seed):
    """Times and states [N, T, D], by 40 classical Runge-Kutta steps between two times."""
    x = system.starts(np.random.default_rng(seed))
    times = np.linspace(0, system.seconds, system.points)
    states = [x]
    for _ in times[1:]:
        for _ in range(40):
            x = program.runge_kutta(system.rate, x, times[1] / 40)
        states.append(x)
    return times, np.stack(states, 1)


def discovered(folder, system, times, states, *, derivatives, units, flags=(), scale=1):
    """What `noether discover --json` says of these states times `scale`, and the seconds of CPU that it took."""
    arrays, data = pathlib.Path(folder) / "arrays.npz", pathlib.Path(folder) / "data.h5"
    given = ("--derivative", "dx") if derivatives else ()
    np.savez(arrays, x=scale * states, t=times, dx=scale * system.rate(states))
    program.run("import", "npz", arrays, "-o", data, "--overwrite", "--state", "x", "--time", "t", "--names",
                ",".join(system.names), *given)
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    text = program.run("discover", data, "--json", "--resamples", 0, *(("--units", system.units) if units else ()), *flags)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    seconds = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return json.loads(text), seconds


def value(formula, named):
    """A printed formula, in which products are written side by side, of arrays by name."""
    words = re.findall(r"[A-Za-z_]\w*|\d[\d.]*(?:e[+-]?\d+)?|\S", formula)
    code = ""
    for word, before in zip(words, [""] + words):
        joins = re.match(r"[\w.)]", before) and re.match(r"[\w.(]", word)
        if joins and not (before in ("sin", "cos", "exp", "log", "sqrt") and word == "("):
            code += "*"
        code += "**" if word == "^" else word
    functions = {name: getattr(np, name) for name in ("sin", "cos", "exp", "log", "sqrt")}
    return eval(code, functions, named)


def explained(laws, truth):
    """R^2 of the least-squares fit of `truth` by `laws`, arrays of its shape, and a constant."""
    y = truth.ravel()
    A = np.stack([*(law.ravel() for law in laws), np.ones(y.size)], -1)
    A = A / np.abs(A).max(0)
    rest = y - A @ np.linalg.lstsq(A, y, rcond=None)[0]
    return 1 - (rest**2).sum() / ((y - y.mean()) ** 2).sum()


def r_squared(found, system, states, truth):
    """Of a true law by the laws found."""
    named = dict(zip(system.names, columns(states)))
    return explained([value(law["formula"], named) for law in found["independent"]["laws"]], truth(states))


def held_out(states):
    """The trajectories that the program tests on: the last fifth."""
    return states[TRIALS * 4 // 5:]


def print_table(seeds, names):
    print("| data | laws | found, derivatives given | R^2 | none given | R^2 | without units | CPU s |")
    print("|---|---|---|---|---|---|---|---|")
    for system in [SYSTEMS[name] for name in names or SYSTEMS]:
        cells, seconds = {}, []
        for seed in range(100, 100 + seeds):
            times, states = motion(system, seed)
            for derivatives in (True, False):
                for units in (True, False):
                    with tempfile.TemporaryDirectory() as folder:
                        found, took = discovered(folder, system, times, states, derivatives=derivatives, units=units)
                    seconds.append(took)
                    r2 = [r_squared(found, system, held_out(states), truth) for truth in system.truths]
                    cells.setdefault((derivatives, units), []).append((len(found["independent"]["laws"]), min(r2, default=1)))

        def laws(derivatives, units):
            counts = [n for n, _ in cells[derivatives, units]]
            return "/".join(str(n) for n in sorted(set(counts)))

        def worst(derivatives):
            return f"{min(r2 for units in (True, False) for _, r2 in cells[derivatives, units]):.7f}" if system.truths else ""

        print(f"| {system.title} | {system.laws} | {laws(True, True)} | {worst(True)} | {laws(False, True)} | {worst(False)} "
              f"| {laws(True, False)}, {laws(False, False)} | {min(seconds):.1f}-{max(seconds):.1f} |", flush=True)


if __name__ == "__main__":
    program._binary = sys.argv[1]
    print_table(int(sys.argv[2]), sys.argv[3:])
