"""Trials of unequal length, with times of their own, with gaps: imported, valid, searched, trained on and judged."""

import csv
import json

import h5py
import numpy as np

from motions import ORBITS, SWINGS, integrated, kepler, pendulum
from program import FolderCase, main, run, runge_kutta, sentence


NAMES = {pendulum: ["q", "p"], kepler: ["x", "y", "vx", "vy"]}


def recorded(field, starts, uneven, gap):
    """25 trials of 31 to 61 points a tenth of a second apart, or about that; with a gap, 0.8 s more in the middle."""
    random = np.random.default_rng(5)
    trials = []
    for start in starts:
        n = int(random.integers(31, 62))
        steps = 0.1 + 0.04 * uneven * np.sin(3 * np.arange(n - 1) + random.uniform(0, 7))
        times = np.concatenate([[0], np.cumsum(steps)])
        times[n // 2:] += 0.8 * gap
        trials.append((times, integrated(field, start, times)))
    return trials


class Trials(FolderCase):
    def write(self, field, trials, given, noise=0.0):
        path, random = self.folder / "in.csv", np.random.default_rng(3)
        header = ["run", "t", *NAMES[field]] + ([f"d{name}_dt" for name in NAMES[field]] if given else [])
        with path.open("w") as out:
            out.write(",".join(header) + "\n")
            for i, (times, states) in enumerate(trials):
                seen = states + noise * random.normal(size=states.shape)
                rows = np.column_stack([times, seen] + ([field(states)] if given else []))
                out.writelines(f"{i}," + ",".join(repr(float(v)) for v in row) + "\n" for row in rows)
        return path

    def imported(self, path, *flags, kind="csv"):
        out = self.folder / "out.h5"
        text = run("import", kind, path, "-o", out, "--overwrite", *flags)
        run("validate", out)
        return out, text

    def found(self, data, units):
        return json.loads(run("discover", data, "--json", "--resamples", 0, "--units", units))

    def constant(self, data):
        first = self.found(data, "q=rad,p=1")["formulas"]["laws"][0]
        self.assertEqual(first["formula"], "p^2 + c0 cos(q)")
        self.assertTrue(first["conserved"])
        return first["parameters"][0]["value"]

    def test_the_law_of_pendulums_is_found_whatever_their_times(self):
        for uneven, gap in [(False, False), (True, False), (False, True), (True, True)]:
            trials = recorded(pendulum, SWINGS, uneven, gap)
            exact = [(True, 0, 3e-4)] if uneven and not gap else []  # a second each: not all of them
            for given, noise, tolerance in [*exact, (False, 0, 3e-3), (True, 0.05, 0.03)]:
                with self.subTest(uneven=uneven, gap=gap, given=given, noise=noise):
                    out, text = self.imported(self.write(pendulum, trials, given, noise), "--noise", noise)
                    self.assertIn("50 pieces of 1" if gap else "25 trials of 3", text)
                    self.assertEqual("25 gaps: a trial is cut there" in text, gap)
                    self.assertAlmostEqual(self.constant(out), -3, delta=tolerance)

    def test_both_laws_of_orbits_are_found(self):
        for uneven, gap, given in [(True, False, True), (True, True, False)]:
            with self.subTest(uneven=uneven, gap=gap, given=given):
                out, _ = self.imported(self.write(kepler, recorded(kepler, ORBITS, uneven, gap), given))
                laws = [law["formula"] for law in self.found(out, "x=m,y=m,vx=m/s,vy=m/s")["independent"]["laws"]]
                one = r"(0\.999\d* |1\.000\d* )"
                self.assertRegex(laws[0], f"x vy - {one}?y vx")
                self.assertRegex(laws[1], rf"vx\^2 \+ {one}?vy\^2 - (2|1\.99[89]\d*|2\.00[01]\d*) / sqrt")

    def test_trials_are_kept_as_they_are_and_their_pieces_stay_in_one_split(self):
        trials = recorded(pendulum, SWINGS, True, False)
        out, _ = self.imported(self.write(pendulum, trials, True), "--units", "q=rad,t=s")
        with h5py.File(out) as file:
            self.assertEqual(file.attrs["schema_version"], "1.1.0")
            lengths = [len(times) for times, _ in trials]
            np.testing.assert_array_equal(file["trajectories/length"], lengths)
            for i, (times, states) in enumerate(trials):
                for name, values in [("time", times), ("observation", states), ("dstate_dt", pendulum(states))]:
                    row = file[f"trajectories/{name}"][i]
                    np.testing.assert_array_equal(row[:lengths[i]], values)
                    self.assertTrue(np.isnan(row[lengths[i]:]).all())
            np.testing.assert_array_equal(file["splits/train"], np.arange(20))
        out, _ = self.imported(self.write(pendulum, recorded(pendulum, SWINGS, False, True), True))
        with h5py.File(out) as file:
            np.testing.assert_array_equal(file["trajectories/trial"], np.arange(50) // 2)
            np.testing.assert_array_equal(file["splits/test"], np.arange(40, 50))

    def test_they_come_back_from_csv_and_from_arrays_filled_up_with_nan(self):
        trials = recorded(pendulum, SWINGS, True, False)
        out, _ = self.imported(self.write(pendulum, trials, True))
        with h5py.File(out) as file:
            first = {name: file[name][()] for name in ("trajectories/time", "trajectories/state",
                                                       "trajectories/dstate_dt", "trajectories/length")}
        run("export", out, "--format", "csv", "-o", self.folder / "export", "--overwrite")
        arrays = self.folder / "arrays.npz"
        np.savez(arrays, x=first["trajectories/state"], t=first["trajectories/time"], dx=first["trajectories/dstate_dt"])
        for path, kind, flags in [(self.folder / "export" / "trajectories.csv", "csv", ()),
                                  (arrays, "npz", ("--time", "t", "--derivative", "dx", "--names", "q,p"))]:
            again, text = self.imported(path, *flags, kind=kind)
            self.assertNotIn("missing", text)
            with h5py.File(again) as file:
                for name, values in first.items():
                    np.testing.assert_array_equal(file[name], values)

    def test_episodes_of_minari_are_trials_and_our_own_export_comes_back(self):
        folder = self.folder / "pendulum-v0"
        (folder / "data").mkdir(parents=True)
        trials = recorded(pendulum, SWINGS, True, False)
        with h5py.File(folder / "data" / "main_data.hdf5", "w") as file:
            for k, (times, states) in enumerate(trials):
                episode = file.create_group(f"episode_{k}")
                episode.attrs["total_steps"] = len(times) - 1
                episode["observations"], episode["infos/t"] = states.astype("f4"), times
                episode["actions"] = np.zeros((len(times) - 1, 1), "f4")
                for name in ("rewards", "terminations", "truncations"):
                    episode[name] = np.zeros(len(times) - 1, "f8" if name == "rewards" else bool)
        out, text = self.imported(folder, "--time", "infos/t", "--names", "q,p", kind="minari")
        self.assertIn("25 trials of 35 to 61 points: q and p", text)
        with h5py.File(out) as file:
            np.testing.assert_array_equal(file["trajectories/observation"][7, :len(trials[7][0])], trials[7][1].astype("f4"))
            np.testing.assert_array_equal(file["trajectories/time"][7, :len(trials[7][0])], trials[7][0])
        self.assertAlmostEqual(self.constant(out), -3, delta=3e-3)

        film, export = self.folder / "film.h5", self.folder / "film-v0"
        run("generate", "pixel-pendulum", "--n", 3, "--steps", 20, "--render-size", 16, "-o", film)
        run("export", film, "--format", "minari", "-o", export)
        out, _ = self.imported(export, "--dt", 0.05, "--names", "cosine,sine,rate", kind="minari")
        with h5py.File(film) as a, h5py.File(out) as b:
            np.testing.assert_array_equal(a["episodes/observations/state"], b["trajectories/observation"])
            np.testing.assert_allclose(a["dimensions/time"], b["dimensions/time"], atol=1e-12)
        none = self.folder / "none"
        none.mkdir()
        for words, code, *command in [("has no data/main_data.hdf5", 3, none), ("say --time ARRAY, or --dt", 2, folder),
                                      ("unknown array 'episode_0/x'", 3, folder, "--state", "x", "--dt", 1),
                                      ("no groups episode_0", 3, film, "--dt", 1)]:
            self.assertRegex(sentence("import", "minari", *command, "-o", self.folder / "bad.h5", code=code), words)

    def test_frames_rounded_to_milliseconds_are_even(self):
        times = np.arange(61) / 30
        trials = [(np.round(times, 3), integrated(pendulum, start, times)) for start in SWINGS]
        out, text = self.imported(self.write(pendulum, trials, False))
        self.assertIn("times are even but for rounding, which was undone", text)
        with h5py.File(out) as file:
            self.assertNotIn("trajectories/time", file)
            np.testing.assert_allclose(np.diff(file["dimensions/time"]), 1 / 30, rtol=3e-5)  # all trials are rounded alike
        self.assertAlmostEqual(self.constant(out), -3, delta=3e-3)

    def test_all_that_reads_trajectories_takes_them(self):
        trials = recorded(pendulum, SWINGS, True, True)
        out, _ = self.imported(self.write(pendulum, trials, False))
        model = self.folder / "model.h5"
        for quantity in ((), ("--conserve", "network")):
            run("train", out, "-o", model, "--steps", 300, *quantity, "--overwrite")
            report = json.loads(run("evaluate", model, out, "--horizon", "0.5,1", "--json"))["rows"][0]
            self.assertLess(report["horizons"][0]["rmse"], report["horizons"][1]["rmse"])
            self.assertLess(report["horizons"][1]["rmse"], 0.5)
        run("render", out, "-o", self.folder / "picture.png", "--overwrite")
        run("discover", out, "-o", self.folder / "laws", "--resamples", 0, "--overwrite")

    def test_a_task_has_the_times_of_each_trajectory_and_predictions_end_with_them(self):
        trials = recorded(pendulum, SWINGS, True, True)
        out, _ = self.imported(self.write(pendulum, trials, False))
        run("task", out, "-o", self.folder / "task")
        task, mine = self.folder / "task" / "task.h5", self.folder / "task" / "predictions.h5"
        with h5py.File(task) as file, h5py.File(out) as data:
            length = data["trajectories/length"][()]
            for part in ("train", "test"):
                index, time = file[f"{part}/index"][()], file[f"{part}/time"][()]
                for i, own in zip(index, time):
                    times = data["trajectories/time"][i, :length[i]]
                    np.testing.assert_allclose(own[:length[i]], times - (times[0] if part == "test" else 0), atol=1e-15)
                    self.assertTrue(np.isnan(own[length[i]:]).all())
            np.testing.assert_array_equal(file["train/derivative"], data["trajectories/dstate_dt"][()][file["train/index"][()], :file["train/time"].shape[1]])
            test, shape = file["test/index"][()], file["test/time"].shape
            truth = data["trajectories/state"][()][test, :shape[1]]
            fingerprint = file.attrs["task"]

        def judged(prediction, code=0):
            with h5py.File(mine, "w") as file:
                file["prediction"] = prediction
                file.attrs["task"] = fingerprint
            command = ("evaluate", "--predictions", mine, out)
            return sentence(*command, code=code) if code else json.loads(run(*command, "--json"))["rows"][0]

        points = np.isfinite(truth)
        error = 0.1 * np.random.default_rng(1).normal(size=truth.shape)
        error[:, 0] = 0
        rmse = np.sqrt(np.mean(error[points] ** 2))
        self.assertAlmostEqual(judged(truth + error)["horizons"][-1]["rmse"], rmse, delta=1e-12)
        shifted = truth + error
        shifted[5] += 0.1
        self.assertRegex(judged(shifted, code=3), "does not begin at test/start: 'q' of trajectory 5")
        other = h5py.File(self.folder / "other.h5", "w")
        with h5py.File(out) as file:
            for key in file:
                file.copy(key, other)
            for key, value in file.attrs.items():
                other.attrs[key] = value
        last = test[-1]
        times = other["trajectories/time"][last, :length[last]]
        steps = np.diff(times)
        other["trajectories/time"][last, 1:length[last]] = times[0] + np.cumsum(steps[::-1])
        other.close()
        self.assertRegex(sentence("evaluate", "--predictions", mine, self.folder / "other.h5", code=3), "predicts another task")
        unfinished = truth + error
        unfinished[3, 2, 1] = np.nan
        self.assertRegex(judged(unfinished, code=3), "not finite in test trajectory 3 at time index 2")

    def test_a_model_elsewhere_steps_as_ours_do(self):
        trials = recorded(pendulum, SWINGS, True, True)
        out, _ = self.imported(self.write(pendulum, trials, True))
        model = self.folder / "model.h5"
        run("train", out, "-o", model, "--steps", 200, "--widths", "32,32", "--set", "precision=float64", "--overwrite")
        run("task", out, "-o", self.folder / "steps")
        with h5py.File(model) as file:
            weights = {name: array[()] for name, array in file["weights"].items()}
        with h5py.File(self.folder / "steps" / "task.h5") as file:
            time, start, step, name = file["test/time"][()], file["test/start"][()], file.attrs["step"], file.attrs["task"]

        def field(x):
            h = np.tanh(weights["W1"] @ x + weights["b1"])
            h = np.tanh(weights["W2"] @ h + weights["b2"])
            return weights["W3"] @ h

        predicted = np.full((*time.shape, 2), np.nan)
        for i, own in enumerate(time):
            predicted[i, 0] = start[i]
            for n in range(1, np.isfinite(own).sum()):
                parts = int(np.ceil((own[n] - own[n - 1]) / step - 1e-6))
                x = predicted[i, n - 1]
                for _ in range(parts):
                    x = runge_kutta(field, x, (own[n] - own[n - 1]) / parts)
                predicted[i, n] = x
        mine = self.folder / "steps" / "predictions.h5"
        with h5py.File(mine, "w") as file:
            file["prediction"], file.attrs["task"] = predicted, name
        ours = json.loads(run("evaluate", model, out, "--json"))["rows"][0]["horizons"][-1]["rmse"]
        theirs = json.loads(run("evaluate", "--predictions", mine, out, "--json"))["rows"][0]["horizons"][-1]["rmse"]
        self.assertAlmostEqual(ours, theirs, delta=1e-12)

    def test_a_table_compares_models_on_them(self):
        trials = recorded(pendulum, SWINGS, True, True)
        out, _ = self.imported(self.write(pendulum, trials, True))
        table = self.folder / "table"
        rows = "vanilla,control,control-projected,meta-discovered,meta-neural-frozen"
        run("table", "compare", "--data", out, "--quick", "--seeds", 1, "--rows", rows, "-o", table)
        with (table / "records.csv").open() as file:
            value = {(r["row"], r["metric"]): float(r["value"]) for r in csv.DictReader(file) if r["horizon"] == "1.0"}
        for row in rows.split(","):
            self.assertLess(value[row, "rmse"], 1)
        self.assertLess(value["control-projected", "energy_drift"], 0.1 * value["control", "energy_drift"])

    def test_a_number_beyond_the_end_or_a_time_that_does_not_grow_is_not_valid(self):
        out, _ = self.imported(self.write(pendulum, recorded(pendulum, SWINGS, True, False), True))
        for name, at, value, words in [("state", (0, -1, 0), 1.0, "number beyond the end of its trajectory"),
                                       ("time", (3, 2), 0.0, "the times of trajectory 3 do not grow"),
                                       ("length", 2, 100, "'trajectories/length' holds 100, not 1 to 61")]:
            copy = self.folder / "copy.h5"
            with h5py.File(out) as file, h5py.File(copy, "w") as other:
                for key, attribute in file.attrs.items():
                    other.attrs[key] = attribute
                for key in file:
                    file.copy(key, other)
                values = other[f"trajectories/{name}"][()]
                values[at] = value
                other[f"trajectories/{name}"][...] = values
            self.assertIn(words, run("validate", copy, code=1))


if __name__ == "__main__":
    main()
