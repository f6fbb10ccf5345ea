#include "learn/discovery/library/feature_space.h"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "base/error.h"
#include "learn/discovery/gradient_columns.h"
#include "learn/discovery/matrix.h"

namespace noether::learn::symbolic {
namespace {

Columns to_columns(const Matrix& matrix) {
  Columns result;
  for (Index j = 0; j < matrix.cols(); ++j) {
    const Vector column = matrix.col(j);
    result.emplace_back(column.begin(), column.end());
  }
  return result;
}

// L of M = L L', in coordinates of the given scales; eigenvalues that are rounding are left out.
Columns root_of(const Matrix& scaled, const Vector& scales) {
  const auto [values, vectors] = symmetric_eigen(scaled);
  const double least = 1e-13 * values.maxCoeff();
  Columns result;
  for (Index i = 0; i < values.size(); ++i) {
    if (values[i] <= least) continue;
    const Vector column = scales.cwiseProduct(vectors.col(i)) * std::sqrt(values[i]);
    result.emplace_back(column.begin(), column.end());
  }
  return result;
}

bool is_finite(const GradientColumns& g) {
  const auto finite = [](const std::vector<double>& column) {
    return std::ranges::all_of(column, [](double x) { return std::isfinite(x); });
  };
  return finite(g.value) && std::ranges::all_of(g.gradient, finite);
}

// Of some features, with columns of size one, so that no unit of a feature matters.
struct Triangles {
  Matrix inverse_sizes;  // diagonal
  Matrix spread;
  Matrix rate;
};

Triangles triangles(const Basis& basis, std::span<const std::int64_t> support) {
  Columns spread;
  Columns rate;
  for (const std::int64_t k : support) {
    spread.push_back(basis.spread[static_cast<std::size_t>(k)]);
    rate.push_back(basis.rate[static_cast<std::size_t>(k)]);
  }
  const Matrix R = to_matrix(spread), D = to_matrix(rate);
  const Vector sizes = R.colwise().norm().transpose();
  const Matrix inverse_sizes = sizes.cwiseInverse().asDiagonal();
  return {inverse_sizes, triangle(product(R, inverse_sizes)), triangle(product(D, inverse_sizes))};
}

}  // namespace

Metric metric(const Trajectories& data) {
  const Matrix x = to_matrix(data.x);
  const Matrix v = to_matrix(data.dx_dt);
  const Matrix centred = x.rowwise() - x.colwise().mean();
  const auto points = static_cast<double>(x.rows());
  Vector scales = (centred.colwise().squaredNorm() / points).cwiseSqrt().transpose();
  // what is only the rounding of a constant
  for (Index d = 0; d < scales.size(); ++d) {
    if (scales[d] <= 1e-13 * x.col(d).cwiseAbs().maxCoeff()) scales[d] = 0;
  }
  const Vector inverse = scales.unaryExpr([](double s) { return s > 0 ? 1 / s : 0; });
  const Matrix scaled_v = v * inverse.asDiagonal();
  const Matrix scaled_x = centred * inverse.asDiagonal();
  const Matrix C = transposed_product(scaled_v, scaled_v) / points;
  const Matrix covariance = transposed_product(scaled_x, scaled_x) / points;
  if (!(C.trace() > 0)) {
    throw base::DataError("nothing moves in the data: expected derivatives that are not all 0");
  }
  const double square_rate = C.trace() / covariance.trace();
  return {.root = root_of((C + square_rate * covariance) / 2, scales),
          .velocity_root = root_of(C, scales),
          .scales = {scales.begin(), scales.end()},
          .square_rate = square_rate};
}

Slopes slopes(std::span<const Expression> features, const Trajectories& data,
              const Metric& metric) {
  const auto points = static_cast<std::size_t>(data.points());
  Slopes result;
  for (const Expression& feature : features) {
    GradientColumns g = gradient_columns(feature, data.x);
    std::vector<double> rate(points);
    std::vector<double> spread(points * metric.root.size());
    double square_size = 0;
    for (std::size_t d = 0; d < data.x.size(); ++d) {
      const std::vector<double>& slope = g.gradient[d];
      const std::vector<double>& v = data.dx_dt[d];
      for (std::size_t i = 0; i < points; ++i) rate[i] += slope[i] * v[i];
      for (const double s : slope) square_size += std::pow(s * metric.scales[d], 2);
      // along the points, so that they are taken several at a time
      for (std::size_t r = 0; r < metric.root.size(); ++r) {
        double* of_r = spread.data() + r * points;
        const double factor = metric.root[r][d];
        for (std::size_t i = 0; i < points; ++i) of_r[i] += slope[i] * factor;
      }
    }
    result.value.push_back(std::move(g.value));
    result.rate.push_back(std::move(rate));
    result.spread.push_back(std::move(spread));
    result.size.push_back(std::sqrt(square_size / static_cast<double>(points)));
  }
  return result;
}

std::vector<Expression> finite_features(std::span<const Expression> features,
                                        const Trajectories& data) {
  std::vector<Expression> result;
  for (const Expression& feature : features) {
    if (is_finite(gradient_columns(feature, data.x))) result.push_back(feature);
  }
  return result;
}

Basis basis(const Slopes& slopes, double tolerance) {
  if (slopes.rate.empty()) return {};
  const auto points = static_cast<double>(slopes.rate.front().size());
  const Matrix R = triangle(to_matrix(slopes.spread) / std::sqrt(points));
  const Matrix D = triangle(to_matrix(slopes.rate) / std::sqrt(points));
  Basis result;
  Matrix q(R.rows(), R.cols());  // orthonormal, those kept
  Matrix r = Matrix::Zero(R.cols(), R.cols());
  Index count = 0;
  for (Index j = 0; j < R.cols(); ++j) {
    // twice is enough to be orthogonal to rounding (Kahan)
    Vector rest = R.col(j);
    Vector along = Vector::Zero(count);
    for (int pass = 0; pass < 2; ++pass) {
      const Vector part = q.leftCols(count).transpose() * rest;
      rest -= q.leftCols(count) * part;
      along += part;
    }
    const double size = slopes.size[static_cast<std::size_t>(j)];
    const double whole = R.col(j).norm();
    const bool is_new = whole > tolerance * size && rest.norm() > tolerance * whole;
    if (is_new) {
      r.col(count).head(count) = along;
      r(count, count) = rest.norm();
      q.col(count++) = rest / rest.norm();
      result.kept.push_back(j);
    } else {
      const Vector u = solved(r.topLeftCorner(count, count), along);
      result.dependences.push_back({j, {u.begin(), u.end()}});
    }
  }
  for (Dependence& d : result.dependences) d.coefficients.resize(result.kept.size());
  Matrix kept_rate(D.rows(), count);
  for (Index k = 0; k < count; ++k)
    kept_rate.col(k) = D.col(result.kept[static_cast<std::size_t>(k)]);
  result.spread = to_columns(r.topLeftCorner(count, count));
  result.rate = to_columns(kept_rate);
  return result;
}

std::vector<Direction> directions(const Basis& basis, std::span<const std::int64_t> support) {
  const auto count = static_cast<Index>(support.size());
  if (count == 0) return {};
  const auto [inverse_sizes, R, D] = triangles(basis, support);
  const RightSingular ratio = right_singular(solved_on_the_right(R, D));
  const Matrix u = product(inverse_sizes, solved(R, ratio.vectors));
  std::vector<Direction> result;
  for (Index j = count - 1; j >= 0; --j) {
    const Vector column = u.col(j);
    const double score = j < ratio.values.size() ? ratio.values[j] : 0;
    result.push_back({{column.begin(), column.end()}, score});
  }
  return result;
}

double least_score(const Basis& basis, std::int64_t skipped) {
  if (std::ssize(basis.kept) <= skipped) return 1;
  std::vector<std::int64_t> all(basis.kept.size());
  std::iota(all.begin(), all.end(), 0);
  const auto [inverse_sizes, R, D] = triangles(basis, all);
  // with fewer rates than features some combination has none
  return D.rows() < D.cols() ? 0 : small_singular_value(solved_on_the_right(R, D), skipped);
}

}  // namespace noether::learn::symbolic
