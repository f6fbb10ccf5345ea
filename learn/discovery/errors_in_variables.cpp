#include "learn/discovery/errors_in_variables.h"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <utility>

#include "learn/discovery/damped_descent.h"
#include "learn/discovery/matrix.h"

namespace noether::learn::symbolic {

namespace {

struct Unknowns {
  Vector parameters;  // [k]
  Matrix offsets;     // [D, N]
};

struct State {
  Unknowns unknowns;
  Vector r;    // residuals, weighted and over the resolution; [n]
  double sum;  // of squares, with that of the offsets
};

// The columns of the coordinates that the program reads, ascending.
std::vector<std::size_t> read_by(const Program& program) {
  std::vector<std::size_t> columns;
  for (const Instruction& i : program.instructions) {
    if (i.op == Op::input) columns.push_back(static_cast<std::size_t>(i.index));
  }
  std::ranges::sort(columns);
  columns.erase(std::ranges::unique(columns).begin(), columns.end());
  return columns;
}

// The program for points that have these columns only.
Program restricted(Program program, const std::vector<std::size_t>& columns) {
  for (Instruction& i : program.instructions) {
    if (i.op != Op::input) continue;
    const auto at = std::ranges::find(columns, static_cast<std::size_t>(i.index));
    i.index = static_cast<std::int32_t>(at - columns.begin());
  }
  return program;
}

// In the coordinates that the formula reads: the others have no offsets, and cost nothing.
class Problem {
 public:
  Problem(const Program& program, const Points& points, const OffsetDescent& options)
      : columns_(read_by(program)),
        program_(restricted(program, columns_)),
        points_(restricted(points, columns_)),
        moved_(points_),
        options_(options),
        machine_(static_cast<int>(columns_.size())) {
    for (const std::size_t trajectory : points_.trajectories())
      first_offset_.push_back(static_cast<std::uint32_t>(trajectory * columns_.size()));
  }

  const std::vector<std::size_t>& columns() const { return columns_; }

  Vector residuals_at(const Unknowns& at) {
    const std::span<const double> c(at.parameters.data(),
                                    static_cast<std::size_t>(at.parameters.size()));
    const std::span<const double> offsets(at.offsets.data(),
                                          static_cast<std::size_t>(at.offsets.size()));
    move_to(offsets);
    const std::vector<double> r = residuals(program_, moved_, c, machine_);
    Vector result(static_cast<Index>(points_.count));
    for (std::size_t i = 0; i < points_.count; ++i) {
      const double weight = options_.weights.empty() ? 1 : options_.weights[i];
      result(static_cast<Index>(i)) = std::sqrt(weight) * r[i] / options_.resolution;
    }
    return result;
  }

  State state_at(Unknowns at) {
    Vector r = residuals_at(at);
    const double sum = r.squaredNorm() + at.offsets.squaredNorm() / options_.variance;
    return {std::move(at), std::move(r), sum};
  }

  // The size of a coordinate, and at least that of an offset.
  double size_of(std::size_t coordinate) const {
    double size = std::sqrt(options_.variance);
    for (std::size_t i = coordinate; i < points_.x.size(); i += points_.dimension) {
      for (const double x : points_.x[i]) size = std::max(size, std::abs(x));
    }
    return size;
  }

  // d r / d(parameters, offsets of its own trajectory) by forward differences, [n, k + D]: one
  // evaluation moves a coordinate of all trajectories at once.
  Matrix jacobian(const Unknowns& at, const Vector& r) {
    const Index k = at.parameters.size();
    Matrix J(r.size(), k + at.offsets.rows());
    for (Index j = 0; j < J.cols(); ++j) {
      Unknowns next = at;
      double h = 1.5e-8;  // half of the digits of what it is added to
      if (j < k) {
        const double size =
            options_.sizes.empty() ? 1 : options_.sizes[static_cast<std::size_t>(j)];
        h *= std::max(std::abs(at.parameters(j)), 1e-3 * size);
        next.parameters(j) += h;
      } else {
        h *= size_of(static_cast<std::size_t>(j - k));
        next.offsets.row(j - k).array() += h;
      }
      J.col(j) = (residuals_at(next) - r) / h;
    }
    return J;
  }

  // Where a damped Gauss-Newton step leads.
  Unknowns step(const Unknowns& from, const Matrix& J, const Vector& r, double damping) const;

 private:
  // moved_ are the points with these offsets; memory is kept, as this is done very often
  void move_to(std::span<const double> offsets) {
    const std::size_t dimension = points_.dimension;
    for (std::size_t pack = 0; pack < points_.packs(); ++pack) {
      const std::uint32_t* first = first_offset_.data() + pack * base::pack_lanes;
      for (std::size_t d = 0; d < dimension; ++d) {
        const Lanes& from = points_.x[pack * dimension + d];
        Lanes& to = moved_.x[pack * dimension + d];
        const double* own = offsets.data() + d;
        for (std::size_t lane = 0; lane < base::pack_lanes; ++lane)
          to[lane] = from[lane] + own[first[lane]];
      }
    }
  }

