"""Checks what the compiler does not: who may include whom, and the form of every source file.

Usage: test_includes.py ROOT. Before it judges the tree it judges examples that break each rule, so
that a checker that sees nothing cannot pass.
"""

import re
import sys
from pathlib import Path

MAX_LINES = 300
# The heart of the autodiff, which one sitting must be enough to read. It is what knows of levels and
# tapes: trace.* (apply, the two kinds of trace) and transforms.* (grad, vjp, jvp). The rest has no
# such knowledge: ops and rules are a table that it reads, custom.* and jacobian.* call it as users do.
# All lines count, blank ones and comments too.
CORE, MAX_CORE_LINES = r"learn/autodiff/(trace|transforms)\.(h|cpp)", 399

# The parts of the project, and the parts each may include.
ALLOWED = {
    "base": {"base"},
    "sim": {"base", "sim"},
    "render": {"base", "sim", "render"},
    "store": {"base", "store"},
    "make": {"base", "sim", "render", "store", "make"},
    "recording": {"base", "recording"},
    "exchange": {"base", "sim", "render", "store", "make", "recording", "exchange"},
    "learn": {"base", "learn"},
    "bench": {"base", "sim", "render", "store", "make", "exchange", "recording", "learn", "bench"},
    "cli": {"base", "sim", "render", "store", "make", "exchange", "recording", "learn", "bench", "cli"},
    "tests": {"base", "sim", "render", "store", "make", "exchange", "recording", "learn", "bench", "cli", "tests"},
}

# Where a third-party library may be included, tests aside: start of its headers, files.
CONFINED = {
    "hdf5": r"dataset/store/h5[a-z0-9_]*\.(h|cpp)",
    "cairo": r"render/canvas\.(h|cpp)",
    "boost/numeric/odeint": r"sim/integrator\.cpp",
    "webp/": r"render/webp\.cpp",
    "libdeflate": r"dataset/store/[a-z0-9_]+\.cpp",
    "openssl/": r"base/sha256\.cpp",
    "Random123/": r"base/random\.cpp",
    "toml++/": r"dataset/make/[a-z0-9_]+\.cpp",
    "nlohmann/": r".*\.cpp",
    "Eigen/": r"learn/kernels/[a-z0-9_]+\.(h|cpp)|learn/(nn|discovery(/[a-z]+)?)/[a-z0-9_]+\.cpp|learn/discovery/matrix\.h",
    "CLI/": r"cli/(command_line|main)\.cpp",
}

# What the general machinery of tables must not know: it belongs to the tables themselves.
GENERAL = "bench/table/"
PARTICULAR = re.compile(
    r"energy|drift|nois[ey]|horizon|formula|scratch|decay|vanilla|tailor|meta-|hamilton|rmse|pendulum|spring\b",
    re.IGNORECASE)

# The models: each says its own name, and nobody else asks what a model is called.
MODELS = r"learn/models/[a-z0-9_]+\.(h|cpp)"
MODEL_NAME = re.compile(r'string_view name = "([^"]+)"')

# Headers that the build makes.
GENERATED = {"git_describe.h"}

INCLUDE = re.compile(r'^[ \t]*#[ \t]*include[ \t]*([<"])([^>"\n]+)[>"]', re.MULTILINE)


def part_of(path):
    """The part a file belongs to: its folder, in dataset/ the folder within."""
    folders = path.split("/")
    return folders[1] if folders[0] == "dataset" else folders[0]


def include_problems(path, text, files):
    part = part_of(path)
    for mark, name in INCLUDE.findall(text):
        if name in GENERATED:
            continue
        if mark == '"':
            if name not in files:
                yield f'{path}: "{name}" is no file, seen from the repository root'
            elif part_of(name) not in ALLOWED.get(part, set()):
                yield f"{path}: {part} must not include {name}, of {part_of(name)}"
        elif name in files:
            yield f'{path}: <{name}> is ours, write "{name}"'
        elif part != "tests":
            for start, where in CONFINED.items():
                if name.startswith(start) and not re.fullmatch(where, path):
                    yield f"{path}: <{name}> belongs in {where} only"


def problems(files):
    """All that is wrong with `files`, a dictionary from path to text."""
    for path, text in sorted(files.items()):
        lines = text.count("\n")
        if lines > MAX_LINES:
            yield f"{path}: {lines} lines, at most {MAX_LINES} are allowed"
        if path.endswith(".h") and not text.startswith("#pragma once\n"):
            yield f"{path}: a header begins with #pragma once"
        if path.startswith(GENERAL):
            for number, line in enumerate(text.splitlines(), 1):
                for word in PARTICULAR.findall(line):
                    yield f"{path}:{number}: '{word}' is particular to some table, and this is for all"
        if not path.endswith(".py"):
            if "/" in path and part_of(path) not in ALLOWED:
                yield f"{path}: folder '{path.split('/')[0]}' has no entry in {Path(__file__).name}"
            yield from include_problems(path, text, files)


def model_problems(files):
    """Comparisons with the name of a model anywhere but in learn/models: what differs belongs there."""
    names = {
        name
        for path, text in files.items()
        if re.fullmatch(MODELS, path)
        for name in MODEL_NAME.findall(text)
    }
    literal = "|".join(re.escape(name) for name in sorted(names))
    compared = re.compile(rf'[=!]=\s*"({literal})"|"({literal})"(sv)?\s*[=!]=')
    for path, text in sorted(files.items()):
        if re.fullmatch(MODELS, path) or path.startswith("tests/") or not path.endswith((".h", ".cpp")):
            continue
        for found in compared.finditer(text) if names else ():
            yield f"{path}: compares a model's name ({found[0]}): ask the model (learn/models/model.h)"


