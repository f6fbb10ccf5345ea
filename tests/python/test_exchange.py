"""What is exported and imported, as h5py, PIL, json and csv see it."""

import csv
import io
import json

import h5py
import numpy as np
from PIL import Image

from program import FolderCase, main, run, sentence


class Minari(FolderCase):
    """The folder that minari.load_dataset reads, by the code of its HDF5Storage."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        source = cls.folder / "episodes.h5"
        run("generate", "pixel-pendulum", "--n", 3, "--steps", 12, "--render-size", 32, "-o", source)
        cls.out = cls.folder / "pixel-pendulum-v0"
        run("export", source, "--format", "minari", "-o", cls.out)
        cls.source = h5py.File(source)
        cls.data = h5py.File(cls.out / "data/main_data.hdf5")
        cls.addClassCleanup(cls.source.close)
        cls.addClassCleanup(cls.data.close)
        cls.metadata = json.loads((cls.out / "data/metadata.json").read_text())

    def test_the_file_holds_episodes_and_nothing_else(self):
        self.assertEqual(set(self.data), {"episode_0", "episode_1", "episode_2"})
        for i in range(3):
            attributes = self.data[f"episode_{i}"].attrs
            self.assertEqual(attributes["id"], i)
            self.assertEqual(attributes["total_steps"], 12)
            self.assertEqual(attributes["seed"], self.source["episodes/seed"][i])

    def test_frames_decode_to_the_stored_ones(self):
        for i in range(3):
            rows = self.data[f"episode_{i}/observations/pixels"][()]
            self.assertEqual(len(rows), 13)
            frames = [Image.open(io.BytesIO(row)) for row in rows]
            self.assertEqual({frame.format for frame in frames}, {"PNG"})
            stored = self.source["episodes/observations/pixels"][i]
            np.testing.assert_array_equal(np.stack([np.array(frame) for frame in frames]), stored)

    def test_numbers_are_the_stored_ones(self):
        for i in range(3):
            episode = self.data[f"episode_{i}"]
            names = ["observations/state", "actions", "rewards", "terminations", "truncations"]
            for name in names:
                with self.subTest(name):
                    stored = self.source[f"episodes/{name}"]
                    self.assertEqual(episode[name].dtype, stored.dtype)
                    np.testing.assert_array_equal(episode[name][()], stored[i])

    def test_metadata_are_what_minari_reads(self):
        self.assertEqual(self.metadata["dataset_id"], self.out.name)
        self.assertEqual(self.metadata["data_format"], "hdf5")
        self.assertEqual(self.metadata["total_episodes"], 3)
        self.assertEqual(self.metadata["total_steps"], 36)
        self.assertIs(self.metadata["jpeg_encoding"], True)
        self.assertRegex(self.metadata["minari_version"], r"^0\.5\.\d+$")
        spec = json.loads(self.metadata["env_spec"])
        self.assertEqual(spec["id"], "Pendulum-v1")

    def test_bounds_have_the_shape_that_gymnasium_wants(self):
        spaces = json.loads(self.metadata["observation_space"])["subspaces"]
        for space in [*spaces.values(), json.loads(self.metadata["action_space"])]:
            for bound in ("low", "high"):
                self.assertEqual(list(np.array(space[bound]).shape), space["shape"])
        # by this Minari recognises an image
        pixels = spaces["pixels"]
        self.assertEqual(pixels["dtype"], "uint8")
        self.assertTrue((np.array(pixels["low"]) == 0).all())
        self.assertTrue((np.array(pixels["high"]) == 255).all())

    def test_frames_below_32_pixels_are_plain_arrays(self):
        source, out = self.folder / "small.h5", self.folder / "small-v0"
        size = ("--steps", 4, "--render-size", 16)
        run("generate", "pixel-pendulum", "--n", 2, *size, "-o", source)
        run("export", source, "--format", "minari", "-o", out)
        self.assertIs(json.loads((out / "data/metadata.json").read_text())["jpeg_encoding"], False)
        with h5py.File(source) as file, h5py.File(out / "data/main_data.hdf5") as data:
            pixels = data["episode_1/observations/pixels"]
            self.assertEqual((pixels.shape, pixels.dtype), ((5, 16, 16, 3), np.uint8))
            np.testing.assert_array_equal(pixels[()], file["episodes/observations/pixels"][1])

    def test_id_author_and_code_are_those_given(self):
        source, out = self.folder / "episodes.h5", self.folder / "named"
        about = ("--author", "A. Name", "--code", "https://example.org/code")
        name = "my-lab/pendulum/film-v3"
        run("export", source, "--format", "minari", "-o", out, "--id", name, *about)
        metadata = json.loads((out / "data/metadata.json").read_text())
        self.assertEqual(metadata["dataset_id"], name)
        self.assertEqual(metadata["author"], "A. Name")
        self.assertEqual(metadata["code_permalink"], "https://example.org/code")
        self.assertNotIn("author_email", metadata)

    def test_an_id_that_is_none_is_refused(self):
        source, out = self.folder / "episodes.h5", self.folder / "bad"
        for name in ("film", "my lab/film-v0", "/film-v0", "lab//film-v0", "film-v", "film-v1x"):
            with self.subTest(name):
                command = ("export", source, "--format", "minari", "-o", out, "--id", name)
                self.assertIn("NAMESPACE/NAME-vN", sentence(*command, code=2))
        command = ("export", source, "--format", "csv", "-o", out, "--id", "film-v0")
        self.assertIn("belong to --format minari", sentence(*command, code=2))
        self.assertFalse(out.exists())

    def test_trajectories_are_refused(self):
        run("generate", "spring", "--n", 1, "-o", self.folder / "s.h5")
        run("export", self.folder / "s.h5", "--format", "minari", "-o", self.folder / "s", code=2)
        self.assertFalse((self.folder / "s").exists())


class Csv(FolderCase):
    def read(self, path):
        with open(path, newline="") as file:
            return list(csv.DictReader(file))

    def test_trajectories_read_back_bit_for_bit(self):
        path = self.folder / "two-body.h5"
        run("generate", "two-body", "--n", 4, "--steps", 9, "-o", path)
        run("export", path, "--format", "csv", "-o", self.folder / "csv")
        rows = self.read(self.folder / "csv/trajectories.csv")
        self.assertEqual(len(rows), 4 * 9)
        with h5py.File(path) as file:
            names = file.attrs["coordinate_names"]
            for form, array in (("{}", "state"), ("{}_obs", "observation"), ("d{}_dt", "dstate_dt")):
                values = [[float(row[form.format(name)]) for name in names] for row in rows]
                stored = file[f"trajectories/{array}"][()]
                self.assertEqual(np.array(values).tobytes(), stored.tobytes(), array)
            time = np.array([float(row["t"]) for row in rows]).reshape(4, 9)
            np.testing.assert_array_equal(time, np.tile(file["dimensions/time"][()], (4, 1)))
            for name, stored in file["trajectories/invariants"].items():
                values = np.array([float(row[name]) for row in rows])
                self.assertEqual(values.tobytes(), stored[()].tobytes(), name)

    def test_every_row_names_its_split(self):
        path, out = self.folder / "split.h5", self.folder / "split"
        shares = ("--set", "train_share=0.5", "--set", "valid_share=0.25")
        run("generate", "spring", "--n", 4, "--steps", 5, *shares, "-o", path)
        run("export", path, "--format", "csv", "-o", out)
        names = [row["split"] for row in self.read(out / "trajectories.csv")]
        self.assertEqual(names, ["train"] * 10 + ["valid"] * 5 + ["test"] * 5)
        run("import", "csv", out / "trajectories.csv", "-o", self.folder / "again.h5")
        with h5py.File(self.folder / "again.h5") as file:
            self.assertEqual(file.attrs["coordinate_names"].tolist(), ["q", "p"])

    def test_one_trajectory_is_split_along_time(self):
        path, out = self.folder / "one.h5", self.folder / "one"
        text = self.folder / "one.txt"
        text.write_text("%q p\n" + "".join(f"0 {t} {t * t} {1 / (t + 1)}\n" for t in range(10)))
        run("import", "lipson", text, "-o", path)
        run("export", path, "--format", "csv", "-o", out)
        names = [row["split"] for row in self.read(out / "trajectories.csv")]
        self.assertEqual(names, ["train"] * 8 + ["test"] * 2)

    def test_episodes_read_back_bit_for_bit(self):
        path = self.folder / "episodes.h5"
        run("generate", "pixel-pendulum", "--n", 2, "--steps", 8, "--render-size", 8, "-o", path)
        said = run("export", path, "--format", "csv", "-o", self.folder / "episodes")
        self.assertIn("all but the pixels", said)
        rows = self.read(self.folder / "episodes/episodes.csv")
        self.assertEqual(len(rows), 2 * 9)
        steps = [row for row in rows if row["action"]]
        with h5py.File(path) as file:
            state = np.array([[float(row["theta"]), float(row["theta_dot"])] for row in rows])
            self.assertEqual(state.tobytes(), file["episodes/state"][()].tobytes())
            names = ("obs_cos_theta", "obs_sin_theta", "obs_theta_dot")
            observed = np.array([[row[name] for name in names] for row in rows], dtype="f4")
            stored = file["episodes/observations/state"][()]
            self.assertEqual(observed.tobytes(), stored.tobytes())
            action = np.array([row["action"] for row in steps], dtype="f4")
            self.assertEqual(action.tobytes(), file["episodes/actions"][()].tobytes())
            reward = np.array([float(row["reward"]) for row in steps])
            self.assertEqual(reward.tobytes(), file["episodes/rewards"][()].tobytes())
        metadata = json.loads((self.folder / "episodes/metadata.json").read_text())
        self.assertEqual([column["name"] for column in metadata["columns"]], list(rows[0]))


class Lipson(FolderCase):
    def test_a_damped_oscillation_is_imported(self):
        time = np.delete(np.linspace(0, 10, 101), [17, 18, 60])  # points are missing
        x = np.exp(-0.1 * time) * np.cos(time)
        v = np.gradient(x, time)
        lines = [f"  0.0e+000  {t:.16e}  {a:.16e}  {b:.16e} \r\n" for t, a, b in zip(time, x, v)]
        text = self.folder / "in.txt"
        text.write_bytes(("%o v\r\n" + "".join(lines)).encode())
        out = self.folder / "out.h5"
        self.assertIn("98 points: o and v", run("import", "lipson", text, "-o", out))
        run("validate", out)
        with h5py.File(out) as file:
            np.testing.assert_array_equal(file["dimensions/time"][()], time)
            state = file["trajectories/state"][0]
            np.testing.assert_array_equal(state, np.stack([x, v], axis=-1))
            rate = np.diff(state, axis=0) / np.diff(time)[:, None]
            np.testing.assert_array_equal(file["trajectories/dstate_dt"][0, :-1], rate)
            self.assertEqual(file["splits/train"].attrs["axis"], "time")
            self.assertEqual(file["splits/train"][()].tolist(), list(range(78)))
            self.assertEqual(file["splits/test"][()].tolist(), list(range(78, 98)))
            self.assertEqual(file.attrs["system"], "imported")

    def test_a_mistake_ends_with_code_3_and_no_file(self):
        text = self.folder / "bad.txt"
        text.write_text("%o v\n0 0 1 2\n0 1 1\n")
        run("import", "lipson", text, "-o", self.folder / "bad.h5", code=3)
        self.assertFalse((self.folder / "bad.h5").exists())


class Diff(FolderCase):
    def test_verdicts_and_their_exit_codes(self):
        a, b = self.folder / "a.h5", self.folder / "b.h5"
        run("generate", "spring", "--n", 3, "--seed", 1, "-o", a)
        run("generate", "spring", "--n", 3, "--seed", 2, "-o", b)
        self.assertTrue(json.loads(run("diff", a, a, "--json"))["equal"])
        report = json.loads(run("diff", a, b, "--json", code=1))
        self.assertFalse(report["equal"])
        state = next(x for x in report["arrays"] if x["path"] == "trajectories/state")
        with h5py.File(a) as first, h5py.File(b) as second:
            difference = np.abs(first[state["path"]][()] - second[state["path"]][()])
        self.assertEqual(state["largest_difference"], difference.max())
        self.assertEqual(tuple(state["at"]), np.unravel_index(difference.argmax(), (3, 30, 2)))
        run("diff", a, b, "--tol", 1000)
        run("diff", a, self.folder / "missing.h5", code=3)
        run("diff", a, b, "--tol", -1, code=2)


if __name__ == "__main__":
    main()
