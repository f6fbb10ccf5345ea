#include <fmt/format.h>

#include <chrono>
#include <cmath>
#include <csignal>
#include <nlohmann/json.hpp>
#include <thread>

#include "tests/cli/workshop.h"
#include "tests/support/dataset_copy.h"
#include "tests/support/reference.h"

using namespace noether;
using test::check_failure;
using test::run;
using test::TempFolder;
using test::Words;

namespace {

constexpr int usage = 2;
constexpr int data = 3;

// A folder with one file of trajectories of the system, data.h5.
struct Collection {
  TempFolder folder;
  explicit Collection(const std::string& system, const dataset::Overrides& overrides = {}) {
    test::generate(test::recipe_of(system, overrides), at("data.h5"));
  }
  std::string at(const std::string& name) const { return folder / name; }

  Words discover(const Words& more = {}) const {
    Words words{"discover", at("data.h5")};
    words.insert(words.end(), more.begin(), more.end());
    return words;
  }
  nlohmann::json json(Words more = {}) const {
    more.push_back("--json");
    const auto result = run(discover(more));
    INFO(result.err);
    REQUIRE(result.exit_code == 0);
    return nlohmann::json::parse(result.out);
  }
};

nlohmann::json first_law(const nlohmann::json& json) {
  return json.at("formulas").at("laws").at(0);
}

double constant(const nlohmann::json& law) { return law.at("parameters").at(0).at("value"); }

// A record of o'' = -1.2 sin o - 0.01 o' six times a second, every tenth point missing.
std::string damped_record() {
  std::string text = "%o v\n";
  constexpr int substeps = 1000;
  double o = 1.3, v = 0;
  for (int n = 0; n < 500; ++n) {
    if (n % 10 != 7) text += fmt::format("0 {:.4f} {:.6f} {:.6f}\n", 5 + n / 6.0, o, v);
    // leapfrog, in steps so small that its error is 1e-8
    for (int i = 0; i < substeps; ++i) {
      constexpr double h = 1.0 / 6 / substeps;
      o += h / 2 * v;
      v += h * (-1.2 * std::sin(o) - 0.01 * v);
      o += h / 2 * v;
    }
  }
  return text;
}

nlohmann::json discover_imported(const std::string& text_file, const Words& more = {}) {
  const TempFolder folder;
  const std::string file = folder / "record.h5";
  REQUIRE(run({"import", "lipson", text_file, "-o", file}).exit_code == 0);
  Words words{"discover", file, "--json"};
  words.insert(words.end(), more.begin(), more.end());
  const auto result = run(words);
  INFO(result.err);
  REQUIRE(result.exit_code == 0);
  return nlohmann::json::parse(result.out);
}

}  // namespace

TEST_CASE("discover names the laws of spring and pendulum, with noise and without",
          "[cli][discover]") {
  const Collection springs("spring"), pendulums("pendulum");
  for (const Words& more : {Words{"--noise-free"}, Words{}}) {
    const double bar = more.empty() ? 2e-3 : 1e-5;  // relative
    const auto spring = first_law(springs.json(more)), pendulum = first_law(pendulums.json(more));
    CHECK(spring["conserved"] == true);
    CHECK(spring["formula"] == "q^2 + p^2");
    const auto& form = spring.at("other_forms").at(0);
    CHECK(form["formula"] == "q^2 + c0 p^2");
    CHECK(std::abs(constant(form) - 1) < bar);
    CHECK(pendulum["conserved"] == true);
    CHECK(pendulum["formula"] == "p^2 + c0 cos(q)");
    CHECK(pendulum["functions_of"] == std::vector<std::string>{"q", "p"});
    CHECK(std::abs(constant(pendulum) + 3) < 3 * bar);
    const auto& parameter = pendulum.at("parameters").at(0);
    CHECK(parameter["low"] <= parameter["value"]);
    CHECK(parameter["value"] <= parameter["high"]);
  }
}

TEST_CASE("one independent law is counted in the spring", "[cli][discover]") {
  const auto json = Collection("spring").json({"--max-nodes", "3"});
  REQUIRE(json["independent"]["laws"].size() == 1);
  CHECK(json["independent"]["laws"][0]["formula"] == "q^2 + p^2");
  CHECK(json["verdict"] == "1 conserved law");
}

TEST_CASE("discover gives the same bytes for any number of jobs", "[cli][discover]") {
  const Collection springs("spring");
  const auto one = run(springs.discover({"--json", "--max-nodes", "5", "-j", "1"}));
  const auto two = run(springs.discover({"--json", "--max-nodes", "5", "-j", "2"}));
  REQUIRE(one.exit_code == 0);
  CHECK(one.out == two.out);
}

TEST_CASE("discover writes what it found, with a picture", "[cli][discover]") {
  const Collection springs("spring");
  const auto result =
      run(springs.discover({"--max-nodes", "5", "-o", springs.at("laws"), "--noise-free"}));
  REQUIRE(result.exit_code == 0);
  CHECK(result.err.empty());
  CHECK_THAT(result.out, Catch::Contains("1 conserved law"));
  CHECK(test::names_in(springs.at("laws")) == test::Names{"discovery.json", "discovery.png"});
  const auto json = nlohmann::json::parse(test::read_bytes(springs.at("laws/discovery.json")));
  CHECK(json["provenance"]["command"] ==
        "noether discover --max-nodes 5 --resamples 200 --noise-free");
  check_failure(springs.discover({"--max-nodes", "3", "-o", springs.at("laws")}), data, "exists");
}

