#include "bench/discovery/discovery.h"

#include <Eigen/Dense>
#include <catch2/catch.hpp>
#include <cmath>

#include "learn/autodiff/ops.h"
#include "sim/system.h"
#include "tests/support/small_datasets.h"
#include "tests/support/temp_folder.h"

namespace noether::bench {
namespace {

namespace symbolic = learn::symbolic;

Task task_of(const std::string& system, const dataset::Overrides& overrides, bool noise_free) {
  const test::TempFolder folder;
  test::generate(test::recipe_of(system, overrides), folder / "data.h5");
  return load_task(folder / "data.h5",
                   {.noise_free = noise_free, .denoise = true, .dtype = learn::DType::f64});
}

std::vector<double> row_of(const learn::Tensor& x, std::int64_t i) {
  const std::int64_t d = x.shape()[1];
  const auto first = x.data<double>().begin() + i * d;
  return {first, first + d};
}

// R^2 of the least-squares fit of a true invariant by the laws and a constant, on test states.
double held_out_r2(const Discovery& d, const sim::Invariant& truth) {
  const learn::Tensor& x = d.task.test_x;
  const Eigen::Index n = x.shape()[0], k = std::ssize(d.independent.laws);
  Eigen::MatrixXd laws(n, k + 1);
  Eigen::VectorXd values(n);
  for (Eigen::Index i = 0; i < n; ++i) {
    const auto state = row_of(x, i);
    for (Eigen::Index j = 0; j < k; ++j) {
      laws(i, j) =
          symbolic::evaluate(d.independent.laws[static_cast<std::size_t>(j)].formula, state);
    }
    laws(i, k) = 1;
    values(i) = truth.value(state, d.task.constants);
  }
  const Eigen::VectorXd residual = values - laws * laws.colPivHouseholderQr().solve(values);
  return 1 - residual.squaredNorm() / (values.array() - values.mean()).matrix().squaredNorm();
}

struct Case {
  std::string system;
  std::size_t laws;
  std::vector<std::string> recovered;  // invariants that are not the same number everywhere
};

}  // namespace

TEST_CASE("the right number of independent laws is found, and each holds on held-out trajectories",
          "[bench][discovery][slow]") {
  const std::vector<Case> cases{{"spring", 1, {"energy"}},
                                {"pendulum", 1, {"energy"}},
                                {"two-body", 2, {"energy", "angular_momentum"}},
                                {"light-ray", 1, {"angular_momentum"}},
                                {"double-pendulum", 1, {"energy"}},
                                {"damped-pendulum", 0, {}}};
  for (const auto& [system, laws, recovered] : cases) {
    INFO(system);
    const Discovery found =
        discover(task_of(system, {{"n", "30"}}, true), {.max_nodes = 3, .resamples = 0, .jobs = 1});
    CHECK(found.independent.laws.size() == laws);
    for (const auto& invariant : sim::find_system(system).invariants) {
      if (std::ranges::find(recovered, invariant.name) == recovered.end()) continue;
      INFO(invariant.name);
      CHECK(held_out_r2(found, invariant) >= 0.9999);
    }
    // momentum and the centre of mass of two bodies
    CHECK(found.independent.constants.size() == (system == "two-body" ? 4 : 0));
  }
}

TEST_CASE("two bodies are understood through noise", "[bench][discovery][slow]") {
  const Discovery found =
      discover(task_of("two-body", {}, false), {.max_nodes = 3, .resamples = 0, .jobs = 1});
  REQUIRE(found.data.offset_variance > 0);
  CHECK(found.independent.laws.size() == 2);
  for (const auto& invariant : sim::find_system("two-body").invariants) {
    if (invariant.name.starts_with("momentum")) continue;  // zero
    INFO(invariant.name);
    CHECK(held_out_r2(found, invariant) >= 0.9999);
  }
}

TEST_CASE("constants that differ between trajectories are known columns, and no laws",
          "[bench][discovery]") {
  const Discovery spring = discover(task_of("spring", {{"k", "U(1,3)"}}, true), {.resamples = 0});
  REQUIRE(spring.independent.laws.size() == 1);
  // H = k q^2 / 2 + p^2
  const auto& law = spring.independent.laws[0].formula;
  const auto at = [&](double q, double p, double k) {
    return symbolic::evaluate(law, std::vector{q, p, k});
  };
  CHECK(at(1, 0, 3) == Approx(3 * at(1, 0, 1)));
  CHECK(at(0, 1, 3) == Approx(2 * at(1, 0, 1)));
  CHECK(at(0, 1, 3) == Approx(at(0, 1, 1)));
  const Discovery pendulum =
      discover(task_of("pendulum", {{"m", "U(0.3,1)"}}, true), {.resamples = 0});
  CHECK(pendulum.independent.laws.size() == 1);
}

TEST_CASE("a coordinate that nothing moves is a law of its own, and known to the others",
          "[bench][discovery]") {
  // springs whose stiffness w is a third coordinate: q' = p, p' = -w q
  Task task = task_of("spring", {{"n", "20"}}, true);
  const std::int64_t n = task.x.shape()[0];
  const learn::Tensor w = learn::Tensor::build<double>({n, 1}, [&](std::span<double> values) {
    for (std::size_t i = 0; i < values.size(); ++i)
      values[i] = 1 + static_cast<double>(static_cast<std::int64_t>(i) / task.samples % 4);
  });
  const learn::Tensor q = learn::column(task.x, 0), p = learn::column(task.x, 1);
  task.x = learn::concat(learn::Tensors{q, p, w}, 1);
  task.dx_dt = learn::concat(learn::Tensors{p, neg(w * q), learn::Tensor::full({n, 1}, 0)}, 1);
  task.coordinates = {"q", "p", "w"};
  task.units = {"1", "1", "1"};
  const Discovery found = discover(task, {.max_nodes = 5, .resamples = 0, .jobs = 1});
  CHECK(found.still == std::vector<std::string>{"w"});
  REQUIRE(found.independent.laws.size() == 1);
  CHECK(readable(found.independent.laws[0].formula, found.task.coordinates) == "p^2 + q^2 w");
}

TEST_CASE("no function of drawn constants alone is a law", "[bench][discovery]") {
  const Discovery found = discover(task_of("van-der-pol", {{"mu", "U(0.5,2)"}, {"n", "20"}}, true),
                                   {.max_nodes = 3, .resamples = 0, .jobs = 1});
  CHECK(found.data.parameters == 1);
  CHECK(found.independent.laws.empty());
  CHECK(verdict(found).starts_with("no law"));
}

}  // namespace noether::bench
