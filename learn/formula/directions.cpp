#include "learn/formula/directions.h"

#include <algorithm>
#include <cmath>

#include "base/pack.h"

namespace noether::learn::symbolic {

namespace {

constexpr double tolerance = 1e-9;  // a gradient has an error of some 1e-14 near states of order 1
// Equal directions lie in cells side by side: the tolerances of up to 1,000 numbers fit into one.
constexpr double cell = 1e-6;

constexpr std::size_t state_count = 8;

}  // namespace

std::vector<double> gradient(const Expression& e, std::span<const double> state,
                             std::span<const double> parameters) {
  std::vector<Lanes> x(state.size());
  for (std::size_t i = 0; i < state.size(); ++i) x[i].fill(state[i]);
  Machine machine(static_cast<int>(state.size()));
  std::vector<double> result;
  for (const base::Pack& partial : machine.run(compile(e), x, parameters).subspan(1))
    result.push_back(base::lanes(partial)[0]);
  return result;
}

Directions::Directions(int inputs) : states_(static_cast<std::size_t>(inputs)), machine_(inputs) {
  // fractions of multiples of the golden ratio: no two related, of either sign
  int k = 0;
  const auto next = [&] {
    const double fraction = std::fmod(++k * 0.6180339887498949, 1.0);
    return (0.3 + 1.5 * fraction) * (k % 3 == 0 ? -1 : 1);
  };
  for (std::size_t state = 0; state < state_count; ++state) {
    for (Lanes& x : states_) x[state] = next();
  }
  for (Lanes& x : states_) std::fill(x.begin() + state_count, x.end(), x.front());
}

// Unit vectors, the first number of each that is not 0 positive; nothing where one is not finite.
// Empty where all gradients vanish.
std::optional<std::vector<double>> Directions::at_all_states(const Expression& e,
                                                             double parameter) {
  std::vector<double> parameters, result;
  for (int i = 0; i < e.parameter_count(); ++i) {
    parameters.push_back(parameter * (1 + 0.7548776662466927 * i));
  }
  std::vector<Lanes> partials;
  for (const base::Pack& partial : machine_.run(compile(e), states_, parameters).subspan(1))
    partials.push_back(base::lanes(partial));
  double largest = 0;
  std::vector<double> g(partials.size());
  for (std::size_t state = 0; state < state_count; ++state) {
    for (std::size_t i = 0; i < g.size(); ++i) g[i] = partials[i][state];
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

// A weighted sum of all numbers: equal directions have it within the tolerance, and few others do.
std::int64_t Directions::place_of(const std::vector<double>& directions) {
  double sum = 0, weight = 0;
  for (const double number : directions) {
    weight = std::fmod(weight + 0.6180339887498949, 1.0);
    sum += weight * number;
  }
  return std::llround(sum / cell);
}

bool Directions::known(const std::vector<double>& directions) const {
  const std::int64_t place = place_of(directions);
  const auto last = known_.upper_bound(place + 1);
  return std::any_of(known_.lower_bound(place - 1), last, [&](const auto& entry) {
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
  known_.emplace(place_of(*directions), *directions);
  return false;
}

}  // namespace noether::learn::symbolic
