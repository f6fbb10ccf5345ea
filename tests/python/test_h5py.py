"""Generated files as h5py and h5dump see them: the layout that datasets.md promises."""

import hashlib
import json
import re
import shutil
import subprocess
import tomllib

import h5py
import numpy as np

from program import FolderCase, main, run

TRAJECTORY_ARRAYS = {
    "dimensions/time": ("<f8", (7,)),
    "trajectories/state": ("<f8", (5, 7, 2)),
    "trajectories/observation": ("<f8", (5, 7, 2)),
    "trajectories/dstate_dt": ("<f8", (5, 7, 2)),
    "trajectories/initial_state": ("<f8", (5, 2)),
    "trajectories/invariants/energy": ("<f8", (5, 7)),
    "trajectories/seed": ("<u8", (5,)),
}
EPISODE_ARRAYS = {
    "dimensions/time": ("<f8", (21,)),
    "episodes/observations/pixels": ("|u1", (2, 21, 16, 16, 3)),
    "episodes/observations/state": ("<f4", (2, 21, 3)),
    "episodes/state": ("<f8", (2, 21, 2)),
    "episodes/actions": ("<f4", (2, 20, 1)),
    "episodes/rewards": ("<f8", (2, 20)),
    "episodes/terminations": ("|b1", (2, 20)),
    "episodes/truncations": ("|b1", (2, 20)),
    "episodes/length": ("<i8", (2,)),
    "episodes/seed": ("<u8", (2,)),
}
FILM_ARRAYS = {
    "dimensions/time": ("<f8", (20,)),
    "episodes/observations/pixels": ("|u1", (2, 20, 16, 16, 3)),
    "episodes/observations/state": ("<f8", (2, 20, 2)),
    "episodes/state": ("<f8", (2, 20, 2)),
    "episodes/dstate_dt": ("<f8", (2, 20, 2)),
    "episodes/initial_state": ("<f8", (2, 2)),
    "episodes/invariants/energy": ("<f8", (2, 20)),
    "episodes/length": ("<i8", (2,)),
    "episodes/seed": ("<u8", (2,)),
}
COMMON_ATTRIBUTES = {
    "schema": str,
    "schema_version": str,
    "dataset_name": str,
    "generator": str,
    "generator_version": str,
    "git_describe": str,
    "command_line": str,
    "seed": np.uint64,
    "rng": str,
    "system": str,
    "license": str,
    "complete": np.int8,
    "content_sha256": str,
}
TRAJECTORY_ATTRIBUTES = {
    "hamiltonian": str,
    "integrator": str,
    "rtol": np.float64,
    "atol": np.float64,
    "n_trajectories": np.int64,
    "n_steps": np.int64,
}
EPISODE_ATTRIBUTES = {
    "env_id": str,
    "observation_space": str,
    "action_space": str,
    "render_size": np.int64,
    "downsample": str,
} | {name: np.float64 for name in ("dt", "g", "m", "l", "max_speed", "max_torque")}

FILM_ATTRIBUTES = {
    "hamiltonian": str,
    "integrator": str,
    "observation_space": str,
    "render_size": np.int64,
    "dt": np.float64,
    "n_episodes": np.int64,
}


def arrays_of(file):
    """Every dataset of the file by its path, but the dimensions without numbers."""
    found = {}

    def visit(path, item):
        if not isinstance(item, h5py.Dataset):
            return
        if not item.attrs.get("NAME", b"").startswith(b"This is a netCDF dimension"):
            found[path] = item

    file.visititems(visit)
    return found


