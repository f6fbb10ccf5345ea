#include "bench/data/followed.h"

#include <algorithm>
#include <catch2/catch.hpp>

#include "base/error.h"
#include "bench/data/task.h"
#include "tests/support/dataset_copy.h"
#include "tests/support/small_datasets.h"
#include "tests/support/temp_folder.h"

using namespace noether;
using learn::Tensor;

namespace {

const std::string energy = "trajectories/invariants/energy";

// Pendulums, and what is followed where their file says something else of the energy.
struct Pendulums {
  test::TempFolder folder;
  Pendulums() { test::generate(test::recipe_of("pendulum", {{"n", "4"}}), folder / "a.h5"); }
  bench::Followed with(const std::string& description) const {
    test::rewrite(folder / "a.h5", folder / "b.h5", [&](dataset::Layout& layout) {
      auto& attributes = test::array_of(layout, energy).attributes;
      std::ranges::find(attributes, "description", &dataset::Attribute::name)->value = description;
    });
    return bench::followed_of_file(dataset::DatasetFile(folder / "b.h5"));
  }
};

const Tensor states = Tensor::from({0.3, 0.7, -1.2, 0.1}, {2, 2});

}  // namespace

TEST_CASE("the invariant in a file is followed as that of its system", "[bench][followed]") {
  const Pendulums pendulums;
  const dataset::DatasetFile file(pendulums.folder / "a.h5");
  const auto from_file = bench::followed_of_file(file);
  const auto task = bench::load_task(file, {.horizons = {1}});
  const auto from_sim = bench::followed_of_system("pendulum", task.constants, 2);
  CHECK(from_file.name == "energy");
  CHECK(from_sim.name == "energy");
  const auto a = from_file.values(states), b = from_sim.values(states);
  REQUIRE(a.size() == 2);
  REQUIRE(b.size() == 2);
  // the same formula in another order of a few operations
  for (std::size_t i = 0; i < 2; ++i) CHECK(a[i] == Approx(b[i]).epsilon(1e-14));
  CHECK(std::abs(a[0] - a[1]) > 1);
}

TEST_CASE("a description is followed only where it gives the stored values", "[bench][followed]") {
  const Pendulums pendulums;
  CHECK(pendulums.with("p^2 + 3 - 3 cos(q)").name == "energy");
  for (const std::string other :
       {"p^2 + 2.9 (1 - cos q)", "p^2 + z", "the sum of kinetic and potential energy", ""}) {
    CAPTURE(other);
    CHECK_FALSE(pendulums.with(other).values);
  }
}

TEST_CASE("a task follows its file, or else its system, or nothing", "[bench][followed]") {
  const Pendulums pendulums;
  const auto load = [&](bool keep_invariants, const std::string& system) {
    test::rewrite(pendulums.folder / "a.h5", pendulums.folder / "b.h5",
                  [&](dataset::Layout& layout) {
                    test::attribute_of(layout, "system") = system;
                    if (keep_invariants) return;
                    std::erase_if(layout.arrays, [](const auto& a) { return a.path == energy; });
                  });
    return bench::load_task(pendulums.folder / "b.h5", {.horizons = {1}}).followed;
  };
  CHECK(load(true, "mine").formula == "3 (1 - cos q) + p^2");
  CHECK(load(true, "pendulum").formula == "3 (1 - cos q) + p^2");
  CHECK(load(false, "pendulum").name == "energy");
  CHECK(load(false, "pendulum").formula.empty());
  CHECK_FALSE(load(false, "mine").values);
  CHECK_FALSE(bench::followed_of_system("mine", {}, 2).values);
}

TEST_CASE("an energy is followed before what is none", "[bench][followed]") {
  const auto some = [](const std::string& name) {
    bench::Followed followed = bench::followed_formula("q", {"q", "p"});
    followed.name = name;
    return followed;
  };
  CHECK(bench::first_energy(some("energy"), some("energy")).formula == "q");
  CHECK(bench::first_energy(some("momentum_x"), some("energy")).name == "energy");
  CHECK(bench::first_energy(some("energy"), some("momentum_x")).name == "energy");
  CHECK(bench::first_energy(some("a"), some("b")).name == "a");
  CHECK(bench::first_energy({}, some("b")).name == "b");
  CHECK(bench::first_energy(some("a"), {}).name == "a");
  CHECK_FALSE(bench::first_energy({}, {}).values);
}

TEST_CASE("a formula is followed under its own name", "[bench][followed]") {
  const auto followed = bench::followed_formula("q^2 + p", {"q", "p"});
  CHECK(followed.name == "q^2 + p");
  // one rounding of each operation
  CHECK(followed.values(states)[0] == Approx(0.3 * 0.3 + 0.7).epsilon(1e-15));
  CHECK_THROWS_AS(bench::followed_formula("q^2 + z", {"q", "p"}), base::UsageError);
}
