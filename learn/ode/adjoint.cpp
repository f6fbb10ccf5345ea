#include "learn/ode/adjoint.h"

#include <tuple>
#include <utility>

#include "learn/autodiff/custom.h"
#include "learn/autodiff/ops.h"
#include "learn/autodiff/transforms.h"

namespace noether::learn {

namespace {

Tensors part_of(const Tensors& all, std::size_t begin, std::size_t count) {
  const auto first = all.begin() + static_cast<std::ptrdiff_t>(begin);
  return {first, first + static_cast<std::ptrdiff_t>(count)};
}

Tensors joined(const Tensors& a, const Tensors& h, const Tensors& g) {
  Tensors all = a;
  all.insert(all.end(), h.begin(), h.end());
  all.insert(all.end(), g.begin(), g.end());
  return all;
}

// The rates of (a, h, g), of which a and h have `parts` tensors each.
Dynamics augmented(const Dynamics& f, std::size_t parts) {
  return [f, parts](const Params& params, double t, const Tensors& state) {
    const std::pair<Params, Tensors> at{params, part_of(state, parts, parts)};
    const auto pulled =
        vjp([&](const std::pair<Params, Tensors>& x) { return f(x.first, t, x.second); }, at,
            Tape::freed);
    const auto [g, a] = pulled.pullback(part_of(state, 0, parts));
    Tensors da, dg;
    for (const Tensor& x : a) da.push_back(neg(x));
    for (const Tensor& x : g.tensors()) dg.push_back(neg(x));
    return joined(da, pulled.value, dg);
  };
}

// dL/dtheta and dL/dh0, of the states y at all times, flat, and of their cotangents.
std::tuple<Params, Tensors> pulled_back(const Dynamics& f, const Params& params, const Tensors& y,
                                        const Tensors& cotangent, const std::vector<double>& times,
                                        const OdeSolver& solver) {
  const std::size_t parts = y.size() / times.size();
  const Dynamics back = augmented(f, parts);
  Tensors a = part_of(cotangent, (times.size() - 1) * parts, parts), g;
  for (const Tensor& weight : params.tensors()) g.push_back(zeros_like(weight));
  for (std::size_t n = times.size() - 1; n > 0; --n) {
    const Tensors state = solve_to(back, params, joined(a, part_of(y, n * parts, parts), g),
                                   times[n], times[n - 1], solver);
    a = part_of(state, 0, parts);
    g = part_of(state, 2 * parts, g.size());
    for (std::size_t k = 0; k < parts; ++k) a[k] = a[k] + cotangent[(n - 1) * parts + k];
  }
  return {params.with_tensors(g), a};
}

}  // namespace

std::vector<Tensors> solve_by_adjoint(const Dynamics& f, const Params& params, const Tensors& h0,
                                      std::span<const double> times, const OdeSolver& solver) {
  const std::vector<double> at(times.begin(), times.end());
  OdeSolver plain = solver;
  plain.gradient = OdeGradient::through_solver;
  const auto forward = [f, at, plain](const Params& p, const Tensors& h) {
    Tensors flat;
    for (const Tensors& state : solve(f, p, h, at, plain))
      flat.insert(flat.end(), state.begin(), state.end());
    return flat;
  };
  const auto backward = [f, at, plain](const Params& p, const Tensors&, const Tensors& y,
                                       const Tensors& cotangent) {
    return pulled_back(f, p, y, cotangent, at, plain);
  };
  const Tensors flat = custom_vjp(forward, backward, params, h0);
  std::vector<Tensors> states;
  for (std::size_t n = 0; n < at.size(); ++n)
    states.push_back(part_of(flat, n * h0.size(), h0.size()));
  return states;
}

}  // namespace noether::learn
