"""Laws are found in data that others made, as many as there are; where there is none, none is claimed."""

import tempfile

from program import FolderCase, main, run
from systems import SYSTEMS, discovered, held_out, motion, r_squared

EVERY_WAY = [(derivatives, units) for derivatives in (True, False) for units in (True, False)]


class Systems(FolderCase):
    def search(self, name, seed, derivatives, units, *flags, scale=1):
        system = SYSTEMS[name]
        times, states = motion(system, seed)
        with tempfile.TemporaryDirectory(dir=self.folder) as folder:
            found, seconds = discovered(folder, system, times, states, derivatives=derivatives, units=units,
                                        flags=flags, scale=scale)
        return found, seconds, held_out(states)

    def check_laws(self, name, ways, *flags, seed=1):
        system = SYSTEMS[name]
        for derivatives, units in ways:
            with self.subTest(name, derivatives=derivatives, units=units):
                found, seconds, states = self.search(name, seed, derivatives, units, *flags)
                laws = found["independent"]["laws"]
                self.assertEqual(len(laws), system.laws, laws)
                for truth in system.truths:
                    self.assertGreaterEqual(r_squared(found, system, states, truth), 0.9999)
                if system.laws == 0:
                    self.assertFalse([law["formula"] for law in found["formulas"]["laws"] if law["conserved"]])
                    self.assertRegex(found["verdict"], r"^no law among these \d+ formulas and the combinations of \d+ functions")
                if len(system.names) == 4:
                    self.assertLess(seconds, 10)  # the bar of issue 12, of CPU

    def test_every_law_is_found_with_units_and_without_and_with_derivatives_and_without(self):
        for name in ["predators", "henon-heiles", "duffing", "kepler", "rigid-body"]:
            self.check_laws(name, EVERY_WAY)

    def test_systems_of_many_coordinates(self):
        # formulas of three nodes, as they are not what takes many coordinates
        self.check_laws("three-bodies", EVERY_WAY, "--max-nodes", 3)
        self.check_laws("toda", EVERY_WAY, "--max-nodes", 3)
        self.check_laws("ring", [(True, False), (False, True)], "--max-nodes", 3)

    def test_where_nothing_is_conserved_nothing_is_claimed(self):
        for name in ["van-der-pol", "lorenz", "damped-spring"]:
            self.check_laws(name, EVERY_WAY)

    def test_laws_are_the_same_at_any_scale(self):
        for name, scale in [("kepler", 1e-4), ("rigid-body", 1e-10), ("henon-heiles", 1e3)]:
            with self.subTest(name, scale=scale):
                usual, _, _ = self.search(name, 2, True, False)
                scaled, _, _ = self.search(name, 2, True, False, scale=scale)
                self.assertEqual(len(scaled["independent"]["laws"]), SYSTEMS[name].laws)
                if name == "rigid-body":  # homogeneous
                    self.assertEqual([law["formula"] for law in scaled["independent"]["laws"]],
                                     [law["formula"] for law in usual["independent"]["laws"]])

    def test_what_has_one_value_is_said_once(self):
        run("generate", "two-body", "--n", 20, "-o", self.folder / "two-body.h5")
        lines = run("discover", self.folder / "two-body.h5", "--noise-free", "--max-nodes", 5, "--resamples", 0).split("\n")
        first = next(i for i, line in enumerate(lines) if "x1 + x2" in line)
        self.assertIn("one value in all trajectories", lines[first])
        self.assertIn("y1 + y2", lines[first + 1])
        self.assertNotIn("2 forms", "".join(lines[first:first + 4]))


if __name__ == "__main__":
    main()
