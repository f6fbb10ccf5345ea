"""Films of systems that nothing drives, as h5py sees them."""

import os
import unittest

import h5py
import numpy as np

from layout import Frames, Layout
from program import FolderCase, main, peak_mib, run, sentence, warnings

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
FILM_ATTRIBUTES = {
    "hamiltonian": str,
    "integrator": str,
    "observation_space": str,
    "render_size": np.int64,
    "dt": np.float64,
    "n_episodes": np.int64,
}


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

    def test_a_rollout_of_the_starts_of_a_film_is_that_film(self):
        again = self.folder / "rolled.h5"
        film = self.folder / "in.h5"
        run(*self.make, "-o", film)
        run("rollout", "spring", "--input", film, "--frames", 16, "-o", again)
        with h5py.File(film) as first, h5py.File(again) as second:
            for name in ("state", "observations/pixels"):
                there, here = first[f"episodes/{name}"][()], second[f"episodes/{name}"][()]
                np.testing.assert_array_equal(there, here)

    def test_what_cannot_be_filmed_is_one_sentence(self):
        out = self.folder / "none.h5"
        for flag in ("--frames", "--render-size"):
            said = sentence("generate", "light-ray", flag, 64, "-o", out, code=2)
            self.assertIn("light-ray has no scene; these have one: spring", said)
        said = sentence("generate", "spring", "--render-size", 64, "-o", out, code=2)
        self.assertIn("spring is filmed by frames, the size of its frames", said)
        twice = ("--frames", 16, "--set", "frames=32", "-o", out)
        for command in (("generate", "spring"), ("rollout", "spring", "--input", out)):
            said = sentence(*command, *twice, code=2)
            self.assertIn("--frames and --set frames state the same thing: give one of them", said)
        self.assertFalse(out.exists())

    def test_who_needs_states_alone_says_how_to_get_them(self):
        film = self.folder / "states.h5"
        run(*self.make, "-o", film)
        told = "the command of the film, `noether generate spring --n 2 --steps 20"
        for command in (("discover", film), ("task", film, "-o", self.folder / "task")):
            self.assertIn(told, sentence(*command, code=3))
        said = sentence("train", film, "-o", self.folder / "m.h5", "--model", "hnn", code=2)
        self.assertIn("the command that made it makes them without frames", said)

    def test_a_model_of_the_films_of_another_system_is_named(self):
        films = {name: self.folder / f"{name}.h5" for name in ("spring", "henon-heiles")}
        for name, path in films.items():
            run("generate", name, "--n", 4, "--steps", 8, "--frames", 16, "-o", path)
        model = self.folder / "video.h5"
        settings = ("channels=grey", "crop=1", "average=1", "history=2", "horizon=2", "steps=1")
        flags = [word for setting in settings for word in ("--set", setting)]
        run("train", films["spring"], "-o", model, "--preset", "ci", *flags)
        self.assertEqual(warnings("evaluate", model, films["spring"]), "")
        said = warnings("evaluate", model, films["henon-heiles"])
        self.assertRegex(said, "is a model of spring, but '.*' holds data of henon-heiles")

    @unittest.skipIf({"ASAN_OPTIONS", "TSAN_OPTIONS"} & set(os.environ), "sanitizers hold memory")
    def test_no_film_is_held_whole(self):
        """Both films have 92 MiB of frames; 48 MiB are held, most of it three chunks of 11 MiB."""
        for steps, size in ((128, 500), (7800, 64)):
            path = self.folder / f"{size}.h5"
            options = ("--n", 1, "--steps", steps, "--frames", size, "--jobs", 2)
            self.assertLess(peak_mib("generate", "spring", *options, "-o", path), 80)


if __name__ == "__main__":
    main()