TEST_CASE("discover says that friction conserves nothing", "[cli][discover]") {
  const Collection damped("damped-pendulum", {{"n", "20"}});
  const auto json = damped.json({"--noise-free", "--max-nodes", "5"});
  CHECK_THAT(json["verdict"].get<std::string>(), Catch::StartsWith("no law among these "));
  CHECK(json["independent"]["laws"].empty());
}

TEST_CASE("units decide which formulas are searched", "[cli][discover]") {
  const Collection springs("spring");
  const auto valid = [&](const Words& more) -> std::int64_t {
    return springs.json(more).at("formulas").at("valid");
  };
  const std::int64_t as_given = valid({"--max-nodes", "4"});
  CHECK(valid({"--max-nodes", "4", "--units", "q=m,p=kg m/s"}) < as_given);
  check_failure(springs.discover({"--units", "q=m^^2"}), usage, "m^^2");
  check_failure(springs.discover({"--units", "r=m"}), usage, "unknown coordinate 'r'");
  check_failure(springs.discover({"--units", "metres"}), usage, "coordinate=unit");
}

TEST_CASE("a search too large for memory is refused beforehand", "[cli][discover]") {
  const Collection springs("spring");
  check_failure(springs.discover({"--max-nodes", "14"}), usage, "more than half of the memory");
  check_failure(springs.discover({"--max-nodes", "40"}), usage, "--max-nodes: 40 is not from 1");
  check_failure(springs.discover({"--max-nodes", "0"}), usage, "--max-nodes");
}

TEST_CASE("data that can tell nothing are refused in a sentence", "[cli][discover]") {
  const Collection two_points("spring", {{"n", "2"}, {"steps", "4"}});
  check_failure(two_points.discover({"--noise-free"}), data, "has 4 points; to tell a law");

  const Collection springs("spring", {{"n", "10"}});
  const auto change = [&](const std::string& array, double value, bool all) {
    test::rewrite(springs.at("data.h5"), springs.at("changed.h5"), [&](dataset::Layout& layout) {
      auto& target = test::array_of(layout, array);
      const std::size_t elements = target.content.size() / sizeof(double);
      for (std::size_t i = 1; i < (all ? elements : 2); i += 2) test::set_element(target, i, value);
    });
    return Words{"discover", springs.at("changed.h5"), "--noise-free"};
  };
  check_failure(change("trajectories/dstate_dt", 0, true), data,
                "the coordinate 'p' never changes");
  check_failure(change("trajectories/state", std::numeric_limits<double>::quiet_NaN(), false), data,
                "not finite");
}

TEST_CASE("one trajectory is searched, with a warning", "[cli][discover]") {
  const Collection spring("spring", {{"n", "2"}});
  const auto result = run(spring.discover({"--noise-free", "--max-nodes", "5"}));
  REQUIRE(result.exit_code == 0);
  CHECK_THAT(result.out, Catch::Contains("one trajectory: a formula of its path alone"));
}

TEST_CASE("discover finds what a record with gaps and friction nearly conserves",
          "[cli][discover]") {
  const TempFolder folder;
  test::write_bytes(folder / "record.txt", damped_record());
  const auto json = discover_imported(folder / "record.txt", {"--units", "o=rad,v=rad/s"});
  // 360 train points; each of 40 gaps takes two central differences, and the ends two
  CHECK(json["points"] == 278);
  CHECK(json["derivatives"] == "central differences");
  CHECK(first_law(json)["formula"] == "v^2 + c0 cos(o)");
  CHECK(constant(first_law(json)) == Approx(-2.4).margin(0.02));
  CHECK(first_law(json)["conserved"] == false);
  CHECK_THAT(
      json["verdict"].get<std::string>(),
      Catch::Matches("no law among these \\d+ formulas and the combinations of \\d+ "
                     "functions; v\\^2 \\+ c0 cos\\(o\\) comes nearest: kept, not conserved"));
}

TEST_CASE("discover finds the energy of the recorded pendulum", "[cli][discover][reference]") {
  const auto file = test::reference_file("real_pend_h_1.txt").string();
  for (const Words& more : {Words{}, Words{"--units", "o=rad,v=rad/s"}}) {
    const auto json = discover_imported(file, more);
    CHECK(first_law(json)["formula"] == "v^2 + c0 cos(o)");
    CHECK(-constant(first_law(json)) > 2.3);
    CHECK(-constant(first_law(json)) < 2.5);
    CHECK(first_law(json)["conserved"] == false);
  }
}

TEST_CASE("Ctrl-C ends a search wherever it is", "[cli][discover]") {
  // eight coordinates with noise: the search takes seconds
  const Collection bodies("two-body");
  for (const int ms : {200, 700, 1500}) {
    test::Command command(bodies.discover({"--resamples", "100000"}));
    std::this_thread::sleep_for(std::chrono::milliseconds(ms * (test::is_sanitized ? 10 : 1)));
    const auto start = std::chrono::steady_clock::now();
    command.send(SIGINT);
    CHECK(command.wait().exit_code == 130);
    const std::chrono::duration<double> taken = std::chrono::steady_clock::now() - start;
    // a tenth of it on an idle machine
    CHECK(taken.count() < (test::is_sanitized ? 30 : 3));
  }
}
