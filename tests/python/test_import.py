"""Tables of text that others wrote become datasets: imported, valid, searched and trained on."""

import h5py
import numpy as np

from motions import ORBITS, SWINGS, integrated, kepler, pendulum
from program import FolderCase, main, run, sentence
from written import EVEN, UNEVEN, CsvCase


class Csv(CsvCase):
    def test_the_law_of_exact_pendulums_is_found_however_they_are_written(self):
        for given, times, flags in [(True, EVEN, {}), (False, EVEN, {"separator": ";", "decimal": ","}),
                                    (False, UNEVEN, {"separator": "\t", "start": "\ufeff"}),
                                    (True, UNEVEN, {"separator": " ", "start": "# "})]:
            with self.subTest(given=given, **flags):
                path = self.write(*self.rows(["q", "p"], pendulum, SWINGS, times, given), **flags)
                out, text = self.imported(path)
                self.assertIn("25 trials of 61 points: q and p", text)
                c, is_conserved = self.constant(out)
                self.assertAlmostEqual(c, -3, delta=3e-4 if given else 3e-3)
                self.assertTrue(is_conserved)

    def test_both_laws_of_exact_orbits_are_found_with_and_without_derivatives(self):
        units = ("--units", "x=m,y=m,vx=m/s,vy=m/s")
        for given in (True, False):
            path = self.write(*self.rows(["x", "y", "vx", "vy"], kepler, ORBITS, EVEN, given))
            out, _ = self.imported(path, *units)
            found = self.laws(out)
            laws = [law["formula"] for law in found["independent"]["laws"]]
            self.assertEqual(laws[0], "x vy - y vx")
            self.assertRegex(laws[1], r"vx\^2 \+ vy\^2 - (2|1\.999\d*|2\.000\d*) / sqrt")

    def test_angles_are_unwrapped_and_degrees_become_radians(self):
        turning = np.stack([np.linspace(-2, 2, 25), np.linspace(2, 3.5, 25)], -1)  # all go round
        header, trials = self.rows(["q", "p"], pendulum, turning, EVEN, False)
        for turn, flags in [(2 * np.pi, ()), (360, ("--units", "q=deg"))]:
            wrapped = []
            for trial in trials:
                rows = trial.copy()
                rows[:, 1] = (rows[:, 1] * turn / (2 * np.pi) + turn / 2) % turn - turn / 2
                wrapped.append(rows)
            path = self.write(header, wrapped)
            out, _ = self.imported(path, *flags, "--angles", "q")
            with h5py.File(out) as file:
                q = file["trajectories/observation"][..., 0]
            np.testing.assert_allclose(q - q[:, :1], np.stack(trials)[..., 1] - np.stack(trials)[:, :1, 1], atol=1e-9)
            # they turn faster than the swings above, so the ends of trials are less exact
            self.assertAlmostEqual(self.constant(out)[0], -3, delta=0.01)

    def test_our_own_export_comes_back(self):
        source, folder = self.folder / "pendulum.h5", self.folder / "export"
        run("generate", "pendulum", "--n", 10, "-o", source)
        run("export", source, "--format", "csv", "-o", folder)
        out, text = self.imported(folder / "trajectories.csv", "--noise", 0.1)
        self.assertIn("kept as parameters: energy", text)
        with h5py.File(source) as a, h5py.File(out) as b:
            for name in ("observation", "dstate_dt"):
                np.testing.assert_array_equal(a[f"trajectories/{name}"][:], b[f"trajectories/{name}"][:])
            np.testing.assert_array_equal(a["dimensions/time"][:], b["dimensions/time"][:])
            self.assertEqual(b["trajectories/observation"].attrs["noise_std"], 0.1)

    def test_train_evaluate_and_compare_work_on_it(self):
        path = self.write(*self.rows(["q", "p"], pendulum, SWINGS, EVEN, False))
        out, _ = self.imported(path, "--units", "q=rad,p=1,t=s")
        with h5py.File(out) as file:
            self.assertEqual(list(file["trajectories/dstate_dt"].attrs["units"]), ["rad/s", "1/s"])
        model = self.folder / "model.h5"
        run("train", out, "-o", model, "--steps", 300, "--overwrite")
        clean = sentence("train", out, "-o", model, "--steps", 2, "--overwrite", "--denoise", code=0)
        self.assertIn("there is nothing to denoise", clean)
        self.assertRegex(run("evaluate", model, out), r"RMSE to 6 s +\d\.\d+e")  # as far as the data reach
        table = run("table", "compare", "--data", out, "--quick", "--seeds", 1, "--rows", "control,control-projected",
                    "-o", self.folder / "table")
        self.assertIn("control-projected", table)

    def test_lines_with_missing_values_are_left_out_of_one_trial(self):
        header, trials = self.rows(["q", "p"], pendulum, SWINGS[:1], EVEN, False)
        path = self.write(header, trials, numbered=False)
        lines = path.read_text().splitlines()
        lines[7] = lines[7].rsplit(",", 1)[0] + ",NA"
        lines[30] = ",".join([lines[30].split(",")[0], "", "1.0"])
        path.write_text("\n".join(lines))
        out, text = self.imported(path)
        self.assertIn("1 trial of 59 points", text)
        self.assertIn("2 points with missing values left out", text)
        # a line that does not say which trial it belongs to is none of it
        path.write_text("trial," + "\n0,".join(path.read_text().splitlines()) + "\n,9,1,1\n")
        self.assertIn("3 points with missing values left out", self.imported(path)[1])

    def test_what_cannot_be_imported_is_refused_in_one_sentence(self):
        path = self.folder / "bad.csv"

        def refused(text, words, *flags, code=3):
            path.write_text(text)
            self.assertRegex(sentence("import", "csv", path, "-o", self.folder / "bad.h5", *flags, code=code), words)

        good = "t,q,p\n" + "".join(f"{n / 10},{np.sin(n / 5)},{np.cos(n / 5)}\n" for n in range(20))
        refused("", "line 0: there is no header of names")
        refused("t,q,p\n", "line 1: there are no numbers below the header")
        refused("0,1,2\n1,2,3\n", "line 1: '0' is a number: a header of names was expected")
        refused(good + "3,4\n", "line 22: 2 columns where the header has 3")
        refused(good + "3,four,5\n", "line 22: 'four' is not a number")
        refused(good + "3,inf,5\n", "line 22: infinity is no measurement")
        refused(good + "0.5,1,2\n", "t = 0.5 does not come after t = 1.9")
        refused("t,q,q\n0,1,2\n", "line 1: 'q' comes twice")
        refused(good.replace("t,", "clock,"), "has no column t or time; its columns are clock, q and p", code=2)
        refused(good, "unknown column 'x'", "--only", "x", code=2)
        refused(good, "unknown coordinate 'x'", "--angles", "x", code=2)
        refused(good, "'q' is not of the form coordinate=unit", "--units", "q", code=2)
        refused("t,q\n0,1\n1,2\n2,4\n", "trial 0 has 3 points, at least four are needed")
        refused("t,run,q\n0,0,1\n1,0,2\n2,0,4\n3,0,5\n0,1,7\n", "trial 1 has 1 points, at least four are needed")
        refused("t,q\n0,1\n1,1\n2,1\n3,1\n", "has no column that changes along a trial")
        refused("t,q\n" + "".join(f"{100 * (n // 3) + n},{n % 4}\n" for n in range(9)), "trial 0 has no 4 points without a gap")
        self.assertFalse((self.folder / "bad.h5").exists())


