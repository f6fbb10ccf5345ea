#include "learn/discovery/library/conserved_span.h"

#include <algorithm>
#include <utility>

#include "learn/discovery/damped_descent.h"
#include "learn/discovery/library/span_problem.h"

namespace noether::learn::symbolic {
namespace {

// Of the functions across those of the state, the one that changes least joins them; after
// `skipped` others, the next.
Unknowns with_one_more(const State& at, Index skipped) {
  const Index k = at.unknowns.functions.cols(), K = at.spread.cols();
  const Matrix directions = solved(at.spread, across(at));
  const RightSingular ratio = right_singular(triangle(product(at.rates, directions)));
  Unknowns result = at.unknowns;
  result.functions.conservativeResize(K, k + 1);
  result.functions.col(k) =
      product(directions, Vector(ratio.vectors.col(ratio.vectors.cols() - 1 - skipped)));
  return result;
}

double worst_rate(const State& at) {
  return product(at.rates, at.unknowns.functions).colwise().norm().maxCoeff();
}

// Descents at resolutions that follow what they leave.
State descended(SpanProblem& problem, Unknowns from) {
  State at = problem.state_at(std::move(from));
  for (int round = 0; round < 40; ++round) {
    const double before = worst_rate(at);
    problem.set_resolution(std::max(before, 1e-6));
    at = damped_descent(problem.state_at(std::move(at.unknowns)), 15, 1e-3, [&](const State& now) {
      return [&, J = problem.jacobian(now)](double damping) {
        return problem.state_at(problem.step(now, J, damping));
      };
    });
    if (worst_rate(at) > 0.9 * before || before < 1e-6) break;
  }
  return at;
}

}  // namespace

ConservedSpan conserved_span(const Trajectories& given, const FeaturesOf& features, double start,
                             bool c_is_free, const SpanOptions& options) {
  SpanProblem problem(given, features, start, c_is_free, options);
  State best = problem.state_at(problem.start(start));
  ConservedSpan result;
  int skipped = 0;
  while (result.functions + skipped <
         std::min<Index>(options.most_functions, problem.features() - 1)) {
    State next = descended(problem, with_one_more(best, skipped));
    const double rms_sine = worst_rate(next);
    const OffsetSize offset_size = problem.offset_size(next);
    const bool is_still = rms_sine <= options.tolerance;
    if (is_still && excess(offset_size) <= most_excess) {
      best = std::move(next);
      ++result.functions;
      skipped = 0;
      result.rms_sine = rms_sine;
      result.offset_size = offset_size;
      continue;
    }
    if (result.functions == 0 && skipped == 0) {
      result.rms_sine = rms_sine;
      result.offset_size = offset_size;
    }
    // a descent that ended at large offsets, or the first one near to a law, may have missed one;
    // where nothing is conserved, all end far from it
    const bool is_near = result.functions == 0 && rms_sine <= 100 * options.tolerance;
    const bool try_next = is_still || is_near;
    if (!try_next || ++skipped == options.starts) break;
  }
  result.moved = problem.moved(best.unknowns.offsets);
  result.c = best.unknowns.c;
  return result;
}

}  // namespace noether::learn::symbolic
