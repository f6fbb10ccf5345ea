#include <algorithm>
#include <catch2/catch.hpp>
#include <chrono>
#include <csignal>
#include <limits>
#include <nlohmann/json.hpp>
#include <thread>

#include "tests/cli/killed.h"
#include "tests/cli/workshop.h"
#include "tests/support/dataset_copy.h"
#include "tests/support/foreign_file.h"
#include "tests/support/small_datasets.h"

using namespace noether;
using test::check_failure;
using test::read_bytes;
using test::run;
using test::Words;
using test::Workshop;

namespace {

constexpr int usage = 2;
constexpr int data = 3;
constexpr int numerical = 4;

}  // namespace

TEST_CASE("train writes a model that evaluate reads", "[cli][train]") {
  const Workshop shop;
  for (const std::string model : {"mlp", "hnn"}) {
    const auto trained = run(shop.train(model + ".h5", {"--model", model}));
    REQUIRE(trained.exit_code == 0);
    CHECK(trained.err.empty());
    CHECK_THAT(trained.out, Catch::Contains("one-step MSE, train") &&
                                Catch::Contains("one-step MSE, test") &&
                                Catch::Contains(model + ".h5: written, " + model + " 2-12-12-"));
    const auto judged = run({"evaluate", shop.at(model + ".h5"), shop.at("spring.h5")});
    CHECK(judged.exit_code == 0);
    CHECK_THAT(judged.out, Catch::Contains("energy drift at 10") &&
                               Catch::Contains("\nRMSE to 3 ") && Catch::Contains("\nRMSE to 10 "));
  }
}

TEST_CASE("training longer predicts better, as evaluate --json tells", "[cli][train]") {
  const Workshop shop;
  const auto rmse_of = [&](const std::string& name) {
    const auto result =
        run({"evaluate", shop.at(name), shop.at("spring.h5"), "--horizon", "3", "--json"});
    REQUIRE(result.exit_code == 0);
    const auto json = nlohmann::json::parse(result.out);
    REQUIRE(json["rows"].size() == 1);
    const auto& row = json["rows"][0];
    CHECK(row["curves"]["rmse"].size() == 30);
    CHECK(json["provenance"]["seed"] == 0);
    return row["horizons"][0]["rmse"].get<double>();
  };
  shop.make("short.h5", {"--learning-rate", "3e-3"});
  shop.make("long.h5", {"--learning-rate", "3e-3", "--steps", "800"});
  CHECK(rmse_of("long.h5") < 0.5 * rmse_of("short.h5"));
}

TEST_CASE("evaluate -o writes records, JSON and a picture", "[cli][train]") {
  const Workshop shop;
  shop.make("m.h5");
  const Words words{"evaluate", shop.at("m.h5"), shop.at("spring.h5"), "-o", shop.at("out")};
  REQUIRE(run(words).exit_code == 0);
  CHECK(test::names_in(shop.at("out")) ==
        test::Names{"evaluation.json", "evaluation.png", "records.csv"});
  CHECK_THAT(read_bytes(shop.at("out") + "/records.csv"),
             Catch::StartsWith("table,row,noise,horizon,seed,metric,value\n"
                               "evaluate,vanilla,0.1,,0,step_mse,"));
  check_failure(words, data, "out' exists: --overwrite replaces it");
}

TEST_CASE("the same command makes the same model, another seed another", "[cli][train]") {
  const Workshop shop;
  shop.make("a.h5");
  shop.make("b.h5");
  shop.make("c.h5", {"--seed", "1"});
  CHECK(read_bytes(shop.at("a.h5")) == read_bytes(shop.at("b.h5")));
  CHECK(read_bytes(shop.at("a.h5")) != read_bytes(shop.at("c.h5")));
}

TEST_CASE("a training that is killed and resumed ends with the same bytes", "[cli][train]") {
  const Workshop shop;
  // checkpoints leave time enough for a kill before the end
  const Words more{"--steps", "2000", "--checkpoint-every", "100"};
  shop.make("whole.h5", more);
  test::kill_thrice_and_resume(shop.train("broken.h5", more), shop.at("broken.h5"));
  CHECK(read_bytes(shop.at("broken.h5")) == read_bytes(shop.at("whole.h5")));
}

