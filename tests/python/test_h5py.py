"""Generated files as h5py and h5dump see them."""

import json
import re

import h5py
import numpy as np

from layout import Frames, Layout
from program import FolderCase, main

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


if __name__ == "__main__":
    main()
