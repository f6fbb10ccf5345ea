"""Files that others rewrite, hold open or store by other filters; and two writers of one file."""

import fcntl
import pathlib
import shutil
import subprocess
import sys

import h5py
import numpy as np

from program import FolderCase, main, run, sentence


class FileCase(FolderCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.path = cls.folder / "a.h5"
        run("generate", "pendulum", "--n", 10, "--steps", 9, "-o", cls.path)

    def copy(self, name):
        copy = self.folder / name
        shutil.copy(self.path, copy)
        return copy


class Rewritten(FileCase):
    def test_a_repacked_file_is_intact_and_is_sealed_again(self):
        packed = self.folder / "packed.h5"
        subprocess.run(["h5repack", "-f", "GZIP=4", self.path, packed], check=True)
        self.assertIn("intact, rewritten", run("validate", packed))
        said = sentence("render", packed, "-o", self.folder / "a.png", code=3)
        self.assertIn("was rewritten by another program, and its content checksums fit", said)
        self.assertIn(f"`noether seal {packed}` seals it again", said)
        self.assertIn("sealed", run("seal", packed))
        self.assertIn("is intact", run("seal", packed))
        self.assertNotIn("rewritten", run("validate", packed))
        run("diff", self.path, packed)
        with h5py.File(packed) as file:
            self.assertEqual(file["trajectories/state"].compression, "gzip")
        self.assertEqual(list(self.folder.glob("packed.h5.*")), [])

    def test_a_rewritten_file_with_another_number_is_damaged(self):
        copy = self.copy("changed.h5")
        with h5py.File(copy, "r+") as file:
            file["trajectories/state"][3, 4, 1] += 1
            file.create_dataset("more", data=np.zeros(1000))
        self.assertIn("is damaged: it holds", sentence("inspect", copy, code=3))
        self.assertIn("is damaged", sentence("seal", copy, code=3))
        self.assertNotIn("rewritten", run("validate", copy, code=1))

    def test_a_file_without_user_block_is_written_and_sealed_back(self):
        plain = self.folder / "plain.h5"
        run("export", self.path, "--format", "hdf5", "-o", plain)
        self.assertTrue(plain.read_bytes().startswith(b"\x89HDF\r\n\x1a\n"))
        dump = subprocess.run(["h5dump", plain], capture_output=True, text=True)
        self.assertEqual((dump.returncode, dump.stderr), (0, ""))
        with h5py.File(plain) as file, h5py.File(self.path) as source:
            self.assertEqual(file.userblock_size, 0)
            state = source["trajectories/state"][()]
            np.testing.assert_array_equal(file["trajectories/state"][()], state)
        self.assertIn("none: written by another program", run("validate", plain))
        self.assertIn("exists", sentence("export", self.path, "--format", "hdf5", "-o", plain, code=3))
        run("seal", plain)
        self.assertEqual(plain.read_bytes(), self.path.read_bytes())

    def test_what_is_none_of_ours_is_not_sealed(self):
        other = self.folder / "other.h5"
        with h5py.File(other, "w") as file:
            file["x"] = np.arange(5.0)
        before = other.read_bytes()
        self.assertIn("it is not sealed", sentence("seal", other, code=3))
        self.assertEqual(other.read_bytes(), before)


class Unreadable(FileCase):
    def test_a_file_that_is_being_written_is_in_use(self):
        copy = self.copy("open.h5")
        with h5py.File(copy, "r+"):
            self.assertIn("is in use", sentence("inspect", copy, code=3))
        run("inspect", copy)

    def test_a_filter_that_is_missing_is_named(self):
        other = self.folder / "lzf.h5"
        with h5py.File(other, "w") as file:
            file.create_dataset("x", data=np.zeros((5, 5)), compression="lzf")
        said = sentence("inspect", other, code=3)
        self.assertIn("needs the filter 'lzf' for 'x'", said)
        self.assertNotIn("damaged", said)

    def test_a_cut_file_is_damaged(self):
        copy = self.copy("cut.h5")
        copy.write_bytes(copy.read_bytes()[:20000])
        self.assertIn("is damaged: it holds", sentence("inspect", copy, code=3))

    def test_user_blocks_of_other_tools_are_read(self):
        for size in (512, 1024, 4096):
            other = self.folder / f"block-{size}.h5"
            with h5py.File(other, "w", userblock_size=size) as file:
                file["x"] = np.arange(5.0)
            with open(other, "r+b") as file:
                file.write(b"some words of another tool")
            self.assertIn("float64 (5)", run("inspect", other))


class Outputs(FileCase):
    def test_the_standard_output_is_no_file(self):
        for verb in (("render", self.path), ("export", self.path, "--format", "csv"),
                     ("generate", "spring"), ("task", self.path), ("table", "spring")):
            with self.subTest(verb):
                self.assertIn("not the standard output", sentence(*verb, "-o", "-", code=2))

    def test_an_upper_case_ending_is_taken(self):
        run("render", self.path, "-o", self.folder / "A.PNG")
        self.assertTrue((self.folder / "A.PNG").read_bytes().startswith(b"\x89PNG"))

    def test_help_into_a_full_disk_is_an_error(self):
        for verb in ((), ("generate",)):
            with open("/dev/full", "w") as full:
                done = subprocess.run(
                    [sys.modules["program"]._binary, *verb, "--help"], stdout=full,
                    stderr=subprocess.PIPE, text=True
                )
            self.assertEqual(done.returncode, 3)
            self.assertIn("cannot write to the standard output", done.stderr)


class Names(FolderCase):
    def test_names_of_coordinates_are_checked_on_every_way_in(self):
        time = np.linspace(0, 1, 9)
        states = np.stack([np.sin(time), np.cos(time)], axis=-1)
        np.savez(self.folder / "in.npz", x=states, t=time)
        with h5py.File(self.folder / "in.h5", "w") as file:
            file["x"], file["t"] = states, time
        out = self.folder / "out.h5"
        for name, reason in (("angle (rad)", "cannot stand in a formula"), ("2q", "cannot stand"),
                             ("sin", "a function or constant"), ("c0", "a function or constant")):
            rows = "".join(f"{t},{a},{b}\n" for t, (a, b) in zip(time, states))
            (self.folder / "in.csv").write_text(f"t,{name},p\n" + rows)
            trials = "".join(f"0 {t} {a} {b}\n" for t, (a, b) in zip(time, states))
            (self.folder / "in.txt").write_text(f"%{name} p\n" + trials)
            ways = [("csv", "in.csv"), ("npz", "in.npz", "--time", "t", "--names", f"{name},p"),
                    ("hdf5", "in.h5", "--state", "/x", "--time", "/t", "--names", f"{name},p")]
            if name in ("sin", "c0"):
                ways.append(("lipson", "in.txt"))
            for way, source, *more in ways:
                with self.subTest(way, name=name):
                    command = ("import", way, self.folder / source, "-o", out, *more)
                    self.assertIn(reason, sentence(*command, code=3))
                    self.assertFalse(out.exists())


class TwoWriters(FileCase):
    """What is being written by one process is not written by another."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        time = np.linspace(0, 5, 2000)
        table = np.stack([time, np.sin(time), np.cos(time)], axis=-1)
        header = {"header": "t,q,p", "delimiter": ",", "comments": ""}
        np.savetxt(cls.folder / "in.csv", table, **header)
        np.savez(cls.folder / "in.npz", x=table[:, 1:], t=time)
        with h5py.File(cls.folder / "in.h5", "w") as file:
            file["x"], file["t"] = table[:, 1:], time
        lines = "".join("0 {:.17g} {:.17g} {:.17g}\n".format(*row) for row in table)
        (cls.folder / "in.txt").write_text("%q p\n" + lines)
        cls.film = cls.folder / "film.h5"
        run("generate", "pixel-pendulum", "--n", 2, "--steps", 5, "--render-size", 16, "-o", cls.film)
        cls.model = cls.folder / "model.h5"
        run("train", cls.path, "--steps", 2, "-o", cls.model)
        packed = cls.folder / "packed.h5"
        subprocess.run(["h5repack", "-f", "GZIP=4", cls.path, packed], check=True)

    def commands(self, out):
        at = self.folder
        hdf5 = ("--state", "/x", "--time", "/t")
        return [
            ("generate", "spring", "--n", 2, "-o", out),
            ("import", "csv", at / "in.csv", "-o", out),
            ("import", "npz", at / "in.npz", "-o", out, "--time", "t"),
            ("import", "hdf5", at / "in.h5", "-o", out, *hdf5),
            ("import", "lipson", at / "in.txt", "-o", out),
            ("render", self.path, "-o", f"{out}.png"),
            ("export", self.path, "--format", "csv", "-o", out),
            ("export", self.path, "--format", "hdf5", "-o", out),
            ("export", self.film, "--format", "minari", "-o", out),
            ("train", self.path, "--steps", 1, "-o", out),
            ("evaluate", self.model, self.path, "-o", out),
            ("discover", self.path, "--max-nodes", 5, "-o", out),
            ("task", self.path, "-o", out),
        ]

    def test_every_command_that_writes_asks_for_the_lock(self):
        commands = [*self.commands(self.folder / "out"), ("seal", self.folder / "packed.h5")]
        for command in commands:
            output = pathlib.Path(command[command.index("-o") + 1] if "-o" in command else command[1])
            with self.subTest(" ".join(map(str, command[:3]))), open(f"{output}.lock", "w") as lock:
                fcntl.flock(lock, fcntl.LOCK_EX)
                said = sentence(*command, code=3)
                self.assertIn("is being written by another process", said)
                if output.name != "packed.h5":
                    self.assertFalse(output.exists())
                pathlib.Path(lock.name).unlink()

    def test_of_two_imports_into_one_file_one_is_refused(self):
        binary = sys.modules["program"]._binary
        out = self.folder / "both.h5"
        command = [binary, "import", "csv", self.folder / "in.csv", "-o", out]
        written = 0
        for _ in range(5):
            out.unlink(missing_ok=True)
            both = [
                subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
                for _ in range(2)
            ]
            said = [process.communicate() for process in both]
            codes = sorted(process.returncode for process in both)
            self.assertEqual(codes, [0, 3], said)
            refusals = "".join(err for _, err in said)
            self.assertRegex(refusals, "is being written by another process|exists")
            run("validate", out)
            written += 1
        self.assertEqual(written, 5)
        self.assertEqual(list(self.folder.glob("both.h5.*")), [])


if __name__ == "__main__":
    main()