TEST_CASE("a training that is interrupted says how to continue it", "[cli][train]") {
  const Workshop shop;
  const Words more{"--steps", "2000", "--checkpoint-every", "100"};
  test::Command command(shop.train("m.h5", more));
  test::wait_for(shop.at("m.h5.partial"));
  command.send(SIGINT);
  const auto result = command.wait();
  CHECK(result.exit_code == 130);
  CHECK_THAT(result.err, Catch::Contains("--resume continues"));
  check_failure(shop.train("m.h5", more), data,
                "m.h5.partial' was left by an unfinished run: --resume continues it");
  check_failure(shop.train("m.h5", {"--steps", "2000", "--seed", "4", "--resume"}), usage,
                "another configuration (seed: 0 there, 4 here)");
  CHECK(run(shop.train("m.h5", {"--steps", "2000", "--resume"})).exit_code == 0);
}

TEST_CASE("an interrupted training keeps every step that it did", "[cli][train]") {
  const Workshop shop;
  // no checkpoint falls due; a network of the default size, whose products the signal interrupts
  const Words more{"--steps", "1000000", "--widths", "200,200", "--checkpoint-every", "1000000"};
  const std::string partial = shop.at("m.h5.partial");
  const std::string lock = shop.at("m.h5.lock");
  // a signal may come before the first step: then there is nothing to keep
  for (int ms = 50; ms < 20000 && !std::filesystem::exists(partial); ms *= 2) {
    std::filesystem::remove(lock);
    test::Command command(shop.train("m.h5", more));
    test::wait_for(lock);  // before that, a sanitized program may not yet listen to signals
    std::this_thread::sleep_for(std::chrono::milliseconds(ms));
    command.send(SIGINT);
    const auto result = command.wait();
    CHECK(result.signal == 0);
    CHECK(result.exit_code == 130);
  }
  CHECK(std::filesystem::exists(partial));
}

TEST_CASE("a disk that is full while training leaves no half-written model", "[cli][train]") {
  const Workshop shop;
  const auto before = test::names_in(shop.folder.path());
  check_failure(shop.train("m.h5", {"--checkpoint-every", "10"}), data, "m.h5.partial",
                {.most_file_bytes = 4096});
  CHECK(test::names_in(shop.folder.path()) == before);
}

TEST_CASE("training goes on from another model", "[cli][train]") {
  const Workshop shop;
  shop.make("first.h5", {"--learning-rate", "3e-3", "--steps", "500"});
  const auto result = run({"train", shop.at("spring.h5"), "-o", shop.at("second.h5"), "--from",
                           shop.at("first.h5"), "--steps", "1", "--learning-rate", "1e-9"});
  REQUIRE(result.exit_code == 0);
  const auto table = [&](const std::string& name) {
    return run({"evaluate", shop.at(name), shop.at("spring.h5")}).out;
  };
  // one step of no length
  CHECK(table("second.h5") == table("first.h5"));
  shop.check_refused({"--from", shop.at("first.h5"), "--widths", "5"}, usage,
                     "first.h5' is mlp 2-12-12-2, not mlp 2-5-2");
}

TEST_CASE("a model that exists is kept", "[cli][train]") {
  const Workshop shop;
  test::write_bytes(shop.at("m.h5"), "notes");
  check_failure(shop.train("m.h5"), data, "m.h5' exists: --overwrite replaces it");
  CHECK(read_bytes(shop.at("m.h5")) == "notes");
  check_failure(shop.train("spring.h5", {"--overwrite"}), data, "is the input");
  shop.make("m.h5", {"--overwrite"});
  CHECK(read_bytes(shop.at("m.h5")) != "notes");
}

TEST_CASE("data of another schema cannot be learned from", "[cli][train]") {
  const Workshop shop;
  test::generate(test::small_episodes({{"n", "1"}}), shop.at("video.h5"));
  test::write_foreign(shop.at("plain.h5"), {{"x", {2}, test::Doubles{1, 2}}});
  test::write_bytes(shop.at("text.h5"), "q,p\n");
  shop.make("m.h5");
  check_failure({"evaluate", shop.at("m.h5"), shop.at("video.h5")}, data,
                "video.h5' holds episodes, schema 'noether/episodes'");
  const std::pair<const char*, const char*> cases[] = {
      {"plain.h5", "plain.h5': the attribute 'schema' is missing"},
      {"text.h5", "text.h5' is not an HDF5 file"},
      {"m.h5", "the schema is 'noether/model'"},
      {"none.h5", "none.h5' does not exist"}};
  for (const auto& [name, sentence] : cases) {
    check_failure({"train", shop.at(name), "-o", shop.at("new.h5")}, data, sentence);
    check_failure({"evaluate", shop.at("m.h5"), shop.at(name)}, data, sentence);
  }
  CHECK_FALSE(std::filesystem::exists(shop.at("new.h5")));
}

