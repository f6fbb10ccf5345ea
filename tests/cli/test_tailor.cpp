#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include "tests/cli/killed.h"
#include "tests/cli/studio.h"
#include "tests/support/dataset_copy.h"

using namespace noether;
using test::check_failure;
using test::formula;
using test::read_bytes;
using test::run;
using test::Studio;
using test::Words;

namespace {

constexpr int usage = 2;

double drift(const nlohmann::ordered_json& row) {
  return row["horizons"][0]["energy_drift"].get<double>();
}

Words names_of(const nlohmann::ordered_json& rows) {
  Words names;
  for (const auto& [name, row] : rows.items()) names.push_back(name);
  return names;
}

}  // namespace

TEST_CASE("tailoring at test time conserves what it is told to, beside the plain model",
          "[cli][tailor]") {
  const Studio studio;
  const auto rows = studio.rows("m.h5", {"--conserve", formula});
  CHECK(names_of(rows) == Words{"vanilla", "tailored"});
  CHECK(drift(rows["vanilla"]) > 1e-3);
  CHECK(drift(rows["tailored"]) < 0.02 * drift(rows["vanilla"]));
  // the plain row does not know of it
  CHECK(rows["vanilla"] == studio.rows("m.h5")["vanilla"]);
  // the spring's energy is that formula
  CHECK(studio.rows("m.h5", {"--conserve", "energy"})["tailored"] == rows["tailored"]);
}

TEST_CASE("in whatever units a quantity is written, it is conserved alike", "[cli][tailor]") {
  const Studio studio;
  const auto rows = studio.rows("m.h5", {"--conserve", formula});
  for (const std::string factor : {"1e-12", "3e+09"}) {
    const auto other = studio.rows("m.h5", {"--conserve", factor + " * (" + formula + ")"});
    // both steps are off by their regularisation, some 1e-6 of the step
    CHECK(drift(other["tailored"]) < 0.02 * drift(rows["vanilla"]));
    const auto rmse = [](const auto& all) {
      return all["tailored"]["horizons"][0]["rmse"].template get<double>();
    };
    CHECK(rmse(other) == Approx(rmse(rows)).epsilon(1e-3));
  }
}

TEST_CASE("a quantity that the truth does not conserve spoils the prediction", "[cli][tailor]") {
  const Studio studio;
  const auto rows = studio.rows("m.h5", {"--conserve", "q"});
  CHECK(drift(rows["tailored"]) > 5 * drift(rows["vanilla"]));
}

TEST_CASE("evaluate prints both rows and their ratio, and writes both", "[cli][tailor]") {
  const Studio studio;
  const auto result = run(studio.evaluate("m.h5", {"--conserve", formula, "-o", studio.at("out")}));
  REQUIRE(result.exit_code == 0);
  CHECK_THAT(result.out, Catch::Contains("vanilla      tailored     ratio\n") &&
                             Catch::Contains("tailoring conserves q^2 + p^2 (gauss-newton, K = 1, "
                                             "last layer)"));
  CHECK_THAT(read_bytes(studio.at("out") + "/records.csv"),
             Catch::Contains("evaluate,vanilla,0.1,3.0,0,rmse,") &&
                 Catch::Contains("evaluate,tailored,0.1,3.0,0,rmse,"));
}

