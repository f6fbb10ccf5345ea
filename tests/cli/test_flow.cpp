// A model of a density: from a user's points to their likelihood, and to points of its own.

#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "base/random.h"
#include "base/text_file.h"
#include "tests/cli/killed.h"
#include "tests/cli/workshop.h"
#include "tests/support/file_bytes.h"

using namespace noether;
using test::check_failure;
using test::read_bytes;
using test::run;
using test::TempFolder;
using test::Words;

namespace {

constexpr int usage = 2;
constexpr int data = 3;

// Points on two short lines far apart, in units of their own.
struct Points {
  TempFolder folder;
  std::string at(const std::string& name) const { return folder / name; }

  Points() {
    std::string text = "length,mass\n";
    base::RandomStream random(3, base::Purpose::initial_state, 0);
    for (int i = 0; i < 1000; ++i) {
      const double side = random.uniform() < 0.5 ? -1 : 1;
      text += fmt::format("{},{}\n", 100 + side + 0.1 * random.normal(),
                          0.01 * (side + 0.3 * random.normal()));
    }
    test::write_bytes(at("points.csv"), text);
  }

  Words train(const std::string& name, Words more = {}) const {
    more.insert(more.begin(), {"train", at("points.csv"), "-o", at(name)});
    return more;
  }
  void make(const std::string& name, Words more = {}) const {
    more.insert(more.begin(), {"--model", "cnf", "--widths", "24,24"});
    const auto made = run(train(name, more));
    INFO(made.err);
    REQUIRE(made.exit_code == 0);
  }
};

nlohmann::json evaluated(const std::string& model, const std::string& file) {
  const auto made = run({"evaluate", model, file, "--json"});
  INFO(made.err);
  REQUIRE(made.exit_code == 0);
  return nlohmann::json::parse(made.out);
}

}  // namespace

TEST_CASE("a flow learns a user's points, knows their density and draws others", "[cli][flow]") {
  const Points points;
  points.make("flow.h5", {"--steps", "1500"});
  const auto known = evaluated(points.at("flow.h5"), points.at("points.csv"));
  CHECK(known["points"] == 200);
  // Two normal densities with standard deviations .1 and .003, half of the points in each:
  // log 2 + log(2 pi e) + log(.1 .003) = -4.58. A normal density does not see that there are two.
  CHECK(known["nats"] < known["normal_nats"].get<double>() - 0.5);
  CHECK(known["nats"] > -4.58 - 0.2);
  CHECK(known["nats"] < -4.58 + 0.5);
  CHECK(known["solver_error"] < 0.01);

  // likelihood goes on from there
  points.make("more.h5",
              {"--from", points.at("flow.h5"), "--set", "objective=likelihood", "--steps", "30"});
  CHECK(evaluated(points.at("more.h5"), points.at("points.csv"))["nats"] <
        known["nats"].get<double>() + 0.05);

  REQUIRE(run({"sample", points.at("flow.h5"), "-o", points.at("drawn.csv")}).exit_code == 0);
  CHECK(read_bytes(points.at("drawn.csv")).starts_with("length,mass\n"));
  // points of the flow are as likely as the user's
  const auto drawn = evaluated(points.at("flow.h5"), points.at("drawn.csv"));
  CHECK(drawn["nats"].get<double>() == Approx(known["nats"].get<double>()).margin(0.3));

  const auto told =
      run({"evaluate", points.at("flow.h5"), points.at("points.csv"), "-o", points.at("told")});
  REQUIRE(told.exit_code == 0);
  CHECK_THAT(told.out, Catch::Contains("normal density of the train points"));
  CHECK(read_bytes(points.at("told") + "/density.csv").starts_with("length,mass,log_density\n"));
}

TEST_CASE("a flow that is killed and resumed ends with the same bytes", "[cli][flow]") {
  const Points points;
  const Words more{"--model", "cnf",  "--widths",           "12,12",
                   "--steps", "2000", "--checkpoint-every", "100"};
  REQUIRE(run(points.train("whole.h5", more)).exit_code == 0);
  test::kill_thrice_and_resume(points.train("broken.h5", more), points.at("broken.h5"));
  CHECK(read_bytes(points.at("broken.h5")) == read_bytes(points.at("whole.h5")));
}

TEST_CASE("the observations of trajectories are points too", "[cli][flow]") {
  const test::Workshop shop;
  shop.make("flow.h5", {"--model", "cnf"});
  CHECK(evaluated(shop.at("flow.h5"), shop.at("spring.h5"))["coordinates"] ==
        std::vector<std::string>{"q", "p"});
}

TEST_CASE("what is no density is refused", "[cli][flow]") {
  const Points points;
  points.make("flow.h5", {"--steps", "2"});
  const std::string flow = points.at("flow.h5"), table = points.at("points.csv");
  check_failure(points.train("n.h5", {"--model", "cnf", "--widths", "8"}), usage,
                "a flow needs two hidden layers");
  check_failure(points.train("n.h5", {"--from", flow, "--widths", "8,8"}), usage,
                "leave out --widths");
  check_failure(points.train("n.h5", {"--model", "cnf", "--conserve", "energy"}), usage,
                "conserve");
  check_failure({"evaluate", flow, table, "--conserve", "length"}, usage,
                "is evaluated without settings");
  check_failure({"sample", flow, "-o", points.at("d.csv"), "--n", "0"}, usage, "--n");

  const test::Workshop shop;
  shop.make("mlp.h5");
  check_failure({"sample", shop.at("mlp.h5"), "-o", shop.at("d.csv")}, data,
                "is no model of a density");
  check_failure({"evaluate", flow, shop.at("spring.h5")}, data,
                "is of the coordinates length, mass, but");
  check_failure({"discover", shop.at("spring.h5"), "--model", flow}, data,
                "predicts densities, not states");
}
