"""Noise in what is imported: found, stated, or named where derivatives do not fit."""

import re

import h5py
import numpy as np

from motions import ORBITS, SWINGS, kepler, pendulum
from program import main, run, sentence, warnings
from written import EVEN, CsvCase


class Noise(CsvCase):
    def test_noise_is_found_and_nothing_wrong_is_said(self):
        path = self.write(*self.rows(["q", "p"], pendulum, SWINGS, EVEN, False, 0.05))
        out, text = self.imported(path)
        noise = [float(number) for number in re.search(r"noise found: q (\S+) and p (\S+)", text).groups()]
        np.testing.assert_allclose(noise, 0.05, rtol=0.1)
        found = self.laws(out, "--units", "q=rad,p=1")
        self.assertFalse(any(law["conserved"] for law in found["formulas"]["laws"]))
        # its numbers are those of the observations: splines are too flat, and give -2.92
        first = found["formulas"]["laws"][0]
        self.assertEqual(first["formula"], "p^2 + c0 cos(q)")
        self.assertAlmostEqual(first["parameters"][0]["value"], -3, delta=0.03)
        self.assertRegex(run("discover", out), "no law found; derivatives that are off by 0.[01]\\d* of their size")
        with h5py.File(out) as file:
            self.assertEqual(file.attrs["derivatives"], "smoothing spline")
        # derivatives given: denoised by them
        path = self.write(*self.rows(["q", "p"], pendulum, SWINGS, EVEN, True, 0.05))
        c, is_conserved = self.constant(self.imported(path, "--noise", 0.05)[0])
        self.assertAlmostEqual(c, -3, delta=0.03)
        self.assertTrue(is_conserved)

    def test_noise_beside_given_derivatives_is_found_or_stated(self):
        for field, names, starts, laws in [(pendulum, ["q", "p"], SWINGS, 1), (kepler, ["x", "y", "vx", "vy"], ORBITS, 2)]:
            out, text = self.imported(self.write(*self.rows(names, field, starts, EVEN, True, 0.05)))
            found = [float(n) for n in re.findall(r"[a-z]+ (0\.\d+)", text.partition("noise found: ")[2])]
            self.assertEqual(len(found), len(names))
            for noise in found:  # 1,500 steps a coordinate
                self.assertAlmostEqual(noise, 0.05, delta=0.004)
            self.assertEqual(len(self.laws(out)["independent"]["laws"]), laws)
            with h5py.File(out) as file:
                self.assertAlmostEqual(file["trajectories/observation"].attrs["noise_std"], 0.05, delta=0.002)
        path = self.write(*self.rows(["q", "p"], pendulum, SWINGS, EVEN, True, 0.05))
        for noise in (0, 0.2):
            out, text = self.imported(path, "--noise", noise)
            self.assertNotIn("noise found", text)
            with h5py.File(out) as file:
                self.assertEqual(file["trajectories/observation"].attrs["noise_std"], noise)
        out, text = self.imported(self.write(*self.rows(["q", "p"], pendulum, SWINGS, EVEN, True)))
        self.assertNotIn("noise found", text)

    def test_a_stated_noise_is_what_a_spline_leaves(self):
        path = self.write(*self.rows(["q", "p"], pendulum, SWINGS, EVEN, False, 0.05))
        for noise in (0.03, 0.1):
            out, text = self.imported(path, "--noise", noise)
            self.assertIn("smoothing spline", text)
            with h5py.File(out) as file:
                left = file["trajectories/observation"][()] - file["trajectories/state"][()]
            # strengths are powers of two, and a spline takes a part of the noise along
            self.assertLess(abs(np.log(np.std(left) / noise)), 0.5)
        _, text = self.imported(path, "--noise", 0)
        self.assertIn("derivatives: polynomials", text)

    def test_a_derivative_that_is_not_that_of_its_column_is_named(self):
        header, trials = self.rows(["q", "p"], pendulum, SWINGS, EVEN, True)
        wrong = [rows * np.array([1, 1, 1, 1.2, 1]) for rows in trials]
        done = warnings("import", "csv", self.write(header, wrong), "-o", self.folder / "wrong.h5", "--overwrite")
        self.assertRegex(done, "the given derivative of q is not that of its values: its integral is off by 20 %")
        self.assertNotIn("derivative of p", done)
        for names, words in [(["t", "q", "p", "dq_dt", "dP_dt"], "'dP_dt' is the derivative of no column, as there is no 'P'"),
                             (["t", "q", "p", "dq_dt", "e"], "has dq_dt, but not the derivatives of all of q, p and e")]:
            path = self.write(names, trials)
            self.assertIn(words, sentence("import", "csv", path, "-o", self.folder / "bad.h5", code=3))


if __name__ == "__main__":
    main()
