#include <catch2/catch.hpp>

#include "tests/cli/failure.h"
#include "tests/support/temp_folder.h"

using namespace noether;
using test::check_failure;

namespace {

constexpr int usage = 2;
constexpr int data = 3;
constexpr int numerical = 4;

// generate spring with these words fails so, and leaves nothing behind
void check_refused(const std::vector<std::string>& words, int exit_code,
                   const std::string& sentence, const std::string& name = "spring") {
  const test::TempFolder folder;
  std::vector<std::string> arguments{"generate", name, "-o", folder / "a.h5"};
  arguments.insert(arguments.end(), words.begin(), words.end());
  check_failure(arguments, exit_code, sentence);
  CHECK(test::names_in(folder.path()).empty());
}

}  // namespace

TEST_CASE("an unknown dataset is refused with the nearest name", "[cli][usage]") {
  check_refused({}, usage, "unknown dataset 'pendulun'; did you mean 'pendulum'?", "pendulun");
  const auto table = test::run({"list", "pendulum-budgets"});
  CHECK(table.exit_code == 0);
  CHECK_THAT(table.out, Catch::Contains("control-projected"));
  CHECK_THAT(table.out, Catch::Contains("weight_decay"));
  check_failure({"list", "springs"}, usage,
                "unknown dataset, model or table 'springs'; did you mean 'spring'?");
  check_failure({"list", "pendulum-budget"}, usage, "did you mean 'pendulum-budgets'?");
}

TEST_CASE("an unknown setting is refused with the nearest name", "[cli][usage]") {
  check_refused({"--set", "noise_sdt=0.1"}, usage,
                "spring: unknown setting 'noise_sdt'; did you mean 'noise_std'?");
}

TEST_CASE("zero, negative and fractional numbers of trajectories are refused", "[cli][usage]") {
  check_refused({"--n", "0"}, usage, "n = 0: must lie in [1, ");
  check_refused({"--n", "-3"}, usage, "n = -3: must lie in [1, ");
  check_refused({"--n=2.5"}, usage, "n: '2.5' is not a whole number");
  check_refused({"--n", "99999999999999999999"}, usage,
                "n: '99999999999999999999' is out of range");
  check_refused({"--steps", "1"}, usage, "steps = 1: must lie in [2, ");
  check_refused({"--seed", "-1"}, usage, "seed: '-1' is not a whole number of at least 0");
}

TEST_CASE("a time step that is not finite and positive is refused", "[cli][usage]") {
  for (const std::string dt : {"0", "-0.1", "nan", "inf"}) {
    check_refused({"--set", "dt=" + dt}, usage,
                  "dt = " + dt + ": must be finite and greater than 0");
    check_refused({"--set", "dt=" + dt}, usage, "dt = " + dt + ": must lie in [1e-06, 10] s",
                  "pixel-pendulum");
  }
}

TEST_CASE("an end that is not after the start is refused", "[cli][usage]") {
  check_refused({"--set", "t_end=-1"}, usage, "t_end = -1.0: must be after t_start = 0.0");
  check_refused({"--set", "t_start=3"}, usage, "t_end = 3.0: must be after t_start = 3.0");
}

TEST_CASE("a tolerance below what a double can hold is refused at once", "[cli][usage]") {
  check_refused({"--set", "rtol=1e-30"}, usage, "rtol = 1e-30: must lie in [1e-15, 1]");
  check_refused({"--set", "atol=0"}, usage, "atol = 0: must lie in [1e-15, 1]");
}

TEST_CASE("a tolerance that proves too small while integrating is a numerical failure",
          "[cli][usage]") {
  // strong gravity makes the pendulum fast, and order 5 needs tiny steps for the last digit
  check_refused({"--set", "rtol=1e-15", "--set", "atol=1e-15", "--set", "g=1000", "--set",
                 "integrator=dopri5", "--set", "t_end=1e6"},
                numerical, "tolerance", "double-pendulum");
}

TEST_CASE("a method that does not fit the system is refused", "[cli][usage]") {
  check_refused({"--set", "integrator=leapfrog"}, usage, "leapfrog", "damped-pendulum");
}

