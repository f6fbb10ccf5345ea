#pragma once

// What a quantity is measured in, and which formulas therefore make sense.

#include <compare>
#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "learn/formula/expression.h"

namespace noether::learn::symbolic {

// A fraction in lowest terms with a positive denominator; its order is any.
struct Rational {
  std::int64_t numerator = 0;
  std::int64_t denominator = 1;

  auto operator<=>(const Rational&) const = default;
};

// Powers of base symbols, none of them to the zeroth: kg m^2/s^2 is {kg: 1, m: 2, s: -2}, and
// dimensionless is {}. An angle, rad, is a symbol like others. The order is any.
struct Unit {
  std::map<std::string, Rational> powers = {};

  auto operator<=>(const Unit&) const = default;
};

// The unit of a text such as "kg m^2/s^2", "1/s", "rad", "s^-1" or "m^0.5", read from left to
// right; J, N, Hz and W are known, any other word is a base symbol. "" is nothing said: a unit that
// fits everywhere, nullopt here and below. Throws UsageError where it does not parse.
std::optional<Unit> parse_unit(std::string_view text);

// "kg m^2/s^2"; "1" where dimensionless.
std::string to_string(const Unit& unit);

Unit operator*(const Unit& a, const Unit& b);

// unit^exponent; throws UsageError unless the exponent is a fraction with a denominator up to 100.
Unit power(const Unit& unit, double exponent);

// The unit of the formula of inputs in these units. A parameter has whatever unit its place needs,
// so what it multiplies is free too; a number is dimensionless. Throws UsageError where different
// units are added, sin or cos take something other than an angle, or exp or log something that is
// neither an angle nor dimensionless.
std::optional<Unit> unit_of(const Expression& e, std::span<const std::optional<Unit>> inputs);

// The same for one operation on quantities in the units a.
std::optional<Unit> unit_of(const Node& operation, std::span<const std::optional<Unit>> a);

}  // namespace noether::learn::symbolic