TEST_CASE("the four settings are told apart", "[cli][tailor]") {
  const Studio studio;
  const auto names = [&](const std::string& model, const Words& more) {
    return names_of(studio.rows(model, more));
  };
  const auto with = [](const std::string& setting) {
    return Words{"--conserve", formula, "--setting", setting};
  };
  CHECK(names("m.h5", {"--setting", "inductive"}) == Words{"vanilla"});
  CHECK(names("m.h5", with("transductive")) == Words{"vanilla", "transductive"});
  CHECK(names("m.h5", with("tailoring")) == Words{"vanilla", "tailored"});
  check_failure(studio.evaluate("m.h5", with("meta-tailoring")), usage,
                "was not meta-tailored (noether train --conserve does that)");

  studio.make_meta("meta.h5", {"--conserve", formula});
  CHECK(names("meta.h5", {}) == Words{"untailored", "meta-formula"});
  CHECK(names("meta.h5", {"--setting", "inductive"}) == Words{"untailored"});
  CHECK(names("meta.h5", {"--setting", "transductive"}) == Words{"untailored", "transductive"});
  CHECK(names("meta.h5", with("tailoring")) == Words{"untailored", "tailored"});
  check_failure(studio.evaluate("meta.h5", with("meta-tailoring")), usage,
                "was meta-tailored to conserve q^2 + p^2: leave out --conserve");
  for (const std::string model : {"m.h5", "meta.h5"}) {
    check_failure(studio.evaluate(model, with("inductive")), usage,
                  "--setting inductive tailors nothing: leave out --conserve");
  }
}

TEST_CASE("every inner step tailors, and each differently", "[cli][tailor]") {
  const Studio studio;
  const auto tailored = [&](Words more, const std::string& row = "tailored") {
    more.insert(more.end(), {"--conserve", formula});
    return drift(studio.rows("m.h5", more)[row]);
  };
  const double plain = drift(studio.rows("m.h5")["vanilla"]);
  const double newton = tailored({}), polyak = tailored({"--inner-step", "polyak"}),
               all = tailored({"--layers", "all"}),
               sgd = tailored({"--inner-step", "sgd", "--inner-rate", "1e-2"}, "tailored-sgd");
  const double normalised =
      tailored({"--inner-step", "normalised", "--inner-rate", "3e-2"}, "tailored-normalised");
  for (const double value : {newton, polyak, all, sgd, normalised}) CHECK(value < plain);
  // Polyak's step is half of it: many of them go as far as one
  CHECK(polyak > 5 * newton);
  CHECK(tailored({"--inner-step", "polyak", "--inner-steps", "12"}) < 0.05 * polyak);
  CHECK(all != newton);
}

TEST_CASE("adam tailors one set of weights to all test starts", "[cli][tailor]") {
  const Studio studio;
  const Words more{"--conserve", formula,        "--setting", "transductive",  "--inner-step",
                   "adam",       "--inner-rate", "1e-3",      "--inner-steps", "20"};
  const auto rows = studio.rows("m.h5", more);
  CHECK(names_of(rows) == Words{"vanilla", "transductive"});
  CHECK(drift(rows["transductive"]) != drift(rows["vanilla"]));
}

TEST_CASE("a system that the program does not know is judged by its file, or by a law given",
          "[cli][tailor]") {
  const Studio studio;
  const auto known = studio.rows("m.h5", {"--conserve", formula});
  const auto rewritten = [&](bool keep_invariants) {
    test::rewrite(studio.at("spring.h5"), studio.at("mine.h5"), [&](dataset::Layout& layout) {
      test::attribute_of(layout, "system") = std::string("mine");
      if (keep_invariants) return;
      std::erase_if(layout.arrays, [](const auto& array) {
        return array.path.starts_with("trajectories/invariants/");
      });
    });
  };
  const auto evaluated = [&](Words more) {
    more.insert(more.begin(), {"evaluate", studio.at("m.h5"), studio.at("mine.h5"), "--horizon=3"});
    const auto result = run(more);
    REQUIRE(result.exit_code == 0);
    return result.out;
  };
  const auto json_of = [&] {
    return nlohmann::ordered_json::parse(evaluated({"--conserve", formula, "--json"}));
  };
  rewritten(true);
  CHECK_THAT(evaluated({}), Catch::Contains("energy drift at 3"));
  auto json = json_of();
  CHECK(json["energy_drift_of"] == "energy");
  // the same sum of squares
  CHECK(drift(json["rows"][1]) == Approx(drift(known["tailored"])).epsilon(1e-12));
  CHECK(drift(json["rows"][1]) > 0);

  rewritten(false);
  CHECK_THAT(evaluated({}), Catch::Contains("energy drift: unknown"));
  CHECK_THAT(evaluated({"--conserve", formula}),
             Catch::Contains("energy drift is that of q^2 + p^2"));
  json = json_of();
  CHECK(json["energy_drift_of"] == formula);
  CHECK(drift(json["rows"][1]) == Approx(drift(known["tailored"])).epsilon(1e-12));
}