TEST_CASE("numbers that are not finite cannot be learned from", "[cli][train]") {
  const Workshop shop;
  test::rewrite(shop.at("spring.h5"), shop.at("nan.h5"), [](dataset::Layout& layout) {
    test::set_element(test::array_of(layout, "trajectories/dstate_dt"), 5,
                      std::numeric_limits<double>::quiet_NaN());
  });
  check_failure({"train", shop.at("nan.h5"), "-o", shop.at("new.h5")}, data,
                "'trajectories/dstate_dt' holds a number that is not finite in trajectory 0");
}

TEST_CASE("there must be a train split to learn from", "[cli][train]") {
  const Workshop shop;
  test::generate(test::small_springs({{"train_share", "0"}}), shop.at("test.h5"));
  for (const Words& more : {Words{}, {"--denoise"}, {"--conserve", "energy"}}) {
    Words words{"train", shop.at("test.h5"), "-o", shop.at("new.h5")};
    words.insert(words.end(), more.begin(), more.end());
    check_failure(words, data, "test.h5' has no train split to learn from");
  }
}

TEST_CASE("what is no model cannot be evaluated", "[cli][train]") {
  const Workshop shop;
  check_failure({"evaluate", shop.at("none.h5"), shop.at("spring.h5")}, data,
                "none.h5' does not exist");
  check_failure({"evaluate", shop.at("spring.h5"), shop.at("spring.h5")}, data,
                "spring.h5' is no model file: its schema is 'noether/trajectories'");
  shop.make("m.h5");
  const auto bytes = read_bytes(shop.at("m.h5"));
  test::write_bytes(shop.at("cut.h5"), bytes.substr(0, bytes.size() - 100));
  check_failure({"evaluate", shop.at("cut.h5"), shop.at("spring.h5")}, data, "was cut or extended");
}

TEST_CASE("a model of other coordinates than the data is refused", "[cli][train]") {
  const Workshop shop;
  shop.make("m.h5");
  test::generate(test::recipe_of("two-body", {{"n", "4"}}), shop.at("bodies.h5"));
  check_failure({"evaluate", shop.at("m.h5"), shop.at("bodies.h5")}, data,
                "m.h5' is a model of 2 coordinates (q, p), but '");
  check_failure({"train", shop.at("bodies.h5"), "-o", shop.at("new.h5"), "--from", shop.at("m.h5")},
                data, "m.h5' is a model of 2 coordinates (q, p), but '");
}

TEST_CASE("a learning rate that diverges is a numerical failure", "[cli][train]") {
  const Workshop shop;
  shop.check_refused({"--learning-rate", "1e6", "--checkpoint-every", "1"}, numerical,
                     "(learning rate 1e+06); try a smaller learning rate");
  shop.check_refused({"--learning-rate", "1e30"}, numerical, "(learning rate 1e+30)");
  // no step comes after it
  for (const std::string rate : {"1e6", "1e300"})
    shop.check_refused({"--learning-rate", rate, "--steps", "1"}, numerical, "smaller learning");
  shop.check_refused({"--learning-rate", "1e300", "--checkpoint-every", "1"}, numerical,
                     "is not finite, so the model is not saved");
}

TEST_CASE("a prediction that is infinite is a numerical failure", "[cli][train]") {
  const Workshop shop;
  shop.make("m.h5", {"--precision", "float64"});
  test::rewrite(shop.at("m.h5"), shop.at("far.h5"), [](dataset::Layout& layout) {
    test::set_element(test::array_of(layout, "weights/W3"), 0, 1e200);
  });
  check_failure({"evaluate", shop.at("far.h5"), shop.at("spring.h5")}, numerical,
                "far.h5', vanilla: the prediction is not finite from time ");
}

TEST_CASE("horizons that make no sense are refused", "[cli][train]") {
  const Workshop shop;
  shop.make("m.h5");
  const auto check = [&](const std::string& horizon, const std::string& sentence) {
    check_failure({"evaluate", shop.at("m.h5"), shop.at("spring.h5"), "--horizon=" + horizon},
                  usage, sentence);
  };
  check("3,,10", "--horizon: '' is not a number");
  check("3,soon", "--horizon: 'soon' is not a number");
  check("0", "the horizon 0 must be finite");
  check("3,-1", "--horizon = -1: must lie in [0, ");
  check("inf", "--horizon = inf: must lie in [0, ");
  check("1e12", "time steps of the data (0.103448 each), more than 1000000");
}

TEST_CASE("the models are listed", "[cli][train]") {
  const auto result = run({"list", "models"});
  CHECK(result.exit_code == 0);
  CHECK_THAT(result.out,
             Catch::StartsWith("mlp ") && Catch::Contains("\nhnn ") && Catch::Contains("\nvideo "));
  CHECK(nlohmann::json::parse(run({"list", "models", "--json"}).out).size() == 5);
}