  std::vector<std::size_t> columns_;
  Program program_;
  Points points_;
  Points moved_;
  std::vector<std::size_t> trajectories_;  // of the points
  const OffsetDescent& options_;
  Machine machine_;
  std::vector<std::uint32_t> first_offset_ = {};  // of each point
};

Unknowns Problem::step(const Unknowns& from, const Matrix& J, const Vector& r,
                       double damping) const {
  const Index k = from.parameters.size(), d = from.offsets.rows(), n = from.offsets.cols();
  const std::vector<std::int64_t>& starts = points_.starts;
  const auto first = [&](Index t) { return starts[static_cast<std::size_t>(t)]; };
  const auto length = [&](Index t) { return first(t + 1) - first(t); };
  const auto damp = [damping](Matrix H) {
    H.diagonal() *= 1 + damping;
    return H;
  };
  // the normal equations of a trajectory: [. E; E^T H] [dc; delta] = [.; g]
  const auto inverse_of = [&](Index t) {
    const Matrix own = J.block(first(t), k, length(t), d);
    return SymmetricSolver(
        damp(transposed_product(own, own) + Matrix::Identity(d, d) / options_.variance));
  };
  const auto gradient_of = [&](Index t) -> Vector {
    return transposed_product(J.block(first(t), k, length(t), d),
                              Vector(r.segment(first(t), length(t)))) +
           from.offsets.col(t) / options_.variance;
  };
  const auto coupling_of = [&](Index t) -> Matrix {
    return transposed_product(J.block(first(t), 0, length(t), k),
                              Matrix(J.block(first(t), k, length(t), d)));
  };
  Vector dc = Vector::Zero(k);
  if (k > 0) {
    const Matrix by_parameters = J.leftCols(k);
    Matrix schur = damp(transposed_product(by_parameters, by_parameters));
    schur.diagonal().array() += 1e-300;
    Vector right = transposed_product(by_parameters, r);
    for (Index t = 0; t < n; ++t) {
      const SymmetricSolver inverse = inverse_of(t);
      const Matrix coupling = coupling_of(t);
      schur -= product(coupling, inverse.solve(Matrix(coupling.transpose())));
      right -= product(coupling, inverse.solve(gradient_of(t)));
    }
    dc = SymmetricSolver(schur).solve(right);
  }
  Unknowns to = from;
  to.parameters = (from.parameters - dc).cwiseMax(-options_.bound).cwiseMin(options_.bound);
  for (Index t = 0; t < n; ++t) {
    to.offsets.col(t) -=
        inverse_of(t).solve(Vector(gradient_of(t) - transposed_product(coupling_of(t), dc)));
  }
  return to;
}

OffsetFit result_of(Problem& problem, const Points& points, const State& end,
                    const OffsetDescent& options) {
  const Unknowns& at = end.unknowns;
  const Vector r = options.resolution * end.r;
  // none where the formula is blind
  Matrix offsets = Matrix::Zero(static_cast<Index>(points.dimension), at.offsets.cols());
  for (std::size_t i = 0; i < problem.columns().size(); ++i)
    offsets.row(static_cast<Index>(problem.columns()[i])) = at.offsets.row(static_cast<Index>(i));
  OffsetFit fit{.parameters = {at.parameters.begin(), at.parameters.end()},
                .offsets = {offsets.data(), offsets.data() + offsets.size()},
                .score = r.squaredNorm() / static_cast<double>(r.size()),
                .offset_size = {.chi_square = at.offsets.squaredNorm() / options.variance}};
  const Matrix J = problem.jacobian(at, end.r);
  const Index d = at.offsets.rows();
  for (std::size_t t = 0; t + 1 < points.starts.size(); ++t) {
    const Index first = points.starts[t], length = points.starts[t + 1] - first;
    fit.offset_size.degrees +=
        effective_rank(J.block(first, J.cols() - d, length, d), 1 / options.variance);
  }
  return fit;
}

}  // namespace

OffsetFit descended_with_offsets(const Program& program, const Points& points, OffsetFit start,
                                 const OffsetDescent& options) {
  const auto d = static_cast<Index>(points.dimension);
  const Index n = std::ssize(points.starts) - 1;
  Problem problem(program, points, options);
  const auto& columns = problem.columns();
  Unknowns from{
      .parameters = Eigen::Map<const Vector>(start.parameters.data(), std::ssize(start.parameters)),
      .offsets = Matrix::Zero(std::ssize(columns), n)};
  if (!start.offsets.empty()) {
    const Eigen::Map<const Matrix> offsets(start.offsets.data(), d, n);
    for (std::size_t i = 0; i < columns.size(); ++i)
      from.offsets.row(static_cast<Index>(i)) = offsets.row(static_cast<Index>(columns[i]));
  }
  const auto linearised = [&](const State& at) {
    return [&, J = problem.jacobian(at.unknowns, at.r)](double damping) {
      return problem.state_at(problem.step(at.unknowns, J, at.r, damping));
    };
  };
  const State end = damped_descent(problem.state_at(std::move(from)), options.steps,
                                   options.tolerance, linearised);
  return result_of(problem, points, end, options);
}

double resolution_of(double score) { return std::max(std::sqrt(score), 1e-6); }

OffsetFit fitted_with_offsets(const Program& program, const Points& points, OffsetFit start,
                              OffsetDescent options) {
  OffsetFit first = descended_with_offsets(program, points, std::move(start), options);
  if (first.score > kept_score) return first;  // larger offsets than it may have do not keep it
  options.resolution = resolution_of(first.score);
  return descended_with_offsets(program, points, std::move(first), options);
}

}  // namespace noether::learn::symbolic