TEST_CASE("a meta-tailored model is tailored by itself and beats the plain one, tailored",
          "[cli][tailor]") {
  const Studio studio;
  struct Case {
    std::string name, row;
    Words how;
  };
  for (const auto& [name, row, how] :
       {Case{"newton.h5", "meta-oracle", {"--conserve", "energy"}},
        Case{"sgd.h5",
             "meta-sgd",
             {"--conserve", "energy", "--inner-step", "sgd", "--inner-rate", "1e-3"}},
        Case{"g.h5", "meta-neural", {"--conserve", "network", "--denoise"}}}) {
    studio.make_meta(name, how);
    const auto rows = studio.rows(name);
    CHECK(names_of(rows) == Words{"untailored", row});
    // trained to be used tailored: the step that it was trained with makes it better
    CHECK(rows[row]["step_mse"].get<double>() < rows["untailored"]["step_mse"].get<double>());
  }
  const auto meta = studio.rows("newton.h5")["meta-oracle"],
             plain = studio.rows("m.h5", {"--conserve", "energy"})["tailored"];
  CHECK(meta["step_mse"].get<double>() < plain["step_mse"].get<double>());
}

TEST_CASE("training reports the error of the model as it will be used", "[cli][tailor]") {
  const Studio studio;
  const auto trained = run(studio.meta("meta.h5", {"--conserve", "energy", "--steps", "20"}));
  REQUIRE(trained.exit_code == 0);
  const std::string label = "one-step MSE, test   ";
  const auto place = trained.out.find(label);
  REQUIRE(place != std::string::npos);
  const double mse = studio.rows("meta.h5")["meta-oracle"]["step_mse"].get<double>();
  // four digits are printed
  CHECK(std::stod(trained.out.substr(place + label.size())) == Approx(mse).epsilon(1e-4));
}

TEST_CASE("a meta-tailored training that is killed and resumed ends with the same bytes",
          "[cli][tailor]") {
  const Studio studio;
  const std::string quantity = GENERATE(as<std::string>{}, "energy", "network");
  const Words more{"--conserve", quantity, "--steps", "1000", "--checkpoint-every", "50"};
  REQUIRE(run(studio.meta("whole.h5", more)).exit_code == 0);
  test::kill_thrice_and_resume(studio.meta("broken.h5", more), studio.at("broken.h5"));
  CHECK(read_bytes(studio.at("broken.h5")) == read_bytes(studio.at("whole.h5")));
}

TEST_CASE("what is conserved, and how, is part of the configuration", "[cli][tailor]") {
  const Studio studio;
  studio.make_meta("meta.h5", {"--conserve", "energy"});
  const auto refused = [&](Words more, const std::string& sentence) {
    more.insert(more.end(), {"--steps", "20", "--resume"});
    check_failure(studio.meta("meta.h5", more), usage, sentence);
  };
  refused({"--conserve", formula}, "(conserve: energy there, q^2 + p^2 here)");
  refused({"--conserve", "energy", "--inner-steps", "2"},
          "another configuration (inner_steps: 1 there, 2 here)");
  refused({"--conserve", "energy", "--denoise"},
          "another configuration (denoise: no there, yes here)");
}

TEST_CASE("denoised observations teach a better model", "[cli][tailor]") {
  const Studio studio;
  const auto trained = [&](const std::string& name, Words more) {
    more.insert(more.end(), {"--steps", "400", "--learning-rate", "3e-3"});
    studio.make(name, more);
    return studio.rows(name)["vanilla"]["step_mse"].get<double>();
  };
  CHECK(trained("clean.h5", {"--denoise"}) < 0.8 * trained("noisy.h5", {}));
  studio.check_refused({"--denoise", "--noise-free"}, usage, "leave out --noise-free");
}