def core_problems(files):
    lines = sum(text.count("\n") for path, text in files.items() if re.fullmatch(CORE, path))
    if lines > MAX_CORE_LINES:
        yield f"{CORE}: {lines} lines in all, at most {MAX_CORE_LINES} are allowed"


def check_the_checker():
    """A small tree without faults has none; each fault added to it is found, and nothing else."""
    core = {"learn/autodiff/trace.h": 99 * "\n", "learn/autodiff/transforms.cpp": 300 * "\n"}
    assert list(core_problems(core)) == []
    assert len(list(core_problems(core | {"learn/autodiff/trace.cpp": "\n"}))) == 1
    models = {"learn/models/hnn.cpp": 'constexpr std::string_view name = "hnn";\nkind == "hnn"\n'}
    assert list(model_problems(models)) == []
    for sabotage in ('return kind == "hnn";\n', 'if ("hnn" != model->kind()) {\n'):
        found = list(model_problems(models | {"bench/model/a.cpp": sabotage}))
        assert len(found) == 1 and found[0].startswith("bench/model/a.cpp"), found
    assert list(model_problems(models | {"bench/a.cpp": '{"hnn", "a row of a table"}\n'})) == []
    sound = {
        "base/error.h": "#pragma once\n#include <string>\n",
        "sim/system.h": '#pragma once\n#include "base/error.h"\n',
        "render/image.h": '#pragma once\n#include "sim/system.h"\n',
        "render/canvas.cpp": '#include <cairo.h>\n#include "render/image.h"\n',
        "dataset/store/h5.h": "#pragma once\n#include <hdf5.h>\n",
        "dataset/store/writer.h": '#pragma once\n#include "dataset/store/h5.h"\n',
        "dataset/make/recipe.cpp": '#include <nlohmann/json.hpp>\n#include "dataset/store/writer.h"\n'
        '#include "render/image.h"\n#include "sim/system.h"\n',
        "dataset/make/recipe.h": "#pragma once\n",
        "learn/kernels/flat.h": "#pragma once\n#include <Eigen/Core>\n",
        "learn/nn/mlp.cpp": "#include <Eigen/QR>\n",
        "bench/table/record.cpp": "// one measurement a record\n",
        "bench/tables/states.cpp": "// the energy drift of row vanilla against its horizon\n",
        "cli/main.cpp": '#include <CLI/CLI.hpp>\n#include "dataset/make/recipe.h"\n',
        "tests/support/read.h": '#pragma once\n#include <hdf5.h>\n#include "dataset/store/h5.h"\n',
    }
    assert list(problems(sound)) == [], list(problems(sound))
    faults = {
        "base/a.cpp": '#include "sim/system.h"\n',
        "sim/a.cpp": '#include "render/image.h"\n',
        "sim/b.cpp": "#include <boost/numeric/odeint.hpp>\n",
        "render/a.cpp": '#include "dataset/store/h5.h"\n',
        "render/b.cpp": "#  include <cairo/cairo.h>\n",
        "render/c.cpp": "#include <webp/mux.h>\n",
        "render/d.cpp": "#include <hdf5.h>\n",
        "learn/a.cpp": '#include "sim/system.h"\n',
        "learn/b.cpp": '#include "dataset/store/writer.h"\n',
        "learn/nn/a.h": "#pragma once\n#include <Eigen/Core>\n",
        "learn/noether/a.cpp": "#include <Eigen/QR>\n",
        "dataset/store/h5_file.cpp": '#include "sim/system.h"\n',
        "dataset/store/writer.cpp": '#include "dataset/make/recipe.h"\n',
        "dataset/make/recipe.cpp": "#include <hdf5_hl.h>\n",
        "dataset/make/config.h": "#pragma once\n#include <nlohmann/json.hpp>\n",
        "bench/a.cpp": '#include "base/nowhere.h"\n',
        "bench/table/a.cpp": 'spec.metrics.push_back({"energy"});\n',
        "bench/table/b.h": "#pragma once\ndouble horizon = 0;\n",
        "bench/table/c.cpp": "// a row that found no Formula\n",
        "bench/table/d.cpp": "options.noises.clear();\n",
        "cli/a.cpp": "#include <base/error.h>\n",
        "cli/b.cpp": '#include "tests/support/read.h"\n',
        "cli/d.cpp": "#include <CLI/CLI.hpp>\n",
        "cli/c.h": "#include <string>\n#pragma once\n",
        "elsewhere/a.cpp": "\n",
        "sim/long.cpp": "\n" * (MAX_LINES + 1),
        "tests/long.py": "\n" * (MAX_LINES + 1),
    }
    for path, text in faults.items():
        found = list(problems({**sound, path: text}))
        assert len(found) == 1 and found[0].startswith(path), (path, found)


def read_tree(root):
    """Every C++ and Python file, but for hidden folders and those that git ignores."""
    ignored = {"build", "demo", "tables"}
    files = {}
    for path in root.rglob("*"):
        inside = path.relative_to(root)
        skipped = inside.parts[0] in ignored or any(name.startswith(".") for name in inside.parts)
        if not skipped and path.suffix in {".h", ".cpp", ".py"} and path.is_file():
            files[inside.as_posix()] = path.read_text(encoding="utf-8")
    return files


def main(root):
    check_the_checker()
    files = read_tree(root)
    # guard against an empty test: every part that the architecture rests on was seen
    seen = {part_of(path) for path in files}
    unseen = set(ALLOWED) - seen
    assert not unseen, f"no files seen of {unseen}"
    names = [path for path in files if re.fullmatch(MODELS, path) and MODEL_NAME.search(files[path])]
    assert len(names) >= 2, f"the names of the models were found in {names} only"
    found = [*problems(files), *core_problems(files), *model_problems(files)]
    print("\n".join(found) or f"{len(files)} files keep to the architecture")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
