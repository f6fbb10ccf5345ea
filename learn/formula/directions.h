#pragma once

// Laws that are functions of one another, told by their gradients.

#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <vector>

#include "learn/formula/expression.h"
#include "learn/formula/program.h"

namespace noether::learn::symbolic {

// Derivatives of the formula in every input.
std::vector<double> gradient(const Expression& e, std::span<const double> state,
                             std::span<const double> parameters);

// Functions of one another have gradients that point the same or the opposite way everywhere. This
// remembers the ways at eight fixed states.
class Directions {
 public:
  explicit Directions(int inputs);

  // Whether the formula is a constant, or a function of one that was seen before, to a relative
  // 1e-9, whatever its parameters. One without parameters is remembered.
  bool seen(const Expression& e);

 private:
  std::optional<std::vector<double>> at_all_states(const Expression& e, double parameter);
  bool known(const std::vector<double>& directions) const;
  static std::int64_t place_of(const std::vector<double>& directions);

  std::vector<Lanes> states_;  // a pack for each input, of which the first eight lanes count
  Machine machine_;
  // by their places
  std::multimap<std::int64_t, std::vector<double>> known_;
};

}  // namespace noether::learn::symbolic
