"""Sets the tolerances of baselines from how much rounding moves their figures.

    python3 bench/baselines/spread.py build/release/noether -o spread spring pendulum

Training amplifies rounding, and rounding depends on the processor: oneDNN has a
code path for each generation, and we have one for tiles. The table of each baseline is
run by four of them, into FOLDER/NAME-PATH/ (kept, and resumed). A tolerance is FACTOR
times the largest relative difference to the fastest path, for there are processors that
we do not have, but at least LEAST. Values stay as they are: `noether check --accept` sets them.
"""

import argparse
import csv
import json
import math
import os
import subprocess
import sys
from pathlib import Path

PATHS = {"fastest": None, "avx512": "AVX512_CORE_BF16", "avx2": "AVX2", "avx": "AVX"}
FACTOR = 3
LEAST = 0.03
FOLDER = Path(__file__).parent
WORDS = {"table", "row", "against", "seed", "metric", "value", "better", "tolerance",
         "tolerance_is", "reason", "sample"}


def place_of(fields):
    """The coordinates of a record or of an entry: whatever is none of the words that both know."""
    return tuple(sorted((name, float(value)) for name, value in fields.items()
                        if name not in WORDS and value != ""))


def run_table(program, baseline, path, folder):
    """The name of that code path, and the records of the baseline's table on it by (row, metric,
    coordinates)."""
    command = [program, "table", baseline["table"], "-o", folder, "--resume"]
    for key, text in baseline["settings"].items():
        command += ["--set", f"{key}={text}"]
    environment = dict(os.environ)
    environment.pop("ONEDNN_MAX_CPU_ISA", None)
    if PATHS[path]:
        environment["ONEDNN_MAX_CPU_ISA"] = PATHS[path]
    subprocess.run(command, env=environment, check=True, stdout=subprocess.DEVNULL)
    records = {}
    with open(folder / "records.csv") as lines:
        for record in csv.DictReader(lines):
            key = record["row"], record["metric"], place_of(record)
            records.setdefault(key, []).append(float(record["value"]))  # in the order of seeds
    machine = json.loads((folder / "table.json").read_text())["provenance"]["machine"]
    return machine["float_products"], records


def value_of(entry, records):
    """As `noether check` has it: the mean over seeds, or the geometric mean of the ratios."""
    def values(row):
        return records[row, entry["metric"], place_of(entry)]

    if "against" not in entry:
        return math.fsum(values(entry["row"])) / len(values(entry["row"]))
    logs = [math.log(a / b) for a, b in zip(values(entry["row"]), values(entry["against"]))]
    return math.exp(math.fsum(logs) / len(logs))


def set_tolerances(program, name, output):
    file = FOLDER / f"{name}.json"
    baseline = json.loads(file.read_text())
    results = dict(run_table(program, baseline, path, output / f"{name}-{path}")
                   for path in PATHS)
    if len(results) < len(PATHS):
        sys.exit(f"{name}: this processor has {', '.join(results)} only: the spread is that of "
                 f"{len(PATHS)} code paths, tiles among them")
    for entry in baseline["entries"]:
        fastest, *others = (value_of(entry, records) for records in results.values())
        spread = max(abs(other / fastest - 1) for other in others)
        entry["tolerance"] = max(LEAST, math.ceil(100 * FACTOR * spread) / 100)
        entry["tolerance_is"] = "relative"
        entry["reason"] = (f"{FACTOR} times the largest difference between code paths, "
                           f"{100 * spread:.2f} %, at least {100 * LEAST:g} %")
        against = f" / {entry['against']}" if "against" in entry else ""
        place = ", ".join(f"{axis} {value:g}" for axis, value in place_of(entry))
        print(f"{name}, {place}: {entry['row']}{against} "
              f"{entry['metric']} {fastest:.4g}, spread {100 * spread:.2f} %, "
              f"tolerance {100 * entry['tolerance']:.0f} %")
    file.write_text(json.dumps(baseline, indent=2, ensure_ascii=False) + "\n")


def main():
    parser = argparse.ArgumentParser(description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("program", help="noether, built for all processors")
    parser.add_argument("names", nargs="+", help="baselines")
    parser.add_argument("-o", "--output", type=Path, required=True, help="folder for the tables")
    arguments = parser.parse_args()
    arguments.output.mkdir(exist_ok=True)
    for name in arguments.names:
        set_tolerances(arguments.program, name, arguments.output)


if __name__ == "__main__":
    main()
