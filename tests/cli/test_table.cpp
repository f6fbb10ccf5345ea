#include <nlohmann/json.hpp>

#include "base/file_lock.h"
#include "tests/cli/failure.h"
#include "tests/support/temp_folder.h"

using namespace noether;
using test::check_failure;

namespace {

constexpr int usage = 2;
constexpr int data = 3;

// The curves of a small real table: all that is computed but the seconds it took.
std::string curves_of(const std::string& jobs) {
  const test::TempFolder folder;
  const auto made = test::run({"table", "pendulum", "--quick", "--seeds", "2", "--rows",
                               "vanilla,meta-sgd,meta-oracle", "--jobs", jobs, "-o", folder / "t"});
  INFO(made.err);
  REQUIRE(made.exit_code == 0);
  return test::read_bytes(folder / "t/curves.csv");
}

// table pendulum with these words fails so, and makes nothing
void check_refused(const std::vector<std::string>& words, const std::string& sentence) {
  const test::TempFolder folder;
  std::vector<std::string> arguments{"table", "pendulum", "-o", folder / "t"};
  arguments.insert(arguments.end(), words.begin(), words.end());
  check_failure(arguments, usage, sentence);
  CHECK(test::names_in(folder.path()).empty());
}

}  // namespace

TEST_CASE("every table is listed with a line of its own", "[cli][table]") {
  const auto listed = test::run({"list", "tables"});
  CHECK(listed.exit_code == 0);
  CHECK(listed.err.empty());
  for (const std::string name :
       {"spring", "pendulum", "pendulum-steps", "damped-pendulum", "real-pendulum"})
    CHECK_THAT("\n" + listed.out, Catch::Contains("\n" + name + " "));
}

TEST_CASE("one job and two compute the same bits of a table", "[cli][table][regression]") {
  const std::string one = curves_of("1");
  CHECK(one.size() > 10000);
  CHECK(one == curves_of("2"));
}

TEST_CASE("an unknown table is refused with the nearest name", "[cli][table]") {
  const test::TempFolder folder;
  check_failure({"table", "pendulun", "-o", folder / "t"}, usage,
                "unknown table 'pendulun'; did you mean 'pendulum'?");
}

TEST_CASE("options of a table that make no sense are refused", "[cli][table]") {
  check_refused({"--seeds", "0"}, "--seeds: 0 is not from 1 to 10000");
  check_refused({"--seeds", "1,x"}, "--seeds: 'x' is not a whole number of at least 0");
  check_refused({"--seeds", "3,3"}, "seeds: one is given twice");
  check_refused({"--noise", "-1"}, "noise: -1 is not a standard deviation");
  check_refused({"--noise", "a"}, "--noise: 'a' is not a number");
  check_refused({"--rows", "vanila"}, "unknown row 'vanila'; did you mean 'vanilla'?");
  check_refused({"--weight-decay", "nan"}, "weight decay: nan is not from 0 to 1");
  check_refused({"--weight-decay", "2"}, "weight decay: 2 is not from 0 to 1");
  for (const std::string list : {"--rows", "--seeds", "--noise"})
    check_refused({list, ""}, list + ": is empty");
}

TEST_CASE("a table that needs a file says which, and no other takes one", "[cli][table]") {
  check_refused({"--data", "a.txt"}, "table pendulum makes its own data: leave out --data");
  const test::TempFolder folder;
  check_failure({"table", "real-pendulum", "-o", folder / "t"}, usage,
                "table real-pendulum needs --data FILE: the text file of Schmidt and Lipson");
  test::write_bytes(folder / "a.txt", "to whom it may concern\n");
  check_failure({"table", "real-pendulum", "--data", folder / "a.txt", "-o", folder / "t"}, data,
                "a.txt', line 1: the header '% names");
  CHECK(test::names_in(folder.path()) == test::Names{"a.txt"});
}

TEST_CASE("a table needs a place of its own", "[cli][table]") {
  const test::TempFolder folder;
  check_failure({"table", "pendulum"}, usage, "--output is required");
  check_failure({"table", "pendulum", "-o", folder / "none/t"}, data, "none' does not exist");
  test::write_bytes(folder / "thesis.tex", "years of work");
  check_failure({"table", "pendulum", "-o", folder.path()}, data, "exists: --resume continues");
  check_failure({"table", "pendulum", "-o", folder.path(), "--overwrite"}, data,
                "'thesis.tex', which no table writes: it is not replaced");
  CHECK(test::names_in(folder.path()) == test::Names{"thesis.tex"});
}

TEST_CASE("a folder into which another process writes a table is refused", "[cli][table]") {
  const test::TempFolder folder;
  std::filesystem::create_directory(folder / "t");
  const auto lock = base::FileLock::of_folder(folder / "t");
  for (const std::string flag : {"--resume", "--overwrite"}) {
    check_failure({"table", "pendulum", flag, "-o", folder / "t"}, data,
                  "t' is being written by another process");
  }
  CHECK(test::names_in(folder / "t").empty());
}

TEST_CASE("a check says which baselines there are", "[cli][check]") {
  const test::TempFolder folder;
  check_failure({"check", "--baselines", folder / "none"}, data, "there is no folder of baselines");
  check_failure({"check", "--baselines", folder.path()}, data, "there are no baselines in");
  check_failure({"check", "pendulum", "--baselines", folder.path()}, data,
                "there are no baselines in");
  test::write_bytes(folder / "pendulum.json", "{}");
  check_failure({"check", "pendulun", "--baselines", folder.path()}, usage,
                "unknown baseline 'pendulun'; did you mean 'pendulum'?");
  check_failure({"check", "--baselines", folder.path()}, data, "pendulum.json': is no baseline");
}

TEST_CASE("a baseline is not accepted from a version that was not committed", "[cli][check]") {
  const std::string text = test::run({"--version"}).out;
  const auto build = nlohmann::json::parse(text.substr(text.find('{')));
  const bool dirty = build["git_describe"].get<std::string>().ends_with("-dirty");
  const test::TempFolder folder;
  const std::vector<std::string> accept{"check",   "--accept",    "--reason",
                                        "because", "--baselines", folder.path()};
  check_failure(accept, dirty ? usage : data,
                dirty ? "--accept: commit first" : "there are no baselines");
}

TEST_CASE("a baseline is not accepted without a reason", "[cli][check]") {
  const test::TempFolder folder;
  check_failure({"check", "--accept", "--baselines", folder.path()}, usage, "needs --reason");
  check_failure({"check", "--accept", "--reason", " ", "--baselines", folder.path()}, usage,
                "needs --reason");
  check_failure({"check", "--reason", "because", "--baselines", folder.path()}, usage,
                "with --accept only");
}
