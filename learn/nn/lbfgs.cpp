#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <deque>
#include <span>

#include "base/error.h"
#include "learn/autodiff/transforms.h"
#include "learn/nn/optimizers.h"

namespace noether::learn {

namespace {

using Vector = std::vector<double>;
using Function = std::function<ValueAndSlope(const Vector&)>;

double dot(const Vector& a, const Vector& b) {
  double total = 0;
  for (std::size_t i = 0; i < a.size(); ++i) total += a[i] * b[i];
  return total;
}

Vector moved(const Vector& x, double factor, const Vector& direction) {
  Vector y = x;
  for (std::size_t i = 0; i < x.size(); ++i) y[i] += factor * direction[i];
  return y;
}

double largest(const Vector& x) {
  double most = 0;
  for (const double v : x) most = std::max(most, std::abs(v));
  return most;
}

bool finite(const ValueAndSlope& at) {
  return std::isfinite(at.value) &&
         std::ranges::all_of(at.gradient, [](double g) { return std::isfinite(g); });
}

// A point and what the function is there.
struct Place {
  Vector x;
  ValueAndSlope at;
};

// s = x' - x and y = grad' - grad of one step, 1 / (s . y)
struct Pair {
  Vector s, y;
  double rho;
};

// -H grad, by the two-loop recursion (algorithm 7.4)
Vector direction(const std::deque<Pair>& pairs, const Vector& gradient) {
  Vector q = moved(Vector(gradient.size()), -1, gradient);
  Vector alpha(pairs.size());
  for (std::size_t i = pairs.size(); i-- > 0;) {
    alpha[i] = pairs[i].rho * dot(pairs[i].s, q);
    q = moved(q, -alpha[i], pairs[i].y);
  }
  // the newest curvature sets the scale; without one, a first step of length one at most
  const double scale = pairs.empty() ? 1 / std::max(1.0, std::sqrt(dot(gradient, gradient)))
                                     : 1 / (pairs.back().rho * dot(pairs.back().y, pairs.back().y));
  for (double& v : q) v *= scale;
  for (std::size_t i = 0; i < pairs.size(); ++i) {
    const double beta = pairs[i].rho * dot(pairs[i].y, q);
    q = moved(q, alpha[i] - beta, pairs[i].s);
  }
  return q;
}

// One step length and the function along the line there.
struct Trial {
  double length;
  double value;
  double slope;
  Place place;
};

// The strong Wolfe conditions along a line of descent.
class LineSearch {
 public:
  LineSearch(const Function& f, const Place& start, const Vector& direction)
      : f_(f), start_(start), direction_(direction) {
    origin_ = {0, start.at.value, dot(start.at.gradient, direction), start};
  }

  // Algorithm 3.5: lengths double until an interval holds a good one. Returns the start itself
  // where no decrease was found.
  Place run() const {
    Trial before = origin_;
    double length = 1;
    for (int i = 0; i < 20; ++i, length *= 2) {
      const Trial now = at(length);
      if (!decreases(now) || (i > 0 && now.value >= before.value)) return zoom(before, now).place;
      if (flat(now)) return now.place;
      if (now.slope >= 0) return zoom(now, before).place;
      before = now;
    }
    return before.place;
  }

 private:
  Trial at(double length) const {
    Place place{moved(start_.x, length, direction_), {}};
    place.at = f_(place.x);
    // a value that is none counts as a wall
    if (!finite(place.at)) return {length, HUGE_VAL, HUGE_VAL, start_};
    return {length, place.at.value, dot(place.at.gradient, direction_), place};
  }
  bool decreases(const Trial& t) const {
    return t.value <= origin_.value + 1e-4 * t.length * origin_.slope;
  }
  bool flat(const Trial& t) const { return std::abs(t.slope) <= -0.9 * origin_.slope; }

  // Algorithm 3.6: the interval between `low`, the best so far, and `high` shrinks around a good
  // length.
  Trial zoom(Trial low, Trial high) const {
    for (int i = 0; i < 40; ++i) {
      const Trial now = at(between(low, high));
      if (!decreases(now) || now.value >= low.value) {
        high = now;
        continue;
      }
      if (flat(now)) return now;
      if (now.slope * (high.length - low.length) >= 0) high = low;
      low = now;
    }
    return low;
  }

  // the minimum of the parabola through both values and the slope at `low`, kept off the ends
  static double between(const Trial& low, const Trial& high) {
    const double width = high.length - low.length;
    const double bend = high.value - low.value - low.slope * width;
    const double share = -low.slope * width / (2 * bend);
    return low.length + width * (std::isfinite(share) ? std::clamp(share, 0.1, 0.9) : 0.5);
  }

  const Function& f_;
  const Place& start_;
  const Vector& direction_;
  Trial origin_;
};

void remember(std::deque<Pair>& pairs, const Place& from, const Place& to, int memory) {
  Pair pair{moved(to.x, -1, from.x), moved(to.at.gradient, -1, from.at.gradient), 0};
  const double curvature = dot(pair.s, pair.y);
  // the Wolfe conditions make it positive; rounding can take that away
  if (!(curvature > 1e-16 * dot(pair.y, pair.y))) return;
  pair.rho = 1 / curvature;
  pairs.push_back(std::move(pair));
  if (static_cast<int>(pairs.size()) > memory) pairs.pop_front();
}

}  // namespace

Minimum minimize(const Lbfgs& options, const Function& f, const Vector& start) {
  Place here{start, f(start)};
  if (!finite(here.at))
    throw base::NumericalError("L-BFGS: the function is not finite at the start");
  std::deque<Pair> pairs;
  int steps = 0;
  while (steps < options.steps && largest(here.at.gradient) > options.gradient_tolerance) {
    const Vector way = direction(pairs, here.at.gradient);
    if (!(dot(way, here.at.gradient) < 0)) break;
    Place next = LineSearch(f, here, way).run();
    const double decrease = here.at.value - next.at.value;
    if (!(decrease > 0)) {
      // old curvature may mislead: once more along the gradient
      if (pairs.empty()) break;
      pairs.clear();
      continue;
    }
    ++steps;
    remember(pairs, here, next, options.memory);
    here = std::move(next);
    if (decrease <= options.change_tolerance * std::max(std::abs(here.at.value), 1e-300)) break;
  }
  return {here.x, here.at.value, steps};
}

Params minimize(const Lbfgs& options, const std::function<Tensor(const Params&)>& loss,
                const Params& start) {
  const Params exact = cast(start, DType::f64);
  const Tensors like = exact.tensors();
  const auto weights = [&](const Vector& x) {
    const auto n = static_cast<std::int64_t>(x.size());
    return exact.with_tensors(unravel(like, Tensor::from<double>(x, {n})));
  };
  const Minimum found = minimize(
      options,
      [&](const Vector& x) {
        const auto [value, gradient] = value_and_grad(loss, weights(x));
        return ValueAndSlope{value.item(), ravel(gradient.tensors()).to_vector()};
      },
      ravel(like).to_vector());
  const Params minimum = weights(found.x);
  return map(start, [&, i = std::size_t{0}](const Tensor& x) mutable {
    return cast(minimum.tensors()[i++], x.dtype());
  });
}

}  // namespace noether::learn
