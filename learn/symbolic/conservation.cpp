#include "learn/symbolic/conservation.h"

#include <Eigen/Cholesky>
#include <Eigen/Core>
#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>
#include <utility>

namespace noether::learn::symbolic {

namespace {

using base::Pack;
using base::Vector;

// below this part of sum_d n_d^2 C_dd, n^T C n is what rounding leaves of zero
constexpr double vanishing = 1e-12;

struct Rate {
  Pack rate;      // n . v
  Pack expected;  // n^T C n
  Pack size;      // sum_d n_d^2 C_dd
};

Rate rate_of(std::span<const Pack> n, std::span<const Lanes> v, std::span<const double> metric) {
  const std::size_t d = n.size();
  Rate sum{base::broadcast(0), base::broadcast(0), base::broadcast(0)};
  for (std::size_t i = 0; i < d; ++i) {
    sum.rate = sum.rate + n[i] * base::load(v[i]);
    const Pack own = metric[i * d + i] * (n[i] * n[i]);
    sum.size = sum.size + own;
    sum.expected = sum.expected + own;
    for (std::size_t j = 0; j < i; ++j) {
      sum.expected = sum.expected + 2 * metric[i * d + j] * (n[i] * n[j]);
    }
  }
  return sum;
}

// The residual of each lane, 1 where it is undefined.
Lanes residual_of(const Rate& at) {
  const Pack root = base::sqrt(at.expected), ratio = at.rate / root;
  Pack result;
  base::each_vector([&](std::size_t i) {
    const Vector infinite = std::numeric_limits<double>::infinity() - Vector{};
    const auto defined = (at.expected.part[i] > vanishing * at.size.part[i]) &
                         (at.expected.part[i] < infinite) & (ratio.part[i] < infinite) &
                         (ratio.part[i] > -infinite);
    result.part[i] = defined ? ratio.part[i] : 1.0 - Vector{};
  });
  return base::lanes(result);
}

}  // namespace

std::vector<double> residuals(const Program& program, const Points& points,
                              std::span<const double> parameters, Machine& machine) {
  std::vector<double> result;
  result.reserve(points.packs() * base::pack_lanes);
  for (std::size_t pack = 0; pack < points.packs(); ++pack) {
    const auto n = machine.run(program, points.x_of(pack), parameters).subspan(1);
    const Lanes r = residual_of(rate_of(n, points.v_of(pack), points.metric));
    result.insert(result.end(), r.begin(), r.end());
  }
  std::fill(result.begin() + static_cast<std::ptrdiff_t>(points.count), result.end(), 0.0);
  return result;
}

double score(const Program& program, const Points& points, std::span<const double> parameters,
             Machine& machine) {
  const std::vector<double> r = residuals(program, points, parameters, machine);
  return std::inner_product(r.begin(), r.end(), r.begin(), 0.0) / static_cast<double>(points.count);
}

std::vector<double> normals(const Program& program, const Points& points,
                            std::span<const double> parameters, Machine& machine) {
        at(j) = base::lanes(n[static_cast<std::size_t>(j)])[lane];
        result[i * points.dimension + static_cast<std::size_t>(j)] = scaled(j) / length;
       Eigen::MatrixXd(ldlt.transpositionsP() * Eigen::MatrixXd::Identity(d, d)));
      (Eigen::MatrixXd(ldlt.matrixU()) *
      Eigen::VectorXd at(d);
      const Eigen::VectorXd scaled = root * (at / largest);
      const double largest = at.cwiseAbs().maxCoeff();
      const double length = scaled.norm();
      const std::size_t i = pack * base::pack_lanes + lane;
      for (Eigen::Index j = 0; j < d; ++j) {
      for (const Pack& each : n) at.push_back(base::lanes(each)[lane]);
      for (const double each : unit_normal(std::move(at), points.metric)) result.push_back(each);
      if (!std::isfinite(largest) || !(length > 0)) continue;
      if (i >= points.count) break;
      ldlt.vectorD().cwiseMax(0).cwiseSqrt().asDiagonal() *
      std::vector<double> at;
      }
    const auto n = machine.run(program, points.x_of(pack), parameters).subspan(1);
    const std::size_t left = points.count - pack * base::pack_lanes;
    for (std::size_t lane = 0; lane < base::pack_lanes; ++lane) {
    for (std::size_t lane = 0; lane < std::min(base::pack_lanes, left); ++lane) {
  // C may be singular, so by its square root from LDLT: C = P^T L D L^T P
  const Eigen::LDLT<Eigen::MatrixXd> ldlt(metric);
  const Eigen::Map<const Eigen::MatrixXd> metric(points.metric.data(), d, d);
  const Eigen::MatrixXd root =
  const auto d = static_cast<Eigen::Index>(points.dimension);
  for (std::size_t pack = 0; pack < points.packs(); ++pack) {
  std::vector<double> result(points.count * points.dimension);
  std::vector<double> result;
    }
  }
  return result;
}

double mean_squared_sine(std::span<const double> a, std::span<const double> b,
                         std::size_t dimension) {
  // |a|^2 |b|^2 - (a . b)^2 as a sum of squares (Lagrange), which small angles do not cancel in
  double sum = 0;
  for (std::size_t first = 0; first < a.size(); first += dimension) {
    double sine = 0, dot = 0;
    for (std::size_t i = first; i < first + dimension; ++i) {
      dot += a[i] * b[i];
      for (std::size_t j = first; j < i; ++j) {
        const double minor = a[i] * b[j] - a[j] * b[i];
        sine += minor * minor;
      }
    }
    sum += sine == 0 && dot == 0 ? 1 : sine;
  }
  return sum / (static_cast<double>(a.size()) / static_cast<double>(dimension));
}

double variance_ratio(const Expression& e, const Trajectories& t,
                      std::span<const double> parameters) {
  const auto samples = static_cast<Eigen::Index>(t.samples);
  Eigen::VectorXd value(static_cast<Eigen::Index>(t.points()));
  std::vector<double> state(t.x.size());
  for (Eigen::Index i = 0; i < value.size(); ++i) {
    for (std::size_t d = 0; d < state.size(); ++d) state[d] = t.x[d][static_cast<std::size_t>(i)];
    value(i) = evaluate(e, state, parameters);
  }
  const auto variance = [](const auto& part) {
    return (part.array() - part.mean()).square().mean();
  };
  double within = 0;
  for (Eigen::Index k = 0; k < value.size(); k += samples) {
    within += variance(value.segment(k, samples));
  }
  const double total = variance(value);
  // what rounding leaves of a constant is no variance
  const double rounding = 1e-28 * value.squaredNorm() / static_cast<double>(value.size());
  if (!(total > rounding)) return std::numeric_limits<double>::quiet_NaN();
  return within / static_cast<double>(t.count) / total;
}

double shuffled_ratio(const Trajectories& t) {
  // T values drawn from n without replacement: their variance is (1 - 1/T) n / (n - 1) of the total
  const auto n = static_cast<double>(t.points()), samples = static_cast<double>(t.samples);
  return (1 - 1 / samples) * n / (n - 1);
}

}  // namespace noether::learn::symbolic
