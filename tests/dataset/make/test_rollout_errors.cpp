#include <catch2/catch.hpp>
#include <cmath>

#include "base/error.h"
#include "dataset/make/rollout.h"
#include "tests/support/file_bytes.h"
#include "tests/support/foreign_file.h"
#include "tests/support/temp_folder.h"

using namespace noether;
using test::Doubles;
using test::Floats;
using test::ForeignArray;

namespace {

const ForeignArray starts{"initial_state", {2, 2}, Doubles{0.5, 0.1, 1, -0.5}};
const ForeignArray times{"time", {3}, Doubles{0, 1, 2}};
const ForeignArray actions{"actions", {2, 3, 1}, Floats{0, 1, 2, 0, 1, 2}};

// what the input is refused with as an E, behind the name of the file
template <class E = base::DataError>
std::string refusal(const std::string& system, const std::vector<ForeignArray>& arrays,
                    const dataset::Overrides& overrides = {}) {
  const test::TempFolder folder;
  test::write_foreign(folder / "in.h5", arrays);
  const auto message =
      test::message_of<E>([&] { dataset::rollout_recipe(system, folder / "in.h5", overrides); });
  const std::string name = "in.h5'";
  const auto at = message.find(name);
  return at == std::string::npos ? message : message.substr(at + name.size());
}

}  // namespace

TEST_CASE("the inputs that the other cases spoil are accepted", "[dataset][rollout]") {
  CHECK(refusal("spring", {starts, times}).empty());
  CHECK(refusal("pixel-pendulum", {starts, actions}).empty());
}

TEST_CASE("an input that lacks an array is refused by its name", "[dataset][rollout]") {
  CHECK(refusal("spring", {times}) == " has no array 'initial_state'");
  CHECK(refusal("spring", {starts}) == " has no array 'time'");
  CHECK(refusal("pixel-pendulum", {starts}) == " has no array 'actions'");
}

TEST_CASE("an input array of wrong rank or extent is refused with both shapes",
          "[dataset][rollout]") {
  CHECK(refusal("spring", {{"initial_state", {4}, Doubles(4)}, times}) ==
        ": 'initial_state' has shape (4) where (N, 2) was expected");
  CHECK(refusal("two-body", {starts, times}) ==
        ": 'initial_state' has shape (2, 2) where (N, 8) was expected");
  CHECK(refusal("spring", {starts, {"time", {3, 1}, Doubles{0, 1, 2}}}) ==
        ": 'time' has shape (3, 1) where (T) was expected");
  CHECK(refusal("spring", {{"initial_state", {0, 2}, Doubles{}}, times}) ==
        ": 'initial_state' has shape (0, 2) where (N, 2) was expected");
  CHECK(refusal("pixel-pendulum", {starts, {"actions", {2, 3}, Floats(6)}}) ==
        ": 'actions' has shape (2, 3) where (E, T, 1) was expected");
  CHECK(refusal("pixel-pendulum", {starts, {"actions", {3, 2, 1}, Floats(6)}}) ==
        ": 2 starts, but actions for 3 episodes");
}

TEST_CASE("an input array of another type is refused with both types", "[dataset][rollout]") {
  CHECK(refusal("spring", {{"initial_state", {2, 2}, Floats(4)}, times}) ==
        ": 'initial_state' holds float32 where float64 was expected");
  CHECK(refusal("pixel-pendulum", {starts, {"actions", {2, 3, 1}, Doubles(6)}}) ==
        ": 'actions' holds float64 where float32 was expected");
}

TEST_CASE("a non-finite number in the input is refused with its place", "[dataset][rollout]") {
  for (const double bad : {double{NAN}, double{INFINITY}}) {
    CHECK(refusal("spring", {starts, {"time", {3}, Doubles{0, 1, bad}}}) ==
          ": 'time' holds a non-finite number at element 2");
  }
  CHECK(refusal("pixel-pendulum", {starts, {"actions", {2, 3, 1}, Floats{0, 0, 0, 0, NAN, 0}}}) ==
        ": 'actions' holds a non-finite number at element 4");
}

TEST_CASE("times that do not increase are refused", "[dataset][rollout]") {
  const std::string sentence = ": 'time' must hold at least two strictly increasing numbers";
  CHECK(refusal("spring", {starts, {"time", {3}, Doubles{0, 1, 1}}}) == sentence);
  CHECK(refusal("spring", {starts, {"time", {3}, Doubles{2, 1, 0}}}) == sentence);
  CHECK(refusal("spring", {starts, {"time", {1}, Doubles{0}}}) == sentence);
}

TEST_CASE("settings that the input decides cannot be set", "[dataset][rollout]") {
  for (const std::string key : {"n", "steps", "t_start", "t_end", "dt"}) {
    CHECK(refusal<base::UsageError>("spring", {starts, times}, {{key, "1"}}) ==
          "rollout: '" + key + "' comes from the input file and cannot be set");
  }
  for (const std::string key : {"policy", "start_speed"}) {
    CHECK(refusal<base::UsageError>("pixel-pendulum", {starts, actions}, {{key, "1"}}) ==
          "rollout: '" + key + "' comes from the input file and cannot be set");
  }
}

TEST_CASE("an unknown system or setting is an error of usage", "[dataset][rollout]") {
  CHECK_THAT(refusal<base::UsageError>("sprint", {starts, times}),
             Catch::StartsWith("unknown dataset 'sprint'; did you mean 'spring'?"));
  CHECK_THAT(refusal<base::UsageError>("spring", {starts, times}, {{"mass", "1"}}),
             Catch::StartsWith("spring: unknown setting 'mass'"));
}

TEST_CASE("an input that is no HDF5 file is refused", "[dataset][rollout]") {
  const test::TempFolder folder;
  test::write_bytes(folder / "in.h5", "0 1 2\n");
  CHECK(test::message_of<base::DataError>([&] {
          dataset::rollout_recipe("spring", folder / "in.h5", {});
        }).ends_with("in.h5' is not an HDF5 file"));
}
