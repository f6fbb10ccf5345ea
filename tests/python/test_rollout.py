"""Starts of a user: those that cannot be integrated are named, and bars that are missed."""

import re
import subprocess
import sys

import h5py
import numpy as np

from program import FolderCase, main, run, sentence


def orbit(distance, speed):
    """Two bodies of mass 1, their centre of mass at rest: x1, y1, x2, y2, then velocities."""
    return [distance / 2, 0, -distance / 2, 0, 0, speed / 2, 0, -speed / 2]


class Rollout(FolderCase):
    def starts(self, states, times):
        path = self.folder / "starts.h5"
        with h5py.File(path, "w") as file:
            file["initial_state"], file["time"] = np.array(states, float), np.array(times, float)
        return path

    def test_an_eccentric_orbit_that_misses_the_bar_is_named_and_kept(self):
        out = self.folder / "out.h5"
        path = self.starts([orbit(1, 1.4), orbit(1, 0.01), orbit(1, 1.3)], np.linspace(0, 10, 50))
        words = warnings("two-body", path, out, 0)
        self.assertRegex(words, r"warning: .*'energy' breaks its law by \S+ in trajectory 1; at most \S+ is allowed")
        said, bar = (float(number) for number in re.search(r"by (\S+) in .* most (\S+) is", words).groups())
        with h5py.File(out) as file:
            energy = file["trajectories/invariants/energy"][()]
        drift = np.abs(energy - energy[:, :1]).max(1)
        drift /= np.maximum(1, np.abs(energy[:, 0]))
        self.assertLess(drift[[0, 2]].max(), bar)
        self.assertGreater(drift[1], bar)
        self.assertAlmostEqual(drift[1], said, delta=0.01 * said)

    def test_what_keeps_its_bar_is_written_in_silence(self):
        out = self.folder / "quiet.h5"
        self.assertEqual(warnings("two-body", self.starts([orbit(1, 1.4)], np.linspace(0, 3, 9)), out, 0), "")

    def test_bad_starts_are_named_and_the_others_kept(self):
        out = self.folder / "bad.h5"
        states = [orbit(1, 1.4), orbit(1, 0), orbit(1, 1.3), orbit(2, 0), orbit(1, 1.2)]  # two fall into each other
        words = sentence("rollout", "two-body", "--input", self.starts(states, np.linspace(0, 10, 50)), "-o", out, code=4)
        self.assertRegex(words, r"bad.h5' is written without starts 1 and 3 of 5 \(from 0\): ")
        run("validate", out, "--replay", "all")
        with h5py.File(out) as file:
            np.testing.assert_array_equal(file["trajectories/initial_state"], np.array(states)[[0, 2, 4]])
        states = [[0.1, 0.2], [np.nan, 0], [0.3, 0.1], [0, np.inf]]
        words = sentence("rollout", "spring", "--input", self.starts(states, np.linspace(0, 3, 9)), "-o", self.folder / "nan.h5", code=4)
        self.assertRegex(words, r"nan.h5' is written without starts 1 and 3 of 4 \(from 0\): start 1 is not finite")
        with h5py.File(self.folder / "nan.h5") as file:
            np.testing.assert_array_equal(file["trajectories/initial_state"], np.array(states)[[0, 2]])

    def test_where_every_start_is_bad_nothing_is_written(self):
        out = self.folder / "none.h5"
        sentence("rollout", "two-body", "--input", self.starts([orbit(1, 0)], np.linspace(0, 10, 50)), "-o", out, code=4)
        self.assertFalse(out.exists())


def warnings(system, starts, out, code):
    done = subprocess.run([BINARY, "rollout", system, "--input", str(starts), "-o", str(out)], capture_output=True, text=True)
    if done.returncode != code:
        raise AssertionError(f"exit code {done.returncode}\n{done.stderr}")
    return done.stderr


if __name__ == "__main__":
    BINARY = sys.argv[1]
    main()