TEST_CASE("what is no setting at all is refused", "[cli][usage]") {
  check_refused({"--set", "n"}, usage, "--set n: must have the form key=value");
  check_refused({"--set", "=3"}, usage, "--set =3: must have the form key=value");
}

TEST_CASE("mistakes in the command line itself are refused", "[cli][usage]") {
  check_failure({"generat"}, usage, "unknown command 'generat'; did you mean 'generate'?");
  check_failure({"generate"}, usage, "NAME is required");
  check_failure({"generate", "spring"}, usage, "-o FILE is required");
  check_failure({"generate", "spring", "-o"}, usage, "output");
  check_failure({"inspect"}, usage, "FILE is required");
  check_failure({"validate", "a.h5", "--replay", "some"}, usage,
                "--replay: 'some' is not a whole number");
  check_failure({"validate", "a.h5", "--replay", "-1"}, usage,
                "--replay: must be 'all' or a number of at least 0");
  check_failure({"diff", "a.h5", "b.h5", "--tol", "1e"}, usage, "--tol: '1e' is not a number");
  for (const std::string tolerance : {"-1", "nan", "inf"}) {
    check_failure({"diff", "a.h5", "b.h5", "--tol", tolerance}, usage,
                  "--tol: '" + tolerance + "' is not a finite number of at least 0");
  }
  check_failure({"discover", "a.h5", "--top", "3x"}, usage, "--top: '3x' is not a number");
  check_failure({"discover", "a.h5", "--tolerance", "0"}, usage,
                "--tolerance: '0' is not positive");
  check_refused({"--no-such-flag"}, usage, "--no-such-flag");
  check_refused({"--jobs", "-1"}, usage, "--jobs");
}

TEST_CASE("an output in a folder that does not exist is refused", "[cli][usage]") {
  const test::TempFolder folder;
  check_failure({"generate", "spring", "-o", folder / "none/a.h5"}, data, "none' does not exist");
  check_failure({"generate", "spring", "-o", folder.path()}, data, "' is a folder");
  CHECK(test::names_in(folder.path()).empty());
}

TEST_CASE("an output in a folder that cannot be written is refused", "[cli][usage]") {
  // where even the superuser may make no file
  check_failure({"generate", "spring", "-o", "/proc/a.h5"}, data, "'/proc/a.h5'");
}

TEST_CASE("an output that exists is refused and kept", "[cli][usage]") {
  const test::TempFolder folder;
  test::write_bytes(folder / "a.h5", "notes");
  check_failure({"generate", "spring", "-o", folder / "a.h5"}, data,
                "a.h5' exists: --overwrite replaces it");
  CHECK(test::read_bytes(folder / "a.h5") == "notes");
}

TEST_CASE("a mistake in a configuration file is told with file and line", "[cli][usage]") {
  const test::TempFolder folder;
  const std::string file = folder / "c.toml";
  const auto check = [&](const std::string& text, int exit_code, const std::string& sentence) {
    test::write_bytes(file, text);
    check_refused({"--config", file}, exit_code, sentence);
  };
  check("n = 3\nsteps = = 4\n", usage, "c.toml', line 2: ");
  check("n = 3\n\nt_end = true\n", usage, "c.toml', line 3: 't_end' must be a number or a text");
  check("nn = 3\n", usage, "unknown setting 'nn'");
  check("dataset = \"pendulum\"\n", usage, "c.toml' configures 'pendulum', not 'spring'");
  check("n = 0\n", usage, "n = 0: must lie in");
  check_refused({"--config", folder / "none.toml"}, data, "none.toml' cannot be read");
}

TEST_CASE("flags go before the configuration file, which goes before the defaults",
          "[cli][usage]") {
  const test::TempFolder folder;
  test::write_bytes(folder / "c.toml", "n = 3\nseed = 5\nt_end = 7.0\n");
  const auto result = test::run({"generate", "spring", "--dry-run", "--config", folder / "c.toml",
                                 "--n", "4", "--set", "dt=0.5", "--set", "steps=5"});
  CHECK(result.exit_code == 0);
  CHECK_THAT(result.out, Catch::Contains("\nn = 4\n") && Catch::Contains("\nseed = 5\n") &&
                             Catch::Contains("\nt_end = 2.0\n") &&
                             Catch::Contains("\nnoise_std = 0.1\n"));
}
