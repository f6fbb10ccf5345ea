#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include "tests/cli/failure.h"
#include "tests/support/temp_folder.h"

using namespace noether;
using test::run;
using Json = nlohmann::json;

namespace {

const std::vector<std::string> verbs{"list",   "generate", "rollout",   "inspect", "validate",
                                     "render", "export",   "import",    "diff",    "seal",
                                     "table",  "check",    "completion"};

}  // namespace

TEST_CASE("the help of each verb begins with an example", "[cli][output]") {
  for (const auto& verb : verbs) {
    INFO(verb);
    const auto result = run({verb, "--help"});
    CHECK(result.exit_code == 0);
    CHECK(result.err.empty());
    CHECK(result.out.starts_with("Example"));
    CHECK_THAT(result.out, Catch::Contains("noether " + verb));
  }
}

TEST_CASE("the help of the program begins with an example and names every verb", "[cli][output]") {
  const auto result = run({"--help"});
  CHECK(result.exit_code == 0);
  CHECK(result.out.starts_with("Example"));
  for (const auto& verb : verbs) CHECK_THAT(result.out, Catch::Contains("  " + verb));
}

TEST_CASE("no arguments at all are answered with the help, on stderr", "[cli][output]") {
  const auto result = run({});
  CHECK(result.exit_code == 2);
  CHECK(result.out.empty());
  CHECK(result.err == run({"--help"}).out);
}

TEST_CASE("the version is followed by the build as JSON", "[cli][output]") {
  const auto result = run({"--version"});
  CHECK(result.exit_code == 0);
  CHECK(result.out.starts_with("noether 0."));
  const auto build = Json::parse(result.out.substr(result.out.find('\n')));
  for (const char* key : {"git_describe", "compiler", "flags", "hdf5"}) CHECK(build.contains(key));
}

TEST_CASE("the list of datasets as JSON has settings and arrays of each", "[cli][output]") {
  const auto result = run({"list", "datasets", "--json"});
  CHECK(result.exit_code == 0);
  const auto all = Json::parse(result.out);
  std::vector<std::string> names;
  for (const auto& entry : all) {
    names.push_back(entry.at("name"));
    CHECK_FALSE(entry.at("settings").empty());
    CHECK_FALSE(entry.at("arrays").empty());
  }
  for (const std::string name : {"spring", "pendulum", "damped-pendulum", "two-body",
                                 "double-pendulum", "light-ray", "pixel-pendulum"}) {
    CHECK_THAT(names, Catch::VectorContains(name));
  }
}

TEST_CASE("a dataset is listed with its settings", "[cli][output]") {
  const auto result = run({"list", "spring"});
  CHECK(result.exit_code == 0);
  CHECK_THAT(result.out, Catch::Contains("noise_std") && Catch::Contains("trajectories/state"));
}

TEST_CASE("results go to stdout; stderr is empty off a terminal", "[cli][output]") {
  const test::TempFolder folder;
  const std::string file = folder / "a.h5";
  const auto made = run({"generate", "spring", "--n", "5", "-o", file});
  CHECK(made.exit_code == 0);
  CHECK(made.out.starts_with(file + ": written, 5 samples, "));
  CHECK(made.err.empty());
  const auto checked = run({"validate", file});
  CHECK(checked.exit_code == 0);
  CHECK_THAT(checked.out, Catch::Contains("replay"));
  CHECK(checked.err.empty());
}

TEST_CASE("inspect and validate print JSON for programs", "[cli][output]") {
  const test::TempFolder folder;
  const std::string file = folder / "a.h5";
  run({"generate", "spring", "--n", "5", "-o", file});
  const auto inspected = run({"inspect", file, "--json"});
  CHECK(inspected.exit_code == 0);
  CHECK_THAT(Json::parse(inspected.out).dump(), Catch::Contains("trajectories/state"));
  const auto validated = run({"validate", file, "--json"});
  CHECK(validated.exit_code == 0);
  CHECK(Json::parse(validated.out).at("valid") == true);
}

TEST_CASE("inspect names what a file holds", "[cli][output]") {
  const test::TempFolder folder;
  const std::string file = folder / "a.h5";
  run({"generate", "spring", "--n", "5", "-o", file});
  const auto result = run({"inspect", file});
  CHECK(result.exit_code == 0);
  CHECK_THAT(result.out, Catch::Contains("noether/spring") && Catch::Contains("(5, 30, 2)"));
}

TEST_CASE("a dry run prints configuration, shapes and cost, and writes nothing", "[cli][output]") {
  const test::TempFolder folder;
  const auto result = run({"generate", "spring", "--n", "7", "--dry-run", "-o", folder / "a.h5"});
  CHECK(result.exit_code == 0);
  CHECK_THAT(result.out, Catch::Contains("dataset = \"spring\"\nn = 7\n") &&
                             Catch::Contains("(7, 30, 2)") && Catch::Contains("# about "));
  CHECK(test::names_in(folder.path()).empty());
}

TEST_CASE("what a dry run prints is a configuration file for the same run", "[cli][output]") {
  const test::TempFolder folder;
  const auto plan = run({"generate", "spring", "--n", "7", "--set", "noise_std=0.3", "--dry-run"});
  test::write_bytes(folder / "c.toml", plan.out);
  run({"generate", "spring", "--n", "7", "--set", "noise_std=0.3", "-o", folder / "a.h5"});
  CHECK(
      run({"generate", "spring", "--config", folder / "c.toml", "-o", folder / "b.h5"}).exit_code ==
      0);
  CHECK(test::read_bytes(folder / "a.h5") == test::read_bytes(folder / "b.h5"));
}

TEST_CASE("neither the name of the output nor --jobs changes a byte", "[cli][output]") {
  const test::TempFolder folder;
  run({"generate", "spring", "--jobs", "1", "-o", folder / "a.h5"});
  run({"generate", "spring", "--jobs", "3", "-o", folder / "other.h5"});
  CHECK(test::read_bytes(folder / "a.h5") == test::read_bytes(folder / "other.h5"));
}

TEST_CASE("the completion script is valid bash and knows the verbs", "[cli][output]") {
  const test::TempFolder folder;
  const auto script = run({"completion"});
  CHECK(script.exit_code == 0);
  test::write_bytes(folder / "c.bash", script.out);
  CHECK(run({"-n", folder / "c.bash"}, {.program = "bash"}).exit_code == 0);
  const std::string ask = ". '" + (folder / "c.bash").string() +
                          "'; COMP_WORDS=(noether gen); COMP_CWORD=1; _noether; "
                          "echo \"${COMPREPLY[@]}\"";
  CHECK(run({"-c", ask}, {.program = "bash"}).out == "generate\n");
}

TEST_CASE("an output that is full ends with an error, not in silence", "[cli][output]") {
  // the short list fails when it is flushed, the long one when it is printed
  for (const std::string list : {" list datasets", " list datasets --json"}) {
    const auto result = run({"-c", NOETHER_BINARY + list + " > /dev/full"}, {.program = "bash"});
    CHECK(result.exit_code == 3);
    CHECK(test::is_one_sentence(result.err));
  }
}

TEST_CASE("where even the message cannot be written, the exit code stands", "[cli][output]") {
  const std::string command = std::string(NOETHER_BINARY) + " list nothing 2> /dev/full";
  CHECK(run({"-c", command}, {.program = "bash"}).exit_code == 2);
}
