"""What holds for every form of file: the layout that datasets.md promises."""

import hashlib
import json
import shutil
import subprocess
import tomllib

import h5py
import numpy as np

from program import run

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
    """A subclass states `make`, `arrays` and `attributes`."""

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

    def test_arrays_state_mean_and_standard_deviation_of_each_coordinate(self):
        for path, array in arrays_of(self.file).items():
            is_measured = array.dtype.kind == "f" or path.endswith("pixels")
            with self.subTest(path):
                self.assertEqual("mean" in array.attrs, is_measured and not path.startswith("dimensions/"))
                if "mean" not in array.attrs:
                    continue
                numbers = array[()].astype(np.float64)
                by_coordinate = np.ndim(array.attrs["mean"]) > 0
                self.assertEqual(by_coordinate, array.ndim > 2 or path.endswith("initial_state"))
                axes = tuple(range(array.ndim - 1)) if by_coordinate else None
                np.testing.assert_allclose(array.attrs["mean"], numbers.mean(axes), rtol=1e-12, atol=1e-12)
                np.testing.assert_allclose(array.attrs["std"], numbers.std(axes), rtol=1e-12, atol=1e-12)

    def test_everything_can_be_copied_into_another_file(self):
        with h5py.File(self.folder / "copy.h5", "w") as copy:
            for name in self.file:
                self.file.copy(name, copy)
            for path, array in arrays_of(self.file).items():
                if h5py.check_string_dtype(array.dtype) is None:
                    np.testing.assert_array_equal(copy[path][()], array[()])

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
