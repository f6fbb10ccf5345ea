"""Models outside the program: what they are given, and how their predictions are judged."""

import csv
import json
import pathlib
import re
import subprocess
import sys

import h5py
import numpy as np

from program import FolderCase, main, run, runge_kutta, sentence

PAGE = pathlib.Path(__file__).parents[2] / "docs/your-model.md"


def predict(task, rate):
    """Runge-Kutta from the starts of a task, (m, H, D)."""
    time, x = task["test/time"][:], task["test/start"][:]
    dt, states = time[1] - time[0], [x]
    for _ in time[1:]:
        x = runge_kutta(rate, x, dt)
        states.append(x)
    return np.stack(states, 1)


def network(path):
    """The field of a model file: linear, tanh, linear, tanh, linear."""
    with h5py.File(path) as file:
        w = {name: array[()] for name, array in file["weights"].items()}

    def rate(x):
        h = np.tanh(x @ w["W1"].T + w["b1"])
        return np.tanh(h @ w["W2"].T + w["b2"]) @ w["W3"].T

    return rate


def write(path, prediction, name):
    with h5py.File(path, "w") as out:
        out["prediction"] = prediction
        if name is not None:
            out.attrs["task"] = name


class OneDataset(FolderCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.data = cls.folder / "pendulum.h5"
        run("generate", "pendulum", "--set", "noise_std=0.1", "-o", cls.data)
        run("task", cls.data, "--horizon", "1,4", "-o", cls.folder / "task")
        cls.task = h5py.File(cls.folder / "task/task.h5")
        cls.addClassCleanup(cls.task.close)
        cls.predictions = cls.folder / "predictions.h5"

    def judge(self, *more):
        return json.loads(run("evaluate", "--predictions", self.predictions, self.data, "--horizon", "1,4",
                              "--json", *more))["rows"][0]

    def refused(self, words, code=3):
        self.assertRegex(sentence("evaluate", "--predictions", self.predictions, self.data, "--horizon", "1,4",
                                  code=code), words)

    def test_the_task_holds_the_splits_of_the_data(self):
        with h5py.File(self.data) as file:
            train, test = file["splits/train"][:], file["splits/test"][:]
            same = {"train/observation": file["trajectories/observation"][:][train],
                    "train/derivative": file["trajectories/dstate_dt"][:][train],
                    "test/start": file["trajectories/state"][:][test][:, 0],
                    "train/time": file["dimensions/time"][:], "train/index": train, "test/index": test}
            for name, values in same.items():
                np.testing.assert_array_equal(self.task[name][:], values, name)
            truth = file["trajectories/state"][:][train]
        error = np.sqrt(np.mean((self.task["train/state"][:] - truth) ** 2))
        self.assertLess(error, 0.05)  # one offset a trajectory is left of noise 0.1, of 0.1 / sqrt(45)

    def test_our_own_network_in_numpy_is_judged_as_ours_is(self):
        model = self.folder / "model.h5"
        run("train", self.data, "-o", model, "--steps", 200, "--widths", "32,32", "--set", "precision=float64")
        ours = json.loads(run("evaluate", model, self.data, "--horizon", "1,4", "--json"))["rows"][0]
        write(self.predictions, predict(self.task, network(model)), self.task.attrs["task"])
        theirs = self.judge()
        self.assertIsNone(theirs["step_mse"])
        for a, b in zip(ours["horizons"], theirs["horizons"], strict=True):
            for name in ("horizon", "rmse", "energy_drift"):
                self.assertLess(abs(a[name] / b[name] - 1), 1e-12, name)

    def test_the_error_is_what_numpy_computes(self):
        with h5py.File(self.data) as file:
            truth = file["trajectories/state"][:][file["splits/test"][:]]
        still = np.repeat(self.task["test/start"][:][:, None], len(self.task["test/time"]), 1)
        write(self.predictions, still.astype("f4"), self.task.attrs["task"])
        times = 1 + int(1 / self.task["test/time"][1] + 1e-9)
        error = still.astype("f4")[:, :times] - truth[:, :times]
        expected = np.sqrt(np.mean(error ** 2))
        self.assertAlmostEqual(self.judge()["horizons"][0]["rmse"], expected, delta=1e-12)

    def test_what_is_no_prediction_of_this_task_is_refused_in_one_sentence(self):
        still = np.repeat(self.task["test/start"][:][:, None], len(self.task["test/time"]), 1)
        name = self.task.attrs["task"]
        write(self.predictions, still, None)
        self.refused("has no attribute 'task': copy that of the task file")
        write(self.predictions, still, "0" * 64)
        self.refused("predicts another task, '000000000000', not '[0-9a-f]{12}'")
        write(self.predictions, still[:, :-1], name)
        self.refused(r"has shape \(25, 58, 2\); \(25, 59, 2\) was expected")
        write(self.predictions, still[:-1], name)
        self.refused(r"has shape \(24, 59, 2\)")
        write(self.predictions, still[..., 0], name)
        self.refused(r"has shape \(25, 59\)")
        write(self.predictions, still.astype("i4"), name)
        self.refused("holds int32; float32 or float64 was expected")
        bad = still.copy()
        bad[3, 5, 1] = np.nan
        write(self.predictions, bad, name)
        self.refused("not finite in test trajectory 3 at time index 5")
        with h5py.File(self.predictions, "w") as out:
            out["predictions"] = still
            out.attrs["task"] = name
        self.refused("holds no array 'prediction'")
        self.predictions.write_text("q,p")
        self.refused("predictions.h5")

    def test_commands_say_what_they_lack(self):
        data = self.data
        for arguments, words in [
            (("evaluate", data), "evaluate takes MODEL and DATA"),
            (("evaluate", "model.h5", data, "--predictions", "p.h5"), "leave out MODEL"),
            (("task", "-o", self.folder / "t"), "give a dataset, or --table"),
            (("task", data, "--seeds", 3, "-o", self.folder / "t"), "belong to --table"),
            (("task", "--table", "pixel-pendulum", "-o", self.folder / "t"), "these do: spring, pendulum"),
        ]:
            self.assertRegex(sentence(*arguments, code=2), words)
        self.assertRegex(sentence("task", data, "-o", self.folder / "task", code=3), "exists: --overwrite")


class Row(FolderCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.tasks = cls.folder / "tasks"
        run("task", "--table", "pendulum", "--seeds", 2, "--noise", "0,0.1", "-o", cls.tasks)
        example = re.search(r"## In NumPy.*?```python\n(.*?)```", PAGE.read_text(), re.DOTALL).group(1)
        subprocess.run([sys.executable, "-c", example, cls.tasks], check=True)
        cls.table = ("table", "pendulum", "--quick", "--seeds", 2, "--noise", "0,0.1")

    def test_the_example_of_the_page_becomes_a_row(self):
        out = self.folder / "table"
        run(*self.table, "--rows", "vanilla,control", "--with", f"mine={self.tasks}", "-o", out)
        with (out / "records.csv").open() as file:
            records = [r for r in csv.DictReader(file) if r["row"] == "mine"]
        places = {(r["noise"], r["seed"]) for r in records}
        self.assertEqual(places, {("0.0", "0"), ("0.0", "1"), ("0.1", "0"), ("0.1", "1")})
        rmse = [float(r["value"]) for r in records if (r["metric"], r["noise"]) == ("rmse", "0.0")]
        self.assertEqual(len(rmse), 4)
        self.assertLess(max(rmse), 1e-3)
        self.assertNotIn("step_mse", {r["metric"] for r in records})
        text = (out / "table.md").read_text()
        self.assertIn("--with mine=FOLDER", text)
        self.assertRegex(text, r"\| mine \| [0-9.e-]+ ± .* 0\.000\d\d\d \(")  # a ratio, three digits of it
        # the same again keeps the runs; other predictions do not
        self.assertIn("4 of them by an earlier command",
                      run(*self.table, "--rows", "vanilla,control", "--with", f"mine={self.tasks}", "-o", out,
                          "--resume"))
        path = self.tasks / "noise-0-seed-1/predictions.h5"
        before = path.read_bytes()
        with h5py.File(path, "r+") as file:
            file["prediction"][0, 1, 0] += 1
        try:
            self.assertRegex(sentence(*self.table, "--rows", "vanilla,control", "--with", f"mine={self.tasks}",
                                      "-o", out, "--resume", code=3), "computed with other settings .*with mine")
        finally:
            path.write_bytes(before)

    def test_a_row_that_cannot_be_is_refused_in_one_sentence(self):
        def refused(words, with_, code=2, table=self.table):
            self.assertRegex(sentence(*table, "-o", self.folder / "t", "--with", with_, code=code), words)

        more = ("table", "pendulum", "--quick", "--seeds", "0,2")
        refused("seed 2 has no predictions", f"mine={self.tasks}", code=3, table=more)
        refused("is no folder", "mine=nowhere", code=3)
        refused("not of the form NAME=FOLDER", "mine")
        refused("has a row 'hnn' already", f"hnn={self.tasks}")
        refused("judges no models from elsewhere", f"mine={self.tasks}", table=("table", "pendulum-noise", "--quick"))


if __name__ == "__main__":
    main()
