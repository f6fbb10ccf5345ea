// Model files in the hands of commands that expect datasets, and of data that they were not made
// for.

#include <algorithm>

#include "dataset/store/dataset_file.h"
#include "tests/cli/workshop.h"
#include "tests/support/file_bytes.h"

using namespace noether;
using Catch::Contains;
using test::run;
using test::Workshop;

namespace {

constexpr int check_failed = 1;
constexpr int usage = 2;
constexpr int interrupted = 130;

// One line "noether: warning: SENTENCE" that contains `sentence`.
void check_warning(const std::string& err, const std::string& sentence) {
  CHECK_THAT(err, Catch::StartsWith("noether: warning: ") && Contains(sentence));
  CHECK(test::is_one_sentence(err));
}

// A pendulum has the coordinates q and p of a spring.
std::string make_pendulums(const Workshop& shop) {
  const std::string path = shop.at("pendulum.h5");
  REQUIRE(run({"generate", "pendulum", "--n", "6", "-o", path}).exit_code == 0);
  return path;
}

}  // namespace

TEST_CASE("validate checks a model and says that it is none of its datasets", "[cli][train]") {
  const Workshop shop;
  shop.make("m.h5");
  const auto result = run({"validate", shop.at("m.h5")});
  CHECK(result.exit_code == 0);
  CHECK(result.err.empty());
  CHECK_THAT(result.out, Contains("no dataset but a model, mlp 2-12-12-2 of spring, step 40 of 40: "
                                  "`noether evaluate` reads it"));
  CHECK_THAT(result.out, Contains("ok      seal") && Contains("ok      checksums") &&
                             !Contains("FAILED") && !Contains("splits"));
}

TEST_CASE("a model has nothing that validate could replay", "[cli][train]") {
  const Workshop shop;
  shop.make("m.h5");
  for (const std::string blocks : {"all", "8"}) {
    test::check_failure({"validate", shop.at("m.h5"), "--replay", blocks}, usage,
                        "m.h5' is a model, which has no samples to make anew: leave out --replay");
  }
}

TEST_CASE("validate finds a flipped bit in a model", "[cli][train]") {
  const Workshop shop;
  shop.make("m.h5");
  std::string bytes = test::read_bytes(shop.at("m.h5"));
  const dataset::Bytes weights =
      dataset::open_h5(shop.at("m.h5")).read_rows("optimizer/first_moment/W2", 0, 1);
  const auto at =
      std::ranges::search(bytes, weights, {}, [](char c) { return static_cast<std::byte>(c); });
  REQUIRE_FALSE(at.empty());
  at.front() = static_cast<char>(at.front() ^ 1);
  test::write_bytes(shop.at("m.h5"), bytes);
  const auto result = run({"validate", shop.at("m.h5")});
  CHECK(result.exit_code == check_failed);
  // a weight: the seal has changed, and the checksum of its array tells which one
  CHECK_THAT(
      result.out,
      Contains("FAILED  seal") &&
          Contains("'optimizer/first_moment/W2': HDF5 says: data error detected by Fletcher32"));
}

TEST_CASE("two trainings into one file are kept apart", "[cli][train]") {
  const Workshop shop;
  const test::Words more{"--steps", "200000"};  // far more than the second needs to be refused
  test::Command first(shop.train("m.h5", more));
  test::wait_for(shop.at("m.h5.lock"));
  test::check_failure(shop.train("m.h5", more), 3, "m.h5' is being written by another process");
  first.send(SIGINT);
  CHECK(first.wait().exit_code == interrupted);
  CHECK(test::names_in(shop.folder.path()) == test::Names{"m.h5.partial", "spring.h5"});
}

TEST_CASE("a model that is complete is resumed where no lock can be made", "[cli][train]") {
  const Workshop shop;
  shop.make("m.h5");
  // root may write everywhere, but not make a file where a folder is
  std::filesystem::create_directory(shop.at("m.h5.lock"));
  CHECK(run(shop.train("m.h5", {"--resume"})).exit_code == 0);
  test::check_failure(shop.train("m.h5", {"--overwrite"}), 3, "cannot lock '" + shop.at("m.h5"));
  CHECK(std::filesystem::exists(shop.at("m.h5.lock")));
}

TEST_CASE("evaluate warns of data of another system, and goes on", "[cli][train]") {
  const Workshop shop;
  shop.make("m.h5");
  const std::string pendulum = make_pendulums(shop);
  const auto result = run({"evaluate", shop.at("m.h5"), pendulum, "--horizon", "1"});
  CHECK(result.exit_code == 0);
  CHECK_THAT(result.out, Contains("RMSE to 1"));
  check_warning(result.err,
                "m.h5' is a model of spring, but '" + pendulum + "' holds data of pendulum");
  CHECK(run({"evaluate", shop.at("m.h5"), shop.at("spring.h5"), "--horizon", "1"}).err.empty());
}

TEST_CASE("evaluate says why a ray that left the lens has no drift", "[cli][train]") {
  const Workshop shop;
  const std::string rays = shop.at("rays.h5"), model = shop.at("ray.h5");
  REQUIRE(run({"generate", "light-ray", "--n", "10", "-o", rays}).exit_code == 0);
  REQUIRE(run({"train", rays, "-o", model, "--widths", "12,12", "--steps", "40"}).exit_code == 0);
  // a model that knows little goes straight on and out; at first it is still inside
  const auto result = run({"evaluate", model, rays, "--horizon", "0.1,10", "-o", shop.at("out")});
  CHECK(result.exit_code == 0);
  CHECK_THAT(result.out, !Contains("nan"));
  CHECK_THAT(result.out, Contains("energy drift at 0.1") && Contains("e-"));
  CHECK_THAT(result.out, Contains("energy drift at 10                 -\n"
                                  "-: some predicted states have no angular_momentum"));
  CHECK_THAT(test::read_bytes(shop.at("out/evaluation.json")), Contains("\"energy_drift\": null"));
}

TEST_CASE("train warns of weights that were trained for another system", "[cli][train]") {
  const Workshop shop;
  shop.make("m.h5");
  const std::string pendulum = make_pendulums(shop);
  const auto result = run({"train", pendulum, "-o", shop.at("new.h5"), "--from", shop.at("m.h5"),
                           "--steps", "40", "--learning-rate", "1e-4"});
  CHECK(result.exit_code == 0);
  check_warning(result.err, "is a model of spring, but '");
}