class Layout:
    """What holds for both schemas; a subclass states `make`, `arrays` and `attributes`."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.path = cls.folder / "a.h5"
        run(*cls.make, "-o", cls.path)
        cls.file = h5py.File(cls.path)
        cls.addClassCleanup(cls.file.close)

    def test_names_types_and_shapes(self):
        for path, (dtype, shape) in self.arrays.items():
            with self.subTest(path):
                self.assertEqual(self.file[path].dtype, np.dtype(dtype))
                self.assertEqual(self.file[path].shape, shape)
        listed = set(arrays_of(self.file))
        others = {path for path in listed - set(self.arrays) if not path.startswith("parameters/")}
        expected = {f"splits/{name}" for name in ("train", "valid", "test")}
        expected |= {"provenance/config", "provenance/build"} | self.text_arrays
        self.assertEqual(others, expected)

    def test_root_attributes_are_scalars_of_the_stated_type(self):
        for name, kind in (COMMON_ATTRIBUTES | self.attributes).items():
            with self.subTest(name):
                self.assertIs(type(self.file.attrs[name]), kind)
        self.assertEqual(self.file.attrs["schema"], self.schema)
        self.assertEqual(self.file.attrs["complete"], 1)

    def test_nothing_tells_time_or_place(self):
        for name, value in self.file.attrs.items():
            self.assertNotIn(str(self.folder), str(value), name)

    def test_every_number_has_unit_and_description(self):
        for path, array in arrays_of(self.file).items():
            if h5py.check_string_dtype(array.dtype) is None:
                with self.subTest(path):
                    units = array.attrs["units"]
                    self.assertIsInstance(units, (str, np.ndarray))
                    self.assertIs(type(array.attrs["description"]), str)

    def test_numbers_carry_fletcher32_and_no_shuffle(self):
        for path, array in arrays_of(self.file).items():
            if h5py.check_string_dtype(array.dtype) is None and array.size > 0:
                with self.subTest(path):
                    self.assertTrue(array.fletcher32)
                    self.assertFalse(array.shuffle)
                    chunk_bytes = np.prod(array.chunks) * array.dtype.itemsize
                    self.assertLessEqual(chunk_bytes, 1 << 20)
                    is_video = path.endswith("pixels")
                    self.assertEqual(array.compression, "gzip" if is_video else None)

    def test_checksums_follow_from_the_numbers(self):
        lines = []
        for path, array in arrays_of(self.file).items():
            if h5py.check_string_dtype(array.dtype) is None:
                digest = hashlib.sha256(np.ascontiguousarray(array[()]).tobytes()).hexdigest()
                self.assertEqual(array.attrs["sha256"], digest, path)
                lines.append(f"{path}\t{digest}")
        content = hashlib.sha256("\n".join(sorted(lines)).encode()).hexdigest()
        self.assertEqual(self.file.attrs["content_sha256"], content)

    def test_time_axes_are_tied_to_the_time(self):
        for path in self.over_time:
            with self.subTest(path):
                self.assertEqual(self.file[path].dims[1].label, "time")
                self.assertEqual(self.file[path].dims[1][0].name, "/dimensions/time")
        self.assertTrue(h5py.h5ds.is_scale(self.file["dimensions/time"].id))
        self.assertEqual(self.file["dimensions/time"].attrs["units"], "s")

    def test_every_axis_is_tied_to_a_scale_at_the_root_that_has_its_name_and_extent(self):
        axes = 0
        for path, array in arrays_of(self.file).items():
            for axis in array.dims if path != "dimensions/time" else ():
                with self.subTest(path, axis=axis.label):
                    scale = self.file[axis.label]
                    self.assertEqual(axis[0], scale)
                    self.assertEqual(scale.shape, (array.shape[axis._dimension],))
                    self.assertTrue(h5py.h5ds.is_scale(scale.id))
                    axes += 1
        self.assertGreater(axes, 10)

    def test_texts_of_provenance_have_a_fixed_length_in_ascii(self):
        for name in ("config", "build"):
            text = self.file["provenance"][name]
            length = len(text.asstr()[()]) + 1  # a zero at the end
            self.assertEqual(h5py.check_string_dtype(text.dtype), ("ascii", length), name)

    def test_an_older_file_is_read(self):
        """Texts of variable length, no scale but that of the time, empty splits contiguous."""
        old = self.folder / "old.h5"
        with h5py.File(old, "w") as file:
            for name, value in self.file.attrs.items():
                file.attrs[name] = value
            for path, array in arrays_of(self.file).items():
                text = h5py.check_string_dtype(array.dtype) is not None
                values = array.asstr()[()] if text else array[()]
                copy = file.create_dataset(path, data=values)
                for name in set(array.attrs) - {"DIMENSION_LIST", "REFERENCE_LIST", "CLASS"}:
                    copy.attrs[name] = array.attrs[name]
            variable = h5py.check_string_dtype(file["provenance/config"].dtype)
            self.assertEqual(variable, ("utf-8", None))
        run("validate", old)
        self.assertIn("n = ", run("inspect", old))

    def test_splits_are_all_samples_once(self):
        parts = [self.file[f"splits/{name}"] for name in ("train", "valid", "test")]
        for part in parts:
            self.assertEqual(part.dtype, np.dtype("<i8"))
            self.assertEqual(part.attrs["stop"] - part.attrs["start"], part.size)
            self.assertTrue(part.chunks)
        self.assertEqual(np.concatenate(parts).tolist(), list(range(self.samples)))

    def test_provenance_parses(self):
        config = tomllib.loads(self.file["provenance/config"].asstr()[()])
        self.assertEqual(config["n"], self.samples)
        self.assertEqual(config["seed"], 3)
        build = json.loads(self.file["provenance/build"].asstr()[()])
        self.assertIn("compiler", build)
        self.assertIn("hdf5", build)

    def test_equal_commands_give_equal_bytes(self):
        again = self.folder / "again.h5"
        run(*self.make, "--jobs", 3, "-o", again)
        self.assertEqual(again.read_bytes(), self.path.read_bytes())

    def test_a_copy_that_was_never_finished_is_refused(self):
        copy = self.folder / "unfinished.h5"
        shutil.copy(self.path, copy)
        with h5py.File(copy, "r+") as unfinished:
            unfinished.attrs["complete"] = np.int8(0)
        self.assertIn("never finished", run("validate", copy, code=1))

    def test_h5dump_reads_it(self):
        dump = subprocess.run(["h5dump", "-H", self.path], capture_output=True, text=True)
        self.assertEqual((dump.returncode, dump.stderr), (0, ""))
        self.assertRegex(dump.stdout, r'DATASET "time"')


class Trajectories(Layout, FolderCase):
    make = ("generate", "pendulum", "--n", 5, "--steps", 7, "--seed", 3)
    schema = "noether/trajectories"
    samples = 5
    arrays = TRAJECTORY_ARRAYS
    text_arrays = set()
    attributes = TRAJECTORY_ATTRIBUTES
    over_time = [f"trajectories/{name}" for name in ("state", "observation", "dstate_dt")]

    def test_coordinates_are_named(self):
        self.assertEqual(self.file.attrs["coordinate_names"].tolist(), ["q", "p"])

    def test_noise_is_stated(self):
        noise = self.file["trajectories/observation"].attrs["noise_std"]
        self.assertEqual(noise, 0.1)
        difference = self.file["trajectories/observation"][()] - self.file["trajectories/state"][()]
        self.assertGreater(np.abs(difference).max(), noise / 10)

    def test_numbers_obey_the_stated_equations(self):
        q, p = np.moveaxis(self.file["trajectories/state"][()], -1, 0)
        energy = self.file["trajectories/invariants/energy"][()]
        np.testing.assert_allclose(3 * (1 - np.cos(q)) + p**2, energy, rtol=1e-14)
        np.testing.assert_allclose(energy, energy[:, :1] * np.ones(7), rtol=1e-11)
        rate = np.stack([2 * p, -3 * np.sin(q)], axis=-1)
        np.testing.assert_allclose(self.file["trajectories/dstate_dt"][()], rate, atol=1e-14)


class Frames:
    """What holds for the frames of both forms of episodes, of 16 x 16 pixels."""

    def test_frames_are_chunks_of_16_deflated_at_level_4(self):
        pixels = self.file["episodes/observations/pixels"]
        self.assertEqual(pixels.chunks, (1, 16, 16, 16, 3))
        self.assertEqual(pixels.compression_opts, 4)
        # a white background with something drawn on it
        self.assertEqual(pixels[()].max(), 255)
        self.assertLess(pixels[()].min(), 100)

    def test_frames_say_that_they_are_images(self):
        attributes = self.file["episodes/observations/pixels"].attrs
        self.assertEqual(attributes["CLASS"], b"IMAGE")
        self.assertEqual(attributes["IMAGE_VERSION"], b"1.2")
        self.assertEqual(attributes["IMAGE_SUBCLASS"], b"IMAGE_TRUECOLOR")
        self.assertEqual(attributes["INTERLACE_MODE"], b"INTERLACE_PIXEL")


class Episodes(Frames, Layout, FolderCase):
    make = ("generate", "pixel-pendulum", "--n", 2, "--steps", 20, "--seed", 3)
    make += ("--render-size", 16)
    schema = "noether/episodes"
    samples = 2
    arrays = EPISODE_ARRAYS
    text_arrays = {"episodes/policy"}
    attributes = EPISODE_ATTRIBUTES
    over_time = ["episodes/observations/pixels", "episodes/observations/state", "episodes/state"]

    def test_flags_are_booleans_of_h5py(self):
        self.assertFalse(self.file["episodes/terminations"][()].any())
        truncated = self.file["episodes/truncations"][()]
        self.assertTrue(truncated[:, -1].all())
        self.assertEqual(truncated.sum(), 2)

    def test_policies_are_utf8_strings(self):
        policy = self.file["episodes/policy"]
        self.assertEqual(h5py.check_string_dtype(policy.dtype), ("utf-8", None))
        for name in policy.asstr()[()]:
            self.assertTrue(re.fullmatch("[a-z-]+", name), name)

    def test_spaces_are_json(self):
        space = json.loads(self.file.attrs["observation_space"])
        self.assertEqual(space["subspaces"]["pixels"]["shape"], [16, 16, 3])
        self.assertEqual(json.loads(self.file.attrs["action_space"])["high"], [2.0])

    def test_observations_are_float32_of_the_state(self):
        theta, theta_dot = np.moveaxis(self.file["episodes/state"][()], -1, 0)
        expected = np.stack([np.cos(theta), np.sin(theta), theta_dot], axis=-1)
        observed = self.file["episodes/observations/state"][()]
        np.testing.assert_allclose(observed, expected, rtol=1e-6, atol=1e-7)


class Films(Frames, Layout, FolderCase):
    make = ("generate", "spring", "--n", 2, "--steps", 20, "--seed", 3, "--frames", 16)
    schema = "noether/episodes"
    samples = 2
    arrays = FILM_ARRAYS
    text_arrays = set()
    attributes = FILM_ATTRIBUTES
    over_time = [path for path, (_, shape) in FILM_ARRAYS.items() if shape[:2] == (2, 20)]

    def test_version(self):
        self.assertEqual(self.file.attrs["schema_version"], "1.1.0")

    def test_the_mass_is_where_the_state_says(self):
        """The middle of what is not white, right of the wall, follows q."""
        darkness = 255.0 - self.file["episodes/observations/pixels"][..., 0]
        q = self.file["episodes/state"][..., 0]
        columns = darkness[:, :, 6:10].sum(axis=2)
        columns[columns < columns.max() / 2] = 0  # the spring is thin and grey
        place = (columns * np.arange(16)).sum(axis=2) / columns.sum(axis=2)
        self.assertGreater(np.corrcoef(place.ravel(), q.ravel())[0, 1], 0.99)

    def test_states_are_those_without_a_film(self):
        plain = self.folder / "plain.h5"
        run(*self.make[:-2], "-o", plain)
        with h5py.File(plain) as file:
            for name in ("state", "dstate_dt", "initial_state", "invariants/energy"):
                there, here = file[f"trajectories/{name}"], self.file[f"episodes/{name}"]
                np.testing.assert_array_equal(there, here)
            observed = self.file["episodes/observations/state"]
            np.testing.assert_array_equal(file["trajectories/observation"], observed)

    def test_grey_frames_are_the_stated_weights(self):
        grey = self.folder / "grey.h5"
        run(*self.make, "--set", "channels=1", "-o", grey)
        with h5py.File(grey) as file:
            pixels = file["episodes/observations/pixels"]
            self.assertEqual(pixels.attrs["IMAGE_SUBCLASS"], b"IMAGE_GRAYSCALE")
            colors = self.file["episodes/observations/pixels"][()]
            expected = colors @ np.array([0.299, 0.587, 0.114])
            np.testing.assert_allclose(pixels[..., 0], expected, atol=0.5 + 1e-9)


if __name__ == "__main__":
    main()
