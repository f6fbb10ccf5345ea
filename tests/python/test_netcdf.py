"""Generated files as netCDF-4 programs see them: ncdump, netCDF4, h5netcdf, and xarray where it is
installed."""

import subprocess
import unittest

import h5netcdf
import h5py
import netCDF4
import numpy as np

from program import FolderCase, main, run

try:
    import xarray
except ImportError:
    xarray = None

STATE_AXES = ("trajectory", "time", "coordinate")
SIZES = {
    "trajectory": 5,
    "time": 7,
    "coordinate": 2,
    "split_train": 3,
    "split_valid": 0,
    "split_test": 2,
}


class NetCdf(FolderCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.path = cls.folder / "a.h5"
        cls.film = cls.folder / "film.h5"
        run("generate", "pendulum", "--n", 5, "--steps", 7, "-o", cls.path)
        size = ("--steps", 4, "--render-size", 16)
        run("generate", "pixel-pendulum", "--n", 30, *size, "-o", cls.film)
        with h5py.File(cls.path) as file:
            cls.state = file["trajectories/state"][()]

    def test_netcdf4_finds_names_and_values(self):
        with netCDF4.Dataset(self.path) as file:
            self.assertEqual({name: len(d) for name, d in file.dimensions.items()}, SIZES)
            state = file["trajectories/state"]
            self.assertEqual(state.dimensions, STATE_AXES)
            np.testing.assert_array_equal(state[:], self.state)
            self.assertEqual(file["splits/test"].dimensions, ("split_test",))
            self.assertEqual(file["splits/valid"][:].size, 0)
            self.assertIn("n = 5", str(file["provenance/config"][...]))
            self.assertEqual(file["time"].units, "s")

    def test_h5netcdf_finds_names_and_values(self):
        with h5netcdf.File(self.path, "r") as file:
            self.assertEqual({name: d.size for name, d in file.dimensions.items()}, SIZES)
            state = file["trajectories/state"]
            self.assertEqual(state.dimensions, STATE_AXES)
            np.testing.assert_array_equal(state[...], self.state)

    def test_no_dimension_is_made_up(self):
        for path in (self.path, self.film):
            done = subprocess.run(["ncdump", path], capture_output=True, text=True)
            self.assertEqual((done.returncode, done.stderr), (0, ""))
            self.assertNotIn("phony_dim", done.stdout)
        self.assertIn("pixels(episode, time, height, width, channel)", done.stdout)

    def test_texts_of_each_episode_are_read_whole(self):
        with h5py.File(self.film) as file:
            policies = file["episodes/policy"].asstr()[()]
        with netCDF4.Dataset(self.film) as file:
            self.assertEqual(file["episodes/policy"][:].tolist(), policies.tolist())
        self.assertGreater(len(set(policies)), 1)

    @unittest.skipIf(xarray is None, "python3-xarray is not installed")
    def test_xarray_opens_groups_with_both_engines(self):
        for engine in ("netcdf4", "h5netcdf"):
            with self.subTest(engine):
                with xarray.open_dataset(self.path, group="trajectories", engine=engine) as data:
                    self.assertEqual(data.state.dims, STATE_AXES)
                    np.testing.assert_array_equal(data.state, self.state)
                with xarray.open_dataset(self.path, engine=engine) as root:
                    self.assertEqual(root.time.size, 7)


if __name__ == "__main__":
    main()
