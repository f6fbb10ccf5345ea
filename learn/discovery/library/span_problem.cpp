#include "learn/discovery/library/span_problem.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include "learn/discovery/gradient_columns.h"
#include "learn/discovery/natural_size.h"
#include "learn/discovery/points.h"

namespace noether::learn::symbolic {
namespace {

// The directions in which the states differ or move, [D, m]; in others there is no offset to find.
Matrix free_directions(const Trajectories& data) {
  const Matrix x = to_matrix(data.x), v = to_matrix(data.dx_dt);
  const Matrix centred = x.rowwise() - x.colwise().mean();
  const auto [values, vectors] =
      symmetric_eigen(transposed_product(centred, centred) + transposed_product(v, v));
  Index still = 0;
  while (values[still] <= 1e-13 * values.maxCoeff()) ++still;
  return vectors.rightCols(values.size() - still);
}

}  // namespace

SpanProblem::SpanProblem(const Trajectories& given, const FeaturesOf& features, double start,
                         bool c_is_free, const SpanOptions& options)
    : given_(given),
      features_of_(features),
      c_is_free_(c_is_free),
      free_(free_directions(given)),
      metric_(metric(given)),
      root_(std::sqrt(static_cast<double>(given.points()))),
      starts_(given.starts()) {
  const std::vector<Expression> all = features(start);
  kept_ = basis(slopes(all, given, metric_), options.dependence).kept;
}

Matrix across(const State& at) {
  const Index k = at.unknowns.functions.cols(), K = at.spread.cols();
  if (k == 0) return Matrix::Identity(K, K);
  return complement(product(at.spread, at.unknowns.functions));
}

Trajectories SpanProblem::moved(const Matrix& offsets) const {
  const Matrix by = product(free_, offsets);
  return with_offsets_added(given_, {by.data(), static_cast<std::size_t>(by.size())});
}

// The functions are made orthonormal in the metric at these states.
State SpanProblem::state_at(Unknowns unknowns) const {
  const Slopes s = slopes(features_at(unknowns.c), moved(unknowns.offsets), metric_);
  State result{std::move(unknowns), to_matrix(s.rate) / root_, {}, 0};
  Unknowns& at = result.unknowns;
  result.spread = triangle(to_matrix(s.spread) / root_);
  if (at.functions.cols() > 0) {
    at.functions = solved(result.spread, orthonormal(product(result.spread, at.functions)));
  }
  const double rates = product(result.rates, at.functions).squaredNorm();
  result.sum =
      rates * std::pow(root_ / resolution_, 2) + at.offsets.squaredNorm() / given_.offset_variance;
  return result;
}

// Of each feature along each free direction: the Hessian times v, by central differences along v.
std::vector<Matrix> SpanProblem::rates_by_offsets(const State& at) const {
  const double step = 1e-5 * natural_size(1 / std::sqrt(metric_.square_rate));
  Trajectories ahead = moved(at.unknowns.offsets), behind = ahead;
  for (std::size_t d = 0; d < ahead.x.size(); ++d) {
    for (std::size_t i = 0; i < ahead.x[d].size(); ++i) {
      ahead.x[d][i] += step * given_.dx_dt[d][i];
      behind.x[d][i] -= step * given_.dx_dt[d][i];
    }
  }
  std::vector<Matrix> result(static_cast<std::size_t>(free_.cols()), at.rates);
  const std::vector<Expression> features = features_at(at.unknowns.c);
  for (Index k = 0; k < at.rates.cols(); ++k) {
    const Expression& feature = features[static_cast<std::size_t>(k)];
    const Matrix difference = to_matrix(gradient_columns(feature, ahead.x).gradient) -
                              to_matrix(gradient_columns(feature, behind.x).gradient);
    const Matrix along = product(difference, free_) / (2 * step * root_);
    for (Index m = 0; m < along.cols(); ++m)
      result[static_cast<std::size_t>(m)].col(k) = along.col(m);
  }
  return result;
}

Jacobian SpanProblem::jacobian(const State& at) const {
  const Matrix& functions = at.unknowns.functions;
  const Index k = functions.cols(), K = functions.rows(), m = free_.cols();
  const Index N = given_.count;
  const double weight = root_ / resolution_;
  // functions change within what is orthogonal to them
  const Matrix by_function = weight * product(at.rates, solved(at.spread, across(at)));
  const Matrix rates = weight * product(at.rates, functions);
  std::vector<Matrix> by_offset = rates_by_offsets(at);
  for (Matrix& each : by_offset) each = weight * product(each, functions);
  Matrix by_c = Matrix::Zero(rates.rows(), c_is_free_ ? k : 0);
  if (c_is_free_) {
    const double h = 1e-6 * std::abs(at.unknowns.c);
    const Slopes s = slopes(features_at(at.unknowns.c + h), moved(at.unknowns.offsets), metric_);
    by_c = weight * product(to_matrix(s.rate) / root_ - at.rates, functions) / h;
  }
  const Index rows = given_.points() * k;
  Jacobian J{Matrix::Zero(rows, k * (K - k) + (c_is_free_ ? 1 : 0)), Matrix(rows, m), Vector(rows)};
  for (Index t = 0; t < N; ++t) {
    const Index first = first_of(t), T = first_of(t + 1) - first;
    for (Index l = 0; l < k; ++l) {
      const Index row = first * k + l * T;
      J.rest.segment(row, T) = rates.col(l).segment(first, T);
      J.by_parameters.block(row, l * (K - k), T, K - k) = by_function.middleRows(first, T);
      if (c_is_free_)
        J.by_parameters.rightCols(1).middleRows(row, T) = by_c.col(l).segment(first, T);
      for (Index d = 0; d < m; ++d) {
        J.by_offsets.col(d).segment(row, T) =
            by_offset[static_cast<std::size_t>(d)].col(l).segment(first, T);
      }
    }
  }
  return J;
}

OffsetSize SpanProblem::offset_size(const State& at) const {
  const double variance = given_.offset_variance;
  OffsetSize size{.chi_square = at.unknowns.offsets.squaredNorm() / variance};
  const Matrix by_offsets = jacobian(at).by_offsets;
  const Index k = at.unknowns.functions.cols();
  for (Index t = 0; t < given_.count; ++t) {
    const Index first = k * first_of(t), rows = k * first_of(t + 1) - first;
    size.degrees += effective_rank(by_offsets.middleRows(first, rows), 1 / variance);
  }
  return size;
}

// Where a damped Gauss-Newton step leads, offsets eliminated by their Schur complement.
Unknowns SpanProblem::step(const State& at, const Jacobian& J, double damping) const {
  Unknowns to = at.unknowns;
  const Index k = to.functions.cols(), K = to.functions.rows(), m = free_.cols();
  const double variance = given_.offset_variance;
  Matrix schur = transposed_product(J.by_parameters, J.by_parameters);
  schur.diagonal() *= 1 + damping;
  schur.diagonal().array() += 1e-300;
  Vector right = transposed_product(J.by_parameters, J.rest);
  struct Own {
    SymmetricSolver inverse;
    Matrix coupling;
    Vector gradient;
  };
  std::vector<Own> owns;
  for (Index t = 0; t < given_.count; ++t) {
    const Index first = k * first_of(t), rows = k * first_of(t + 1) - first;
    const Matrix own = J.by_offsets.middleRows(first, rows);
    Matrix normal = transposed_product(own, own) + Matrix::Identity(m, m) / variance;
    normal.diagonal() *= 1 + damping;
    owns.push_back({SymmetricSolver(normal),
                    transposed_product(J.by_parameters.middleRows(first, rows), own),
                    transposed_product(own, Vector(J.rest.segment(first, rows))) +
                        to.offsets.col(t) / variance});
    const auto& [inverse, coupling, gradient] = owns.back();
    schur -= product(coupling, inverse.solve(Matrix(coupling.transpose())));
    right -= product(coupling, inverse.solve(gradient));
  }
  const Vector change = -SymmetricSolver(schur).solve(right);
  const Matrix directions = solved(at.spread, across(at));
  for (Index l = 0; l < k; ++l)
    to.functions.col(l) += product(directions, Vector(change.segment(l * (K - k), K - k)));
  if (c_is_free_) to.c += change[change.size() - 1];
  for (Index t = 0; t < given_.count; ++t) {
    const Own& own = owns[static_cast<std::size_t>(t)];
    to.offsets.col(t) -=
        own.inverse.solve(Vector(own.gradient + transposed_product(own.coupling, change)));
  }
  return to;
}

}  // namespace noether::learn::symbolic
