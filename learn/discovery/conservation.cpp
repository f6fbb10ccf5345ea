#include "learn/discovery/conservation.h"

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

struct Rate {
  Pack rate;      // n . v
  Pack expected;  // n^T C n
};

Rate rate_of(std::span<const Pack> n, std::span<const Lanes> v, std::span<const double> metric) {
  Rate sum{base::broadcast(0), base::broadcast(0)};
  for (std::size_t d = 0; d < n.size(); ++d) {
    sum.rate = sum.rate + n[d] * base::load(v[d]);
    sum.expected = sum.expected + metric[d] * (n[d] * n[d]);
  }
  return sum;
}

// The residual of each lane, 1 where it is undefined: NaN is neither below nor above anything.
Lanes residual_of(const Rate& at) {
  const Pack ratio = at.rate / base::sqrt(at.expected);
  Pack result;
  base::each_vector([&](std::size_t i) {
    const Vector infinite = std::numeric_limits<double>::infinity() - Vector{};
    const auto defined = (at.expected.part[i] > 0.0) & (at.expected.part[i] < infinite) &
                         (ratio.part[i] < infinite) & (ratio.part[i] > -infinite);
    result.part[i] = defined ? ratio.part[i] : 1.0 - Vector{};
  });
  return base::lanes(result);
}

// C^1/2 n / |C^1/2 n|, or nothing but zeros; scaled first, so that squares cannot overflow.
std::vector<double> unit_normal(std::vector<double> n, std::span<const double> metric) {
  double largest = 0, squares = 0;
  for (std::size_t d = 0; d < n.size(); ++d) {
    n[d] *= std::sqrt(metric[d]);
    // of NaN as well, which max() would pass over
    largest = std::abs(n[d]) <= largest ? largest : std::abs(n[d]);
  }
  if (!(largest > 0) || !std::isfinite(largest)) return std::vector<double>(n.size());
  for (double& each : n) squares += (each / largest) * (each / largest);
  for (double& each : n) each = each / largest / std::sqrt(squares);
  return n;
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
  std::vector<double> result;
  for (std::size_t pack = 0; pack < points.packs(); ++pack) {
    const auto n = machine.run(program, points.x_of(pack), parameters).subspan(1);
    const std::size_t left = points.count - pack * base::pack_lanes;
    for (std::size_t lane = 0; lane < std::min(base::pack_lanes, left); ++lane) {
      std::vector<double> at;
      for (const Pack& each : n) at.push_back(base::lanes(each)[lane]);
      for (const double each : unit_normal(std::move(at), points.metric)) result.push_back(each);
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
  const std::vector<std::int64_t> starts = t.starts();
  for (std::size_t k = 0; k + 1 < starts.size(); ++k)
    within += variance(value.segment(starts[k], starts[k + 1] - starts[k]));
  const double total = variance(value);
  // what rounding leaves of a constant is no variance
  const double rounding = 1e-28 * value.squaredNorm() / static_cast<double>(value.size());
  if (!(total > rounding)) return std::numeric_limits<double>::quiet_NaN();
  return within / static_cast<double>(t.count) / total;
}

double shuffled_ratio(const Trajectories& t) {
  // T values drawn from n without replacement: their variance is (1 - 1/T) n / (n - 1) of the total
  const auto n = static_cast<double>(t.points());
  double inverse = 1 / static_cast<double>(t.samples);  // the mean of 1/T
  if (!t.lengths.empty()) {
    inverse = 0;
    for (const std::int64_t length : t.lengths)
      inverse += 1 / static_cast<double>(length) / static_cast<double>(t.count);
  }
  return (1 - inverse) * n / (n - 1);
}

}  // namespace noether::learn::symbolic
