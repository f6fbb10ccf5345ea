"""The program under test, and the packages that these tests read its files with."""

import os
import pathlib
import subprocess
import sys
import tempfile
import unittest

try:
    import h5py  # noqa: F401
    import numpy  # noqa: F401
    import PIL  # noqa: F401
except ImportError as error:
    sys.exit(f"{error}: these tests need the packages that './dev deps' installs")

_binary = ""


def run(*arguments, code=0):
    """Runs the program; fails unless it exits with `code`. Returns what it printed to stdout."""
    done = subprocess.run([_binary, *map(str, arguments)], capture_output=True, text=True)
    if done.returncode != code:
        raise AssertionError(f"{arguments}: exit code {done.returncode}\n{done.stderr}")
    return done.stdout


def peak_mib(*arguments):
    """Runs the program, which must succeed; returns the most memory that it held, MiB."""
    child = subprocess.Popen([_binary, *map(str, arguments)], stdout=subprocess.DEVNULL)
    _, status, usage = os.wait4(child.pid, 0)
    child.returncode = os.waitstatus_to_exitcode(status)
    if child.returncode != 0:
        raise AssertionError(f"{arguments}: exit code {child.returncode}")
    return usage.ru_maxrss / 1024


def runge_kutta(rate, x, h):
    """One classical step."""
    k1 = rate(x)
    k2 = rate(x + h / 2 * k1)
    k3 = rate(x + h / 2 * k2)
    k4 = rate(x + h * k3)
    return x + h / 6 * (k1 + 2 * k2 + 2 * k3 + k4)


def sentence(*arguments, code):
    """Runs the program, which must fail with `code` and one line on stderr; returns that line."""
    done = subprocess.run([_binary, *map(str, arguments)], capture_output=True, text=True)
    lines = [line for line in done.stderr.splitlines() if line.startswith("noether: ")]
    if done.returncode != code or len(lines) != 1:
        raise AssertionError(f"{arguments}: exit code {done.returncode}\n{done.stderr}")
    return lines[0]


def warnings(*arguments):
    """Runs the program, which must succeed; returns what it printed to stderr."""
    done = subprocess.run([_binary, *map(str, arguments)], capture_output=True, text=True)
    if done.returncode != 0:
        raise AssertionError(f"{arguments}: exit code {done.returncode}\n{done.stderr}")
    return done.stderr


class FolderCase(unittest.TestCase):
    """A class of tests with one temporary folder, `folder`, which setUpClass may fill."""

    @classmethod
    def setUpClass(cls):
        cls._temporary = tempfile.TemporaryDirectory()
        cls.addClassCleanup(cls._temporary.cleanup)
        cls.folder = pathlib.Path(cls._temporary.name)


def main():
    """Runs the tests of the calling script: python3 SCRIPT PATH_OF_PROGRAM [TEST ...]."""
    global _binary
    if len(sys.argv) < 2:
        sys.exit(f"usage: {sys.argv[0]} PATH_OF_NOETHER [TEST ...]")
    _binary = sys.argv.pop(1)
    unittest.main()
