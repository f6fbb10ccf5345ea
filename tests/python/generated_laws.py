"""What `discover --noise-free` finds in the datasets that the program generates.

python3 generated_laws.py PATH_OF_PROGRAM [NAME ...] prints the rows of docs/discovery.md: how many independent laws
were found, how much of each stored invariant they, their squares and their products explain on the test split (R^2),
and the seconds of CPU.
"""

import json
import pathlib
import resource
import sys
import tempfile

import h5py
import numpy as np

import program
from systems import explained, value

NAMES = ["three-body", "planets", "n-body-8", "kepler", "henon-heiles", "duffing", "oscillator-2d", "spring-ring",
         "rigid-body", "charged-particle", "lotka-volterra", "matching-pennies", "rock-paper-scissors", "lennard-jones-4",
         "lennard-jones-16", "van-der-pol", "lorenz"]


def test_split(path):
    """Coordinates and parameters by name, and invariants by name, at all points of the test trajectories."""
    with h5py.File(path) as file:
        test = file["splits/test"][:]
        states = file["trajectories/state"][:][test]
        named = dict(zip(file.attrs["coordinate_names"], np.moveaxis(states, -1, 0)))
        for name, values in file.get("parameters", {}).items():
            named[name] = np.repeat(values[:][test, None], states.shape[1], 1)
        stored = file.get("trajectories/invariants", {})
        return named, {name: values[:][test] for name, values in stored.items()}


def print_row(name):
    with tempfile.TemporaryDirectory() as folder:
        data = pathlib.Path(folder) / "data.h5"
        program.run("generate", name, "-o", data)
        before = resource.getrusage(resource.RUSAGE_CHILDREN).ru_utime
        found = json.loads(program.run("discover", data, "--noise-free", "--json", "--jobs", 1))
        seconds = resource.getrusage(resource.RUSAGE_CHILDREN).ru_utime - before
        named, invariants = test_split(data)
    laws = [law["formula"] for law in found["independent"]["laws"]]
    values = [value(law, named) for law in laws]
    values += [a * b for i, a in enumerate(values) for b in values[:i + 1]]
    shares = [f"{title} {explained(values, truth):.7f}" for title, truth in invariants.items()]
    print(f"| {name} | {len(laws)} | {', '.join(shares)} | {seconds:.1f} | {'; '.join(laws)} |", flush=True)


if __name__ == "__main__":
    program._binary = sys.argv[1]
    print("| data | independent laws | R^2 | CPU s | laws |\n|---|---|---|---|---|")
    for given in sys.argv[2:] or NAMES:
        print_row(given)
