"""Gymnasium's rewards, computed by NumPy's scalars from the states and torques of a file."""

import h5py
import numpy as np

from program import FolderCase, main, run


TWO = np.float32(2)  # what NumPy 2 makes of the exponent of a float32


def reward_of(theta, theta_dot, torque):
    """As NumPy 2 promotes: 0.001 u ** 2 is float32, all else float64."""
    turn = 2 * np.pi
    angle = (theta + np.pi) % turn - np.pi
    effort = np.float32(0.001) * torque ** TWO
    return -(angle ** 2 + 0.1 * theta_dot ** 2 + np.float64(effort))


class Rewards(FolderCase):
    def test_rewards_of_60000_random_states_are_numpys_bit_for_bit(self):
        episodes, steps = 300, 200
        random = np.random.default_rng(20261127)
        starts = random.uniform([-np.pi, -8], [np.pi, 8], (episodes, 2))
        actions = random.uniform(-3, 3, (episodes, steps, 1)).astype("f4")
        with h5py.File(self.folder / "in.h5", "w") as file:
            file["initial_state"] = starts
            file["actions"] = actions
        out = self.folder / "out.h5"
        run("rollout", "pixel-pendulum", "--input", self.folder / "in.h5", "--render-size", 16, "-o", out)
        with h5py.File(out) as file:
            states = file["episodes/state"][()]
            rewards = file["episodes/rewards"][()]
        torques = np.clip(actions[..., 0], np.float32(-2), np.float32(2))
        by_product = wrong = 0
        for e in range(episodes):
            for t in range(steps):
                theta, theta_dot = states[e, t]
                torque = torques[e, t]
                expected = reward_of(theta, theta_dot, torque)
                wrong += expected.tobytes() != rewards[e, t].tobytes()
                by_product += torque ** TWO != torque * torque
        self.assertEqual(wrong, 0)
        # so that this test would see a product in place of powf
        self.assertGreater(by_product, 10)


if __name__ == "__main__":
    main()
