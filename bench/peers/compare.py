"""Ours and PyTorch's training steps in turn, on one core, with their ratios.

    bench/peers/compare.py build/release/speed_learn --simd avx512,avx2

`./dev bench --peers` builds it and calls this. A round measures each task by our
program, with each width of vectors, and then by PyTorch (peers.py), which takes
what it finds; so whatever else the machine does slows both. A ratio is PyTorch's time over ours in one round; the
least and the median over rounds are printed; the least is what a goal is compared with.
"""

import argparse
import json
import os
import statistics
import subprocess
import sys
from pathlib import Path

PEERS = Path(__file__).with_name("peers.py")
REPEATS = 5  # as in peers.py: the least of five

# our benchmark, PyTorch's task, what the ratio should reach (by our vectors; '' is any)
STEP = {"avx512": 1.8, "avx2": 1.3}
PAIRS = [
    ("vanilla/rows:{rows}", "vanilla", STEP),
    ("hnn/rows:{rows}", "hnn", STEP),
    ("meta/rows:{rows}", "meta-low-rank", STEP),
    ("meta/rows:{rows}", "meta-low-rank-jit", {}),
    ("meta/rows:{rows}", "meta-vmap-whole", {"": 60}),
    ("meta/rows:{rows}", "meta-vmap", {}),
    ("conv/px:32/nf:8", "conv-32-8", {"": 1}),
    ("conv/px:32/nf:16", "conv-32-16", {"": 1}),
    ("conv/px:64/nf:16", "conv-64-16", {"": 1}),
    ("video/px:16/channels:1/nf:8/batch:32/piece:16", "video-16-8", {"": 1.5}),
    ("video/px:32/channels:1/nf:8/batch:16/piece:8", "video-32-8", {"": 1.5}),
    ("video/px:64/channels:3/nf:16/batch:4/piece:4", "video-64-16", {"": 1.5}),
]


def our_milliseconds(program, simd, task, seconds):
    """CPU time of one step by Google Benchmark, the least of the repetitions."""
    output = subprocess.run(
        [program, f"--benchmark_filter=^{task}$", "--benchmark_format=json",
         f"--benchmark_min_time={seconds / REPEATS}", f"--benchmark_repetitions={REPEATS}"],
        check=True, capture_output=True, text=True,
        env=os.environ | {"NOETHER_SIMD": simd}).stdout
    times = [run["cpu_time"] for run in json.loads(output)["benchmarks"]
             if run["run_type"] == "iteration"]
    assert len(times) == REPEATS, f"{program}: no benchmark '{task}'"
    return min(times)


def peer_record(task, seconds):
    """What peers.py prints for the task."""
    # the system's Python, which sees Debian's python3-torch
    done = subprocess.run(["/usr/bin/python3", "-B", PEERS, "--tasks", task, "--seconds", str(seconds)],
                          stdout=subprocess.PIPE, text=True)
    if done.returncode != 0:
        sys.exit(done.returncode)
    return json.loads(done.stdout)


def processor():
    with open("/proc/cpuinfo") as lines:
        return next(line.split(":")[1].strip() for line in lines if line.startswith("model name"))


def measure(pairs, arguments):
    """ours[simd, benchmark] and theirs[task]: milliseconds, one a round; and a peer's record."""
    ours, theirs, record = {}, {}, {}
    for number in range(arguments.rounds):
        for task in dict.fromkeys(pair[0] for pair in pairs):
            for simd in arguments.simd:
                time = our_milliseconds(arguments.program, simd, task, arguments.seconds)
                ours.setdefault((simd, task), []).append(time)
            for peer in (pair[1] for pair in pairs if pair[0] == task):
                if sys.stderr.isatty():
                    print(f"\033[Kround {number + 1} of {arguments.rounds}: {peer}", end="\r",
                          file=sys.stderr)
                record = peer_record(peer, arguments.seconds)
                theirs.setdefault(peer, []).append(1000 * record["seconds_per_step"])
    return ours, theirs, record


def table_lines(simds, pairs, ours, theirs):
    """The comparison, a line for each width of our vectors and each task of PyTorch."""
    form = "{:<18} {:<10} {:>9} {:>11} {:>10} {:>10} {:>6}  {}".format
    yield form("task", "vectors", "ours ms", "PyTorch ms", "least x", "median x", "bar", "")
    for task, peer, bars in pairs:
        for simd in simds:
            mine, other = ours[simd, task], theirs[peer]
            ratios = [b / a for a, b in zip(mine, other)]
            bar = bars.get(simd, bars.get(""))
            verdict = "" if bar is None else "met" if min(ratios) >= bar else "BELOW"
            yield form(peer, simd, f"{min(mine):.3f}", f"{min(other):.3f}", f"{min(ratios):.2f}",
                       f"{statistics.median(ratios):.2f}", "" if bar is None else f"{bar:g}",
                       verdict).rstrip()


def parse_arguments():
    parser = argparse.ArgumentParser(description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("program", help="speed_learn")
    parser.add_argument("--simd", default="avx512,avx2",
                        help="vectors of our products, comma-separated; default avx512,avx2")
    parser.add_argument("--rounds", type=int, default=5, help="default 5")
    parser.add_argument("--seconds", type=float, default=2,
                        help="for each measurement; default 2")
    parser.add_argument("--rows", type=int, default=375,
                        help="computed at once by ours, at most; default 375, as in training")
    parser.add_argument("--tasks", help="comma-separated, of PyTorch's; default: all")
    arguments = parser.parse_args()
    if arguments.rounds < 1 or not arguments.seconds > 0:
        parser.error("--rounds and --seconds must be positive")
    known = [peer for _, peer, _ in PAIRS]
    wanted = arguments.tasks.split(",") if arguments.tasks else known
    for task in wanted:
        if task not in known:
            parser.error(f"unknown task '{task}'; expected some of {', '.join(known)}")
    pairs = [(task.format(rows=arguments.rows), peer, bars) for task, peer, bars in PAIRS
             if peer in wanted]
    arguments.simd = arguments.simd.split(",")
    for simd in arguments.simd:
        if simd not in ("avx512", "avx2", "none"):
            parser.error(f"unknown vectors '{simd}'; expected some of avx512, avx2, none")
    return arguments, pairs


def main():
    arguments, pairs = parse_arguments()
    core = max(os.sched_getaffinity(0))
    os.sched_setaffinity(0, {core})  # those we start inherit it
    load = os.getloadavg()[0]
    ours, theirs, record = measure(pairs, arguments)
    print("\n".join(table_lines(arguments.simd, pairs, ours, theirs)))
    print(f"\nmilliseconds of CPU a step, the least of {arguments.rounds} rounds; x is PyTorch's time over "
          "ours in a round\n"
          f"float32; training: {record['points']} points, 2-200-200-2, ours at most {arguments.rows} rows at once\n"
          f"{processor()}, core {core}; load {load:.1f} before, {os.getloadavg()[0]:.1f} after\n"
          f"torch {record['torch']}, {record['blas']}, {record['threads']} thread")
    if record["blas"] != "openblas":
        sys.exit("PyTorch did not load OpenBLAS: its times mean nothing; install libopenblas0")


if __name__ == "__main__":
    main()
