"""What datasets.md says of sizes and checksums is what its commands make."""

import json
import pathlib
import re
import subprocess
import sys
import tempfile
import unittest

NOETHER = ""  # the program, set from the command line
DATASHEET = pathlib.Path(__file__).parents[2] / "datasets.md"
ROW = re.compile(
    r"\| `noether generate (\S+)((?: --\S+ \S+)*) -o \S+` \| ([\d,]+) bytes \| `([0-9a-f]{64})` \|"
)


def run(*arguments):
    return subprocess.run([NOETHER, *arguments], check=True, capture_output=True, text=True).stdout


class Datasheet(unittest.TestCase):
    def test_every_dataset_has_a_row(self):
        rows = [name for name, options, _, _ in ROW.findall(DATASHEET.read_text()) if not options]
        self.assertEqual(rows, run("list", "datasets", "--names").split())

    def test_commands_make_what_the_table_says(self):
        if '"arch":"x86-64-v3"' not in run("--version"):
            self.skipTest("the table holds for x86-64-v3")
        with tempfile.TemporaryDirectory() as folder:
            for i, (name, options, size, sha) in enumerate(ROW.findall(DATASHEET.read_text())):
                with self.subTest(name, options=options):
                    path = pathlib.Path(folder) / f"{i}.h5"
                    run("generate", name, *options.split(), "-o", str(path))
                    summary = json.loads(run("inspect", str(path), "--json", "--no-statistics"))
                    self.assertEqual(summary["attributes"]["content_sha256"], sha)
                    # texts of version and compiler move the size by a little
                    self.assertAlmostEqual(path.stat().st_size, int(size.replace(",", "")), delta=4096)


if __name__ == "__main__":
    NOETHER = sys.argv.pop(1)
    unittest.main()
