#pragma once

// What conserved_span descends on: k functions of a library, offsets shared by all of them, and c.

#include <cstdint>
#include <vector>

#include "learn/discovery/library/conserved_span.h"
#include "learn/discovery/library/feature_space.h"
#include "learn/discovery/matrix.h"

namespace noether::learn::symbolic {

struct Unknowns {
  Matrix functions;  // coefficients of the features, [K, k]
  Matrix offsets;    // in the free directions, [m, N]
  double c;
};

struct State {
  Unknowns unknowns;
  Matrix rates;   // of the features over the root of n, [n, K]
  Matrix spread;  // R of their gradients in the metric, [K, K]
  double sum;     // what falls
};

// The derivatives of the rates of the functions, divided by the resolution: [n k, parameters] and
// [n k, m] for n points. The functions of one trajectory are one below the other.
struct Jacobian {
  Matrix by_parameters;
  Matrix by_offsets;
  Vector rest;
};

class SpanProblem {
 public:
  SpanProblem(const Trajectories& given, const FeaturesOf& features, double start, bool c_is_free,
              const SpanOptions& options);

  Unknowns start(double c) const {
    return {Matrix(std::ssize(kept_), 0), Matrix::Zero(free_.cols(), given_.count), c};
  }
  void set_resolution(double s) { resolution_ = s; }
  Index features() const { return std::ssize(kept_); }
  Trajectories moved(const Matrix& offsets) const;
  State state_at(Unknowns unknowns) const;
  Jacobian jacobian(const State& at) const;
  Unknowns step(const State& at, const Jacobian& J, double damping) const;
  OffsetSize offset_size(const State& at) const;

 private:
  std::vector<Expression> features_at(double c) const {
    const std::vector<Expression> all = features_of_(c);
    std::vector<Expression> result;
    for (const std::int64_t k : kept_) result.push_back(all[static_cast<std::size_t>(k)]);
    return result;
  }
  std::vector<Matrix> rates_by_offsets(const State& at) const;
  Index first_of(Index trajectory) const { return starts_[static_cast<std::size_t>(trajectory)]; }
  const Trajectories& given_;
  const FeaturesOf& features_of_;
  bool c_is_free_;
  Matrix free_;
  Metric metric_;
  double root_;
  std::vector<std::int64_t> starts_;  // of the trajectories
  double resolution_ = 1;
  std::vector<std::int64_t> kept_ = {};
};

// An orthonormal basis of the directions that are orthogonal, in the metric, to the functions of a
// state: [K, K - k].
Matrix across(const State& at);

}  // namespace noether::learn::symbolic
