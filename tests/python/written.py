"""Tables of text that tests write, and what is made of them."""

import json

import numpy as np

from motions import integrated
from program import FolderCase, run


EVEN = np.linspace(0, 6, 61)
UNEVEN = np.concatenate([[0], np.cumsum(0.1 + 0.04 * np.sin(3 * np.arange(60)))])


class CsvCase(FolderCase):
    def write(self, header, trials, separator=",", decimal=".", start="", numbered=True):
        path = self.folder / "in.csv"
        with path.open("w", encoding="utf-8", newline="\r\n") as out:
            out.write(start + separator.join((["run"] if numbered else []) + header) + "\n")
            for i, rows in enumerate(trials):
                for row in rows:
                    numbers = ([str(i)] if numbered else []) + [repr(float(v)) for v in row]
                    out.write(separator.join(n.replace(".", decimal) for n in numbers) + "\n")
        return path

    def imported(self, path, *flags):
        out = self.folder / "out.h5"
        text = run("import", "csv", path, "-o", out, "--overwrite", *flags)
        run("validate", out)
        return out, text

    def laws(self, data, *flags):
        return json.loads(run("discover", data, "--json", "--resamples", 0, *flags))

    def rows(self, names, field, starts, times, given, noise=0.0):
        states = integrated(field, starts, times).swapaxes(0, 1)
        seen = states + noise * np.random.default_rng(3).normal(size=states.shape)
        rates = field(states)
        header = ["t", *names] + ([f"d{name}_dt" for name in names] if given else [])
        trials = [np.column_stack([times, x] + ([dx] if given else [])) for x, dx in zip(seen, rates)]
        return header, trials

    def constant(self, data, *flags):
        """That of p^2 + c cos(q), the first formula."""
        first = self.laws(data, "--units", "q=rad,p=1", *flags)["formulas"]["laws"][0]
        self.assertEqual(first["formula"], "p^2 + c0 cos(q)")
        return first["parameters"][0]["value"], first["conserved"]
