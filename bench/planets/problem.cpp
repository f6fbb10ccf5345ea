#include "bench/planets/problem.h"

#include <cmath>
#include <utility>

#include "bench/planets/pairs.h"
#include "learn/autodiff/ops.h"
#include "learn/autodiff/transforms.h"
#include "learn/models/standardisation.h"
#include "learn/nn/conditional_mlp.h"

namespace noether::bench {
namespace {

using learn::DType;
using learn::Params;
using learn::Tensor;
using learn::Tensors;

constexpr std::int64_t state_size = 12;

Tensor row_of(const std::vector<double>& values) {
  return cast(Tensor::from<double>(values, {1, std::ssize(values)}), DType::f32);
}

Tensor states_of(const Tensor& x) { return slice(x, 1, 0, state_size); }

// Energy, momentum and angular momentum of states s [n, 12] with planets' masses m [n, 2]: [n, 4].
Tensor laws_of(const Tensor& s, const Tensor& m) {
  const auto at = [&](std::int64_t k) { return column(s, k); };
  const Tensor star = Tensor::full({s.shape()[0], 1}, 1, s.dtype());
  const Tensors mass{star, column(m, 0), column(m, 1)};
  Tensor energy, px, py, angular;
  for (std::int64_t i = 0; i < 3; ++i) {
    const Tensor x = at(2 * i), y = at(2 * i + 1), vx = at(6 + 2 * i), vy = at(7 + 2 * i);
    const Tensor& mi = mass[static_cast<std::size_t>(i)];
    energy = accumulate(energy, scale(mi * (square(vx) + square(vy)), 0.5));
    px = accumulate(px, mi * vx);
    py = accumulate(py, mi * vy);
    angular = accumulate(angular, mi * (x * vy - y * vx));
    for (std::int64_t j = 0; j < i; ++j) {
      const Tensor dx = x - at(2 * j), dy = y - at(2 * j + 1);
      energy = energy - mi * mass[static_cast<std::size_t>(j)] / sqrt(square(dx) + square(dy));
    }
  }
  return concat(Tensors{energy, px, py, angular}, 1);
}

// The change of the laws from x to the prediction y, in their own units.
Tensor law_changes(const PlanetProblem& problem, const Tensor& x, const Tensor& y) {
  const Tensor state = states_of(x), masses = slice(x, 1, state_size, state_size + 2);
  const Tensor next = state + problem.change_mean + y * problem.change_spread;
  return laws_of(next, masses) - laws_of(state, masses);
}

Tensor law_units(const PlanetProblem& problem) {
  std::vector<double> units;
  const auto& [x, y] = problem.train;
  for (std::int64_t k = 0; k < 4; ++k) {
    const Tensor slope = learn::grad(
        [&](const Tensor& at) { return sum(column(law_changes(problem, x, at), k)); }, y);
    units.push_back(std::sqrt(mean(sum(square(slope), 1)).item()));
  }
  return row_of(units);
}

PlanetSplit split_of(const PlanetProblem& problem, const PlanetPairs& pairs) {
  const Tensor change = cast(pairs.next - states_of(pairs.x), DType::f32);
  return {cast(pairs.x, DType::f32), (change - problem.change_mean) / problem.change_spread};
}

Tensor chosen(const Tensor& residuals, const std::vector<int>& laws) {
  Tensors columns;
  for (const int law : laws) columns.push_back(column(residuals, law));
  return concat(columns, 1);
}

// L of A = L L', both [12, 12] row by row; A is positive definite.
std::vector<double> cholesky(const std::vector<double>& A) {
  constexpr std::size_t d = state_size;
  std::vector<double> L(d * d, 0);
  for (std::size_t i = 0; i < d; ++i) {
    for (std::size_t j = 0; j <= i; ++j) {
      double rest = A[i * d + j];
      for (std::size_t k = 0; k < j; ++k) rest -= L[i * d + k] * L[j * d + k];
      L[i * d + j] = i == j ? std::sqrt(rest) : rest / L[j * d + j];
    }
  }
  return L;
}

}  // namespace

PlanetProblem make_planet_problem(const RunContext& run) {
  PlanetProblem problem;
  std::int64_t train = 2000, validation = 500, test = 1000;
  if (run.settings.quick) {
    std::tie(train, validation, test) = std::tuple(200, 50, 100);
    problem.steps = 150;
    problem.extra_steps = 30;
    problem.batch = 50;
  }
  problem.seed = run.seed;
  run.report("generating");
  const PlanetPairs pairs = planet_pairs(run.seed, 0, train);
  const auto units = learn::standardisation_of(pairs.x, pairs.next - states_of(pairs.x));
  problem.input_mean = row_of(units.mean);
  problem.input_spread = row_of(units.spread);
  problem.change_mean = cast(mean(pairs.next - states_of(pairs.x), 0, true), DType::f32);
  problem.change_spread = row_of(units.rate_spread);
  problem.train = split_of(problem, pairs);
  problem.validation = split_of(problem, planet_pairs(run.seed, train, validation));
  problem.test = split_of(problem, planet_pairs(run.seed, train + validation, test));
  problem.law_unit = law_units(problem);
  return problem;
}

Tensor law_residuals(const PlanetProblem& problem, const Tensor& x, const Tensor& y) {
  return law_changes(problem, x, y) / problem.law_unit;
}

learn::Field planet_field(const PlanetProblem& problem) {
  return [mlp = problem.mlp, mean = problem.input_mean, spread = problem.input_spread](
             const Params& params, const Tensor& x) { return mlp(params, (x - mean) / spread); };
}

learn::Field tailored_planet_field(const PlanetProblem& problem, const PlanetTailoring& tailoring) {
  return [problem, tailoring](const Params& params, const Tensor& x) {
    const Tensor input = (x - problem.input_mean) / problem.input_spread;
    const std::int64_t n = tailoring.moved == Moved::shared_norms ? 1 : x.shape()[0];
    const bool by_norms = tailoring.moved == Moved::norms || tailoring.moved == Moved::shared_norms;
    const Tensor plain = by_norms ? Tensor() : problem.mlp(params, input);
    const auto predicted = [&](const Params& own) {
      if (by_norms) return conditional_mlp(problem.mlp, params, own, input);
      const Tensor& u = own["u"];
      return plain +
             (tailoring.moved == Moved::outputs ? u : matmul(u, tailoring.spread, false, true));
    };
    const Params start = by_norms ? initial_own(problem.mlp, n, x.dtype())
                                  : Params{{"u", Tensor::full({n, state_size}, 0, x.dtype())}};
    return predicted(tailor(
        [&](const Params& own) {
          return chosen(law_residuals(problem, x, predicted(own)), tailoring.laws);
        },
        start, tailoring.step));
  };
}

Tensor error_spread(const PlanetProblem& problem, const learn::Field& field, const Params& params) {
  const auto& [x, y] = problem.validation;
  const Tensor errors = cast(field(params, x) - y, DType::f64);
  const Tensor covariance =
      scale(matmul(errors, errors, true, false), 1 / static_cast<double>(x.shape()[0]));
  // a mean diagonal of 1, so that the step is damped as one of outputs
  const double trace = sum(square(errors)).item() / static_cast<double>(x.shape()[0]);
  const auto root = cholesky(scale(covariance, state_size / trace).to_vector());
  return cast(Tensor::from<double>(root, {state_size, state_size}), DType::f32);
}

}  // namespace noether::bench
