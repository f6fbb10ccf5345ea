"""Ours and PyTorch's training steps in turn, on one core, with their ratios.

    bench/peers/compare.py build/release/speed_learn --simd avx512,avx2

`./dev bench --peers` builds it and calls this. A round measures each task by our
program, with each width of vectors, and then by PyTorch (peers.py), which takes
what it finds; so whatever else the machine does slows both. A ratio is PyTorch's time over ours in
one round; the least and the median over rounds are printed; the least is what a goal is compared
with. MiB are the most memory that each process held, all that it loaded included.
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
    ("planets", "planets", {"": 1.5}),
    ("msr/width:6", "msr-6", {"": 1.5}),
    ("msr/width:30", "msr-30", {"": 1.5}),
    ("noether/px:16/channels:1/nf:8/batch:32/piece:16", "noether-16-8", {"": 2}),
    ("noether/px:32/channels:1/nf:8/batch:16/piece:8", "noether-32-8", {"": 2}),
    ("noether/px:64/channels:3/nf:16/batch:4/piece:4", "noether-64-16", {"": 2}),
]


def run(command, environment=None):
    """What a command prints, and the most memory that it held, MiB."""
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True,
                               env=os.environ | (environment or {}))
    output = process.stdout.read()
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode != 0:
        sys.exit(process.returncode)
    return output, usage.ru_maxrss / 1024


def our_step(program, simd, task, seconds):
    """CPU time of one step by Google Benchmark, ms, the least of the repetitions; peak MiB."""
    output, peak = run([program, f"--benchmark_filter=^{task}$", "--benchmark_format=json",
                        f"--benchmark_min_time={seconds / REPEATS}",
                        f"--benchmark_repetitions={REPEATS}"], {"NOETHER_SIMD": simd})
    times = [line["cpu_time"] for line in json.loads(output)["benchmarks"]
             if line["run_type"] == "iteration"]
    assert len(times) == REPEATS, f"{program}: no benchmark '{task}'"
    return min(times), peak


def peer_step(task, seconds):
    """What peers.py prints for the task, its CPU time of a step, ms, and peak MiB."""
    # the system's Python, which sees Debian's python3-torch
    output, peak = run(["/usr/bin/python3", "-B", PEERS, "--tasks", task, "--seconds", str(seconds)])
    record = json.loads(output)
    return record, (1000 * record["seconds_per_step"], peak)


def processor():
    with open("/proc/cpuinfo") as lines:
        return next(line.split(":")[1].strip() for line in lines if line.startswith("model name"))


def measure(pairs, arguments):
    """ours[simd, benchmark] and theirs[task]: (ms, MiB), one a round; and a peer's record."""
    ours, theirs, record = {}, {}, {}
    for number in range(arguments.rounds):
        for task in dict.fromkeys(pair[0] for pair in pairs):
            for simd in arguments.simd:
                step = our_step(arguments.program, simd, task, arguments.seconds)
                ours.setdefault((simd, task), []).append(step)
            for peer in (pair[1] for pair in pairs if pair[0] == task):
                if sys.stderr.isatty():
                    print(f"\033[Kround {number + 1} of {arguments.rounds}: {peer}", end="\r",
                          file=sys.stderr)
                record, step = peer_step(peer, arguments.seconds)
                theirs.setdefault(peer, []).append(step)
    return ours, theirs, record


def table_lines(simds, pairs, ours, theirs):
    """The comparison, a line for each width of our vectors and each task of PyTorch."""
    form = "{:<18} {:<8} {:>9} {:>11} {:>8} {:>9} {:>5}  {:<6} {:>9} {:>12}".format
    yield form("task", "vectors", "ours ms", "PyTorch ms", "least x", "median x", "bar", "",
               "ours MiB", "PyTorch MiB").rstrip()
    for task, peer, bars in pairs:
        for simd in simds:
            (mine, peaks), (other, their_peaks) = zip(*ours[simd, task]), zip(*theirs[peer])
            ratios = [b / a for a, b in zip(mine, other)]
            bar = bars.get(simd, bars.get(""))
            verdict = "" if bar is None else "met" if min(ratios) >= bar else "BELOW"
            yield form(peer, simd, f"{min(mine):.3f}", f"{min(other):.3f}", f"{min(ratios):.2f}",
                       f"{statistics.median(ratios):.2f}", "" if bar is None else f"{bar:g}",
                       verdict, f"{max(peaks):.0f}", f"{max(their_peaks):.0f}")


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
