// Datasets whose constants are drawn for each trajectory.

#include <catch2/catch.hpp>
#include <cmath>

#include "base/error.h"
#include "dataset/exchange/validate.h"
#include "dataset/make/rollout.h"
#include "dataset/store/dataset_file.h"
#include "tests/support/file_bytes.h"
#include "tests/support/foreign_file.h"
#include "tests/support/properties.h"
#include "tests/support/small_datasets.h"
#include "tests/support/temp_folder.h"

namespace noether {
namespace {

using test::made;

using dataset::DatasetFile;
using dataset::Overrides;

std::string refusal(const std::string& name, const Overrides& overrides) {
  return test::message_of<base::UsageError>([&] { dataset::make_config(name, overrides); });
}

}  // namespace

TEST_CASE("the first trajectories with drawn constants are the same for any number",
          "[dataset][constants]") {
  for (const std::string name : {"spring", "pendulum", "two-body"}) {
    INFO(name);
    const Overrides drawn{{name == "two-body" ? "m1" : "m", "U(0.5,2)"}, {"steps", "4"}};
    Overrides few = drawn, many = drawn;
    few["n"] = "5";
    many["n"] = "21";
    const DatasetFile a = made(name, few), b = made(name, many);
    const std::string mass = name == "two-body" ? "parameters/m1" : "parameters/m";
    CHECK(a.read<double>(mass) == b.rows<double>(mass, 0, 5));
    CHECK(a.read<double>(mass)[0] != a.read<double>(mass)[1]);
    for (const std::string array : {"trajectories/state", "trajectories/observation",
                                    "trajectories/dstate_dt", "trajectories/invariants/energy"})
      CHECK(a.read<double>(array) == b.rows<double>(array, 0, 5));
  }
}

TEST_CASE("bytes with drawn constants do not depend on jobs", "[dataset][constants]") {
  const test::TempFolder folder;
  auto recipe = test::small_springs({{"k", "U(1,3)"}, {"friction", "U(0,0.1)"}});
  for (const int jobs : {1, 2})
    dataset::generate(recipe, folder / std::to_string(jobs), {.jobs = jobs});
  const auto bytes = [&](const char* name) { return test::read_bytes(folder / name); };
  CHECK(bytes("1") == bytes("2"));
  CHECK(dataset::violation_count(dataset::validate(folder / "1", {})) == 0);
}

TEST_CASE("a file states constants that are new only where they are not the defaults",
          "[dataset][constants]") {
  const auto of = [](const Overrides& overrides) { return made("spring", overrides); };
  CHECK_FALSE(of({}).h5().contains("parameters/k"));
  CHECK_FALSE(of({{"k", "2"}}).h5().contains("parameters/k"));
  const DatasetFile stiff = of({{"k", "3"}, {"n", "4"}});
  CHECK(stiff.read<double>("parameters/k") == std::vector<double>(4, 3));
  CHECK(stiff.number("k") == 3);
  CHECK_FALSE(stiff.h5().contains("parameters/m"));
  CHECK(of({{"k", "U(1,3)"}}).text("k") == "U(1.0,3.0)");
}

TEST_CASE("friction makes the energy dissipated, and is in the derivatives",
          "[dataset][constants]") {
  for (const std::string name : {"spring", "double-pendulum"}) {
    INFO(name);
    const DatasetFile file = made(name, {{"friction", "0.3"}, {"n", "3"}});
    CHECK(file.h5().text_attribute("trajectories/invariants/energy", "law") == "dissipated");
    CHECK(dataset::check_invariants(file).violations.empty());
    const auto energy = file.read<double>("trajectories/invariants/energy");
    CHECK(energy.back() < energy[energy.size() - 2]);
  }
  const DatasetFile file = made("spring", {{"friction", "0.3"}, {"n", "3"}});
  const auto state = file.read<double>("trajectories/state"),
             rate = file.read<double>("trajectories/dstate_dt");
  for (std::size_t i = 0; i < state.size(); i += 2)
    CHECK(rate[i + 1] == Approx(-2 * state[i] - 0.3 * rate[i]).margin(1e-14));
}

TEST_CASE("constants that make no sense are refused in one sentence", "[dataset][constants]") {
  CHECK(refusal("spring", {{"k", "U(2,1)"}}) == "k = U(2,1): the range is inverted");
  CHECK(refusal("spring", {{"m", "0"}}) == "m = 0: must lie in [0.001, 1000]");
  CHECK(refusal("spring", {{"m", "U(0,1)"}}) == "m = U(0,1): must lie in [0.001, 1000]");
  CHECK(refusal("spring", {{"m", "U(1)"}}) == "m = U(1): expected a number or U(low,high)");
  CHECK(refusal("spring", {{"m", "heavy"}}) == "m: 'heavy' is not a number");
}

TEST_CASE("a rollout takes constants of each start from its input", "[dataset][constants]") {
  const test::TempFolder folder;
  test::write_foreign(folder / "in.h5", {{"initial_state", {2, 2}, test::Doubles{1, 0, 1, 0}},
                                         {"time", {3}, test::Doubles{0, 0.5, 1}},
                                         {"parameters/k", {2}, test::Doubles{2, 8}}});
  dataset::generate(dataset::rollout_recipe("spring", folder / "in.h5", {}), folder / "out.h5",
                    {.jobs = 1});
  const DatasetFile file(folder / "out.h5");
  CHECK(file.read<double>("parameters/k") == std::vector<double>{2, 8});
  const auto state = file.read<double>("trajectories/state");
  CHECK(state[4] == Approx(std::cos(2.0)).margin(1e-12));
  CHECK(state[10] == Approx(std::cos(4.0)).margin(1e-12));
  CHECK(dataset::violation_count(dataset::validate(folder / "out.h5", {})) == 0);
  test::write_foreign(folder / "bad.h5", {{"initial_state", {2, 2}, test::Doubles{1, 0, 1, 0}},
                                          {"time", {3}, test::Doubles{0, 0.5, 1}},
                                          {"parameters/k", {2}, test::Doubles{2, 0}}});
  CHECK_THROWS_AS(dataset::rollout_recipe("spring", folder / "bad.h5", {}), base::UsageError);
}

}  // namespace noether
