"""The table `compare`: the rows of the state tables on a file of trajectories."""

import csv

import h5py
import numpy as np

from program import FolderCase, main, run, sentence


def records(folder):
    with (folder / "records.csv").open() as file:
        return list(csv.DictReader(file))


class Compare(FolderCase):
    def compare(self, name, *more, settings=()):
        data, out = self.folder / f"{name}.h5", self.folder / f"{name}-table"
        run("generate", name, *settings, "-o", data, "--overwrite")
        run("table", "compare", "--data", data, "--quick", "--seeds", 1, *more, "-o", out, "--overwrite")
        return out

    def test_a_generated_pendulum_has_the_numbers_of_its_own_table(self):
        rows = "vanilla,control,hnn,tailored,meta-oracle,meta-neural-frozen"
        own = self.folder / "own"
        run("table", "pendulum", "--quick", "--seeds", 1, "--rows", rows, "-o", own)
        out = self.compare("pendulum", "--horizon", f"1,{10 / 3!r}", "--rows", rows, settings=("--set", "noise_std=0"))

        def numbers(folder, one):
            return {(r["row"], r["metric"], r["horizon"] == one): r["value"] for r in records(folder)
                    if r["metric"] not in ("seconds", "energy_gap")}

        self.assertEqual(numbers(out, "1.0"), numbers(own, "3.0"))

    def test_rows_without_a_law_or_without_pairs_are_left_out_and_say_why(self):
        for name, rows, reason in [
            ("damped-pendulum", {"tailored", "meta-oracle"}, "no law is stated by the file or found in it"),
            ("light-ray", {"hnn"}, "an odd number of coordinates makes no canonical pairs"),
        ]:
            with self.subTest(name):
                out = self.compare(name, "--rows", "vanilla,control,hnn,tailored,meta-oracle", settings=("--n", 10))
                made = {r["row"] for r in records(out) if r["metric"] == "rmse"}
                self.assertEqual({"vanilla", "control", "hnn", "tailored", "meta-oracle"} - made, rows)
                text = (out / "table.md").read_text()
                for row in rows:
                    self.assertIn(f"row {row}, because {reason}", text)

    def test_a_law_that_nobody_states_is_found_and_followed(self):
        stated = self.compare("pendulum", "--rows", "control,control-projected")
        with h5py.File(self.folder / "pendulum.h5") as file, h5py.File(self.folder / "bare.h5", "w") as bare:
            for name in ("dimensions", "splits", "provenance", "trajectories"):
                file.copy(name, bare)
            for name, value in file.attrs.items():
                bare.attrs[name] = value
            del bare["trajectories/invariants"]
            bare.attrs["system"] = "mine"
        out = self.folder / "bare-table"
        run("table", "compare", "--data", self.folder / "bare.h5", "--quick", "--seeds", 1, "--rows",
            "control,control-projected", "-o", out)

        def rmse(folder):
            return np.array([float(r["value"]) for r in records(folder) if r["metric"] == "rmse"])

        # p^2 - 3.000007 cos q in place of p^2 - 3 cos q
        np.testing.assert_allclose(rmse(out), rmse(stated), rtol=1e-4)
        self.assertIn("energy_drift", {r["metric"] for r in records(out)})

    def test_what_cannot_be_compared_is_refused_in_one_sentence(self):
        out = self.folder / "refused"
        self.assertRegex(sentence("table", "compare", "-o", out, code=2), "needs --data FILE: a file of trajectories")
        episodes = self.folder / "episodes.h5"
        run("generate", "pixel-pendulum", "--n", 2, "--steps", 3, "--render-size", 16, "-o", episodes)
        self.assertRegex(sentence("table", "compare", "--data", episodes, "-o", out, code=3), "holds episodes")

    def test_one_record_at_uneven_times_is_compared_over_its_second_half(self):
        lipson, uneven, out = self.folder / "record.txt", self.folder / "uneven.h5", self.folder / "uneven"
        times = np.cumsum(np.linspace(0.1, 0.2, 40))
        lines = [f"0 {t:.6f} {np.sin(t):.6f} {np.cos(t):.6f}" for t in times]
        lipson.write_text("% q p\n" + "\n".join(lines) + "\n")
        run("import", "lipson", lipson, "-o", uneven)
        run("table", "compare", "--data", uneven, "--quick", "--seeds", 1, "--rows", "vanilla", "-o", out)
        self.assertLess(max(float(r["value"]) for r in records(out) if r["metric"] == "rmse"), 1)


if __name__ == "__main__":
    main()
