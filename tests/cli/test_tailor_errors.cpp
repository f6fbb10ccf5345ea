#include <catch2/catch.hpp>
#include <utility>

#include "tests/cli/studio.h"

using namespace noether;
using test::check_failure;
using test::formula;
using test::run;
using test::Studio;
using test::Words;
using test::Workshop;

namespace {

constexpr int usage = 2;
constexpr int data = 3;
constexpr int numerical = 4;

}  // namespace

TEST_CASE("a formula of another system's coordinates is refused, its own works in any dimension",
          "[cli][tailor]") {
  const Workshop shop;
  test::generate(test::recipe_of("two-body", {{"n", "4"}, {"noise_std", "0"}}), shop.at("two.h5"));
  REQUIRE(
      run({"train", shop.at("two.h5"), "-o", shop.at("m.h5"), "--widths", "8,8", "--steps", "20"})
          .exit_code == 0);
  const auto words = [&](const std::string& conserve) {
    return Words{"evaluate", shop.at("m.h5"), shop.at("two.h5"), "--horizon",
                 "3",        "--conserve",    conserve};
  };
  const auto result = run(words("x1 vy1 - y1 vx1 + x2 vy2 - y2 vx2"));
  CHECK(result.exit_code == 0);
  CHECK_THAT(result.out, Catch::Contains("tailored"));
  check_failure(words(formula), usage, "'q' is neither a function nor one of the coordinates x1");
  check_failure(words("energy"), usage, "two.h5' is not described by a formula of its coordinates");
  check_failure({"evaluate", shop.at("m.h5"), shop.at("spring.h5"), "--conserve", formula}, data,
                "m.h5' is a model of 8 coordinates (");
}

TEST_CASE("what cannot be conserved is refused", "[cli][tailor]") {
  const Studio studio;
  const auto refused = [&](const std::string& conserve, const std::string& sentence) {
    check_failure(studio.evaluate("m.h5", {"--conserve", conserve}), usage, sentence);
    if (conserve != "network") studio.check_refused({"--conserve", conserve}, usage, sentence);
  };
  refused("q^2 + ", "formula 'q^2 + ', position 7: a number, a coordinate or a function");
  refused("q^2 + (p", "a ')' is missing");
  refused("q^2 + z", "position 7: 'z' is neither a function nor one of the coordinates q and p");
  refused("", "--conserve: is empty");
  for (const std::string constant : {"3", "q - q + 3", "0 q"})
    refused(constant, "--conserve: formula '" + constant + "': it does not depend on the state");
  refused("network", "the model holds no network to conserve");
  studio.check_refused({"--conserve", formula, "--joint-quantity"}, usage,
                       "--joint-quantity needs --conserve network");
  for (const auto& [name, sentence] :
       {std::pair{"light-ray", "light-ray.h5' holds no energy"},
        {"damped-pendulum", "damped-pendulum.h5' is not conserved"}}) {
    const std::string file = studio.at(std::string(name) + ".h5");
    test::generate(test::recipe_of(name, {{"n", "4"}}), file);
    check_failure({"train", file, "-o", studio.at("new.h5"), "--conserve", "energy"}, usage,
                  sentence);
  }
}

TEST_CASE("inner steps that make no sense are refused", "[cli][tailor]") {
  const Studio studio;
  const auto refused = [&](Words more, const std::string& sentence, bool conserve = true) {
    if (conserve) more.insert(more.end(), {"--conserve", formula});
    check_failure(studio.evaluate("m.h5", more), usage, sentence);
    studio.check_refused(more, usage, sentence);
  };
  refused(
      {"--inner-rate", "0.1"},
      "--inner-rate belongs to --inner-step sgd, normalised and adam; gauss-newton has no rate");
  refused({"--inner-step", "polyak", "--inner-rate", "0.1"}, "polyak has no rate");
  refused({"--inner-step", "sgd"}, "--inner-step sgd needs --inner-rate");
  refused({"--inner-step", "newton"}, "unknown --inner-step 'newton'");
  refused({"--set", "inner_step=newton"}, "unknown inner_step 'newton'");
  refused({"--inner-step", "normalised"}, "--inner-step normalised needs --inner-rate");
  refused({"--inner-step", "adam", "--inner-rate", "0.1"},
          "--inner-step adam tailors one set of weights alone (--setting transductive)");
  refused({"--inner-step", "sgd", "--inner-rate", "0"}, "--inner-step sgd needs --inner-rate");
  for (const std::string rate : {"-1", "nan", "inf"}) {
    refused({"--inner-step", "sgd", "--inner-rate=" + rate},
            "--inner-rate = " + rate + ": must lie in [0, ");
  }
  refused({"--inner-step", "sgd", "--inner-rate", "fast"}, "--inner-rate: 'fast' is not a number");
  refused({"--inner-steps", "0"}, "--inner-steps = 0: must lie in [1, 1000]");
  refused({"--layers", "first"}, "unknown --layers 'first'");
  refused({"--inner-steps", "2"}, "--inner-steps needs --conserve", false);
  refused({"--layers", "all"}, "--layers needs --conserve", false);
  check_failure(studio.evaluate("m.h5", {"--setting", "inductve"}), usage,
                "unknown setting 'inductve'; did you mean 'inductive'?");
  check_failure(studio.evaluate("m.h5", {"--setting", "tailoring"}), usage,
                "--setting tailoring needs --conserve");
}

TEST_CASE("an inner rate that diverges is a numerical failure", "[cli][tailor]") {
  const Studio studio;
  const Words more{"--conserve", formula, "--inner-step", "sgd", "--inner-rate", "1e8"};
  check_failure(studio.evaluate("m.h5", more), numerical, "m.h5', tailored-sgd: the prediction ");
  studio.check_refused(more, numerical, "the inner step (sgd 100000000.0, K = 1, all layers) div");
}

TEST_CASE("a model without a layer that gives dx/dt is not tailored, and the model must be there",
          "[cli][tailor]") {
  const Studio studio;
  studio.make("hnn.h5", {"--model", "hnn"});
  for (const std::string conserve : {"network", "energy"}) {
    const Words more{"--conserve", conserve};
    check_failure(studio.evaluate("hnn.h5", more), usage, "hnn 2-12-12-1, which has no layer");
    studio.check_refused({"--model", "hnn", "--conserve", conserve}, usage,
                         "it cannot be tailored");
    check_failure({"train", studio.at("spring.h5"), "-o", studio.at("new.h5"), "--from",
                   studio.at("hnn.h5"), "--conserve", conserve},
                  usage, "hnn.h5' is hnn 2-12-12-1, which has no layer");
  }
  check_failure(studio.evaluate("none.h5", {"--conserve", formula}), data, "none.h5' does not");
  check_failure({"train", studio.at("spring.h5"), "-o", studio.at("new.h5"), "--from",
                 studio.at("none.h5"), "--conserve", formula},
                data, "none.h5' does not exist");
}