class Arrays(FolderCase):
    """NumPy's and HDF5's arrays give the bytes of the numbers that a table of text gives."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.x = integrated(pendulum, SWINGS[:6], EVEN).swapaxes(0, 1)
        cls.dx = pendulum(cls.x)

    def numbers(self, *arguments):
        out = self.folder / "out.h5"
        run("import", *arguments, "-o", out, "--overwrite")
        run("validate", out)
        with h5py.File(out) as file:
            return {name: file[name][()] for name in (
                "trajectories/state", "trajectories/observation", "trajectories/dstate_dt", "dimensions/time",
                "splits/train")}

    def check_numbers(self, *arguments, x=None, exact=True):
        found = self.numbers(*arguments)
        np.testing.assert_array_equal(found["trajectories/state"], self.x if x is None else x)
        if exact:
            np.testing.assert_array_equal(found["trajectories/dstate_dt"], self.dx)
        else:
            np.testing.assert_allclose(found["trajectories/dstate_dt"], self.dx, atol=2e-2)  # at the ends, of slopes up to 5
        np.testing.assert_allclose(found["dimensions/time"], EVEN, atol=1e-12)

    def test_npz_of_any_order_compression_and_type(self):
        path = self.folder / "in.npz"
        for save in (np.savez, np.savez_compressed):
            save(path, x=np.asfortranarray(self.x), t=EVEN.astype(">f8"), rate=self.dx)
            self.check_numbers("npz", path, "--time", "t", "--derivative", "rate", "--names", "q,p")
        save(path, state=np.round(self.x * 1000).astype("i4"), t=np.tile(EVEN, (6, 1)))
        found = self.numbers("npz", path, "--state", "state", "--time", "t")
        # rounding is noise, which is seen and smoothed
        np.testing.assert_array_equal(found["trajectories/observation"], np.round(self.x * 1000))
        self.assertLess(np.sqrt(np.mean((found["trajectories/state"] - self.x * 1000) ** 2)), 0.28)  # 1 / sqrt(12) before
        np.save(self.folder / "x.npy", self.x)
        self.check_numbers("npz", self.folder / "x.npy", "--dt", 0.1, exact=False)

    def test_coordinates_are_chosen_and_constants_are_parameters(self):
        states = np.random.default_rng(2).normal(size=(5, 12, 3))
        mass = np.repeat(np.arange(1.0, 6.0)[:, None, None], 12, axis=1)
        path = self.folder / "four.npz"
        np.savez(path, x=np.concatenate([states, mass], axis=2))
        out = self.folder / "chosen.h5"
        names = ("--dt", 0.1, "--names", "a,b,c,m")
        for flags, columns in [((), [0, 1, 2]), (("--only", "c,a"), [2, 0]), (("--without", "b"), [0, 2])]:
            run("import", "npz", path, "-o", out, *names, *flags, "--overwrite")
            with h5py.File(out) as file:
                np.testing.assert_array_equal(file["trajectories/observation"], states[:, :, columns])
                self.assertEqual(list(file.attrs["coordinate_names"]), ["abc"[k] for k in columns])
                if "--only" not in flags:
                    np.testing.assert_array_equal(file["parameters/m"], mass[:, 0, 0])
        for flags in (("--only", "d"), ("--without", "d")):
            self.assertRegex(sentence("import", "npz", path, "-o", out, *names, *flags, "--overwrite", code=2), "unknown coordinate 'd'")

    def test_one_trial_is_split_along_time(self):
        np.save(self.folder / "one.npy", self.x[0])
        found = self.numbers("npz", self.folder / "one.npy", "--dt", 0.1)
        np.testing.assert_array_equal(found["splits/train"], np.arange(49))

    def test_hdf5_of_any_number_type(self):
        path = self.folder / "in.h5"
        with h5py.File(path, "w") as file:
            file.create_dataset("runs/x", data=self.x, chunks=True, compression="gzip")
            file["t"], file["dx"] = EVEN.astype("f4"), self.dx
            file["big"] = self.x.astype(">f8")
        self.check_numbers("hdf5", path, "--state", "/runs/x", "--derivative", "dx", "--dt", 0.1)
        self.check_numbers("hdf5", path, "--state", "big", "--derivative", "/dx", "--dt", 0.1)

    def test_what_is_no_array_of_trials_is_refused_in_one_sentence(self):
        path = self.folder / "bad.npz"

        def refused(words, *flags, code=3, file=path, kind="npz"):
            self.assertRegex(sentence("import", kind, file, "-o", self.folder / "bad.h5", *flags, code=code), words)

        np.savez(path, x=self.x, t=EVEN[:5], words=np.array(["a"]), cube=np.zeros((2, 2, 2, 2)))
        refused("an array of type '.*' holds no numbers|header is none of an array of numbers", "--dt", 0.1)
        np.savez(path, x=self.x, t=EVEN[:5], cube=np.zeros((2, 2, 2, 2)))
        refused("unknown array 'y'", "--state", "y", "--dt", 0.1)
        refused(r"'t' has shape \(5\); \(61\) or \(6, 61\) was expected", "--time", "t")
        refused(r"'cube' has shape \(2, 2, 2, 2\); trials, times and coordinates", "--state", "cube", "--dt", 0.1)
        refused(r"'cube' has shape \(2, 2, 2, 2\), 'x' has", "--derivative", "cube", "--dt", 0.1)
        refused("say --time ARRAY, or --dt STEP", code=2)
        refused("3 names for the 2 coordinates of 'x'", "--names", "a,b,c", "--dt", 0.1, code=2)
        whole = path.read_bytes()
        path.write_bytes(whole[:-10])
        refused("it is no zip archive", "--dt", 0.1)
        path.write_bytes(b"PK" + b"0" * 100)
        refused("it is no zip archive", "--dt", 0.1)
        path.write_bytes(b"not NumPy's")
        refused("it is no array of NumPy", "--dt", 0.1)
        refused("bad.npz", "--dt", 0.1, kind="hdf5")


if __name__ == "__main__":
    main()
