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

TEST_CASE("a table says in JSON which rows and settings it has", "[cli][table]") {
  const auto listed = nlohmann::json::parse(test::run({"list", "tables", "--json"}).out);
  REQUIRE(listed.size() == 25);
  const auto& pendulum = listed.at(1);
  CHECK(pendulum.at("name") == "pendulum");
  CHECK(pendulum.at("rows").at(0).at("name") == "vanilla");
  std::vector<std::string> keys;
  for (const auto& setting : pendulum.at("settings")) keys.push_back(setting.at("key"));
  CHECK(keys == std::vector<std::string>{"seeds", "rows", "noise", "horizon", "quick", "scratch",
                                         "weight_decay"});
}

TEST_CASE("flags, --set and a TOML file are the same settings of a table", "[cli][table]") {
  const test::TempFolder folder;
  test::write_bytes(folder / "t.toml",
                    "table = \"spring\"\nquick = \"yes\"\nseeds = \"4,\"\nrows = \"hnn\"\n"
                    "horizon = \"1,3\"\nweight_decay = 0.01\n");
  const auto records_of = [&](const std::string& name, std::vector<std::string> words) {
    words.insert(words.begin(), {"table", "spring", "-o", folder / name});
    const auto made = test::run(words);
    INFO(made.err);
    REQUIRE(made.exit_code == 0);
    return test::read_bytes(folder / (name + "/curves.csv"));
  };
  const std::string by_flags = records_of("flags", {"--quick", "--seeds", "4,", "--rows", "hnn",
                                                    "--horizon", "1,3", "--weight-decay", "0.01"});
  CHECK(by_flags.size() > 1000);
  // a flag is stronger than the file
  CHECK(by_flags == records_of("file", {"--config", folder / "t.toml"}));
  CHECK(by_flags != records_of("both", {"--config", folder / "t.toml", "--seeds", "5,"}));
  CHECK(by_flags == records_of("set", {"--quick", "--set", "seeds=4,", "--set", "rows=hnn", "--set",
                                       "horizon=1,3", "--set", "weight_decay=0.01"}));
  check_failure({"table", "pendulum", "-o", folder / "no", "--config", folder / "t.toml"}, usage,
                "t.toml' configures 'spring', not 'pendulum'");
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
  check_refused({"--seeds", "0"}, "seeds: 0 is not from 1 to 10000");
  check_refused({"--seeds", "1,x"}, "seeds: 'x' is not a whole number of at least 0");
  check_refused({"--seeds", "3,3"}, "seeds: one is given twice");
  check_refused({"--noise", "-1"}, "--noise = -1: must lie in [0, 1000]");
  check_refused({"--noise", "a"}, "--noise: 'a' is not a number");
  check_refused({"--rows", "vanila"}, "unknown row 'vanila'; did you mean 'vanilla'?");
  check_refused({"--weight-decay", "nan"}, "--weight-decay = nan: must lie in [0, 1]");
  check_refused({"--set", "weight_decay=2"}, "weight_decay = 2: must lie in [0, 1]");
  check_refused({"--set", "weight-decay=2"}, "pendulum: unknown setting 'weight-decay'; did you");
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
