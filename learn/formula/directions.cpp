#include "learn/formula/directions.h"

#include <algorithm>
#include <array>
#include <cmath>

namespace noether::learn::symbolic {

namespace {

constexpr double tolerance = 1e-9;  // a gradient has an error of some 1e-14 near states of order 1
constexpr double cell = 1e-6;       // much more than the tolerance

struct Slope {
  double value = 0;
  std::vector<double> gradient;
};

// The derivatives of an operation of one or two operands in each.
std::array<double, 2> partials(const Node& n, std::span<const Slope> a) {
  const double x = a[0].value, y = a.size() > 1 ? a[1].value : 0;
  switch (n.op) {
    case Op::add:
      return {1, 1};
    case Op::subtract:
      return {1, -1};
    case Op::multiply:
      return {y, x};
    case Op::divide:
      return {1 / y, -x / (y * y)};
    case Op::sin:
      return {std::cos(x), 0};
    case Op::cos:
      return {-std::sin(x), 0};
    case Op::square:
      return {2 * x, 0};
    case Op::negate:
      return {-1, 0};
    case Op::sqrt:
      return {0.5 / std::sqrt(x), 0};
    case Op::exp:
      return {std::exp(x), 0};
    case Op::log:
      return {1 / x, 0};
    default:
      return {n.value * std::pow(x, n.value - 1), 0};  // power
  }
}

}  // namespace

std::vector<double> gradient(const Expression& e, std::span<const double> state,
                             std::span<const double> parameters) {
  return fold<Slope>(e,
                     [&](const Node& n, std::span<const Slope> a) {
                       Slope result{.gradient = std::vector<double>(state.size())};
                       if (n.op == Op::input)
                         result.gradient[static_cast<std::size_t>(n.index)] = 1;
                       if (a.empty()) {
                         result.value = evaluate(Expression(n), state, parameters);
                         return result;
                       }
                       const auto slopes = partials(n, a);
                       for (std::size_t k = 0; k < a.size(); ++k) {
                         for (std::size_t i = 0; i < state.size(); ++i) {
                           result.gradient[i] += slopes[k] * a[k].gradient[i];
                         }
                       }
                       const std::array values{a[0].value, a.back().value};
                       result.value = apply(n, std::span(values).first(a.size()));
                       return result;
                     })
      .gradient;
}

Directions::Directions(int inputs) {
  // fractions of multiples of the golden ratio: no two related, of either sign
  int k = 0;
  const auto next = [&] {
    const double fraction = std::fmod(++k * 0.6180339887498949, 1.0);
    return (0.3 + 1.5 * fraction) * (k % 3 == 0 ? -1 : 1);
  };
  for (int state = 0; state < 8; ++state) {
    std::vector<double>& x = states_.emplace_back();
    for (int i = 0; i < inputs; ++i) x.push_back(next());
  }
}

// Unit vectors, the first number of each that is not 0 positive; nothing where one is not finite.
// Empty where all gradients vanish.
std::optional<std::vector<double>> Directions::at_all_states(const Expression& e,
                                                             double parameter) const {
  std::vector<double> parameters, result;
  for (int i = 0; i < e.parameter_count(); ++i) {
    parameters.push_back(parameter * (1 + 0.7548776662466927 * i));
  }
  double largest = 0;
  for (const auto& x : states_) {
    const std::vector<double> g = gradient(e, x, parameters);
    double squares = 0;
    for (const double v : g) squares += v * v;
    const double length = std::sqrt(squares);
    if (!std::isfinite(length)) return {};
    largest = std::max(largest, length);
    const auto lead =
        std::ranges::find_if(g, [&](double v) { return std::abs(v) > tolerance * length; });
    const double scale = lead == g.end() ? 0 : std::copysign(1 / length, *lead);
    for (const double v : g) result.push_back(v * scale);
  }
  if (largest < tolerance) result.clear();
  return result;
}

bool Directions::known(const std::vector<double>& directions) const {
  const auto near = std::llround(directions[0] / cell);
  const auto last = known_.upper_bound(near + 1);
  return std::any_of(known_.lower_bound(near - 1), last, [&](const auto& entry) {
    return std::ranges::equal(entry.second, directions,
                              [](double a, double b) { return std::abs(a - b) < tolerance; });
  });
}

bool Directions::seen(const Expression& e) {
  const auto directions = at_all_states(e, 0.8);
  if (!directions) return false;
  if (directions->empty()) return true;
  if (e.parameter_count() > 0) {
    const auto others = at_all_states(e, -1.3);
    return known(*directions) && others && !others->empty() && known(*others);
  }
  if (known(*directions)) return true;
  known_.emplace(std::llround((*directions)[0] / cell), *directions);
  return false;
}

}  // namespace noether::learn::symbolic
