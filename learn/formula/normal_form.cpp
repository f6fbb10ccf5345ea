// Algebra on normal forms.

#include "learn/formula/normal_form.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <optional>
#include <utility>

#include "base/error.h"

namespace noether::learn::symbolic {

namespace {

constexpr std::size_t most_terms = 1024;

bool is_integer(double value) { return value == std::round(value); }
bool is_even(double value) { return is_integer(value / 2); }

// An exponent that is whole up to roundings, 1/3 + 2/3, is whole.
double snapped(double exponent) {
  return std::abs(exponent - std::round(exponent)) < 1e-12 ? std::round(exponent) : exponent;
}

double checked(double constant_value) {
  if (std::isfinite(constant_value)) return constant_value;
  throw base::NumericalError("a constant in the formula has no finite value");
}

bool is_constant(const Sum& s) { return s.terms.size() == 1 && s.terms[0].factors.empty(); }

// Whether a sum to that power is to be multiplied out.
bool expands(const Sum& s, double exponent) {
  return exponent == 1 || (exponent > 0 && is_integer(exponent) &&
                           std::pow(static_cast<double>(s.terms.size()), exponent) <= 32);
}

std::optional<Sum> root(const Sum& square);

// Whether a power of a sum is to be multiplied out or brought to another scale, now that other
// powers were multiplied with it.
bool unsettled(const Factor& f) {
  if (f.op != Op::add || !is_integer(f.exponent)) return false;
  if (expands(*f.argument, f.exponent) || f.argument->terms.size() == 1) return true;
  const Term outside = common_factors(*f.argument);
  return outside.coefficient != 1 || !outside.factors.empty() || root(*f.argument);
}

// A term in which all powers of sums are settled.
Sum settled(Term term) {
  const auto rest = std::stable_partition(term.factors.begin(), term.factors.end(),
                                          [](const Factor& f) { return !unsettled(f); });
  const std::vector<Factor> sums(rest, term.factors.end());
  term.factors.erase(rest, term.factors.end());
  Sum result{{std::move(term)}};
  for (const Factor& f : sums) result = multiply(result, power(*f.argument, f.exponent));
  return result;
}

Term product(const Term& a, const Term& b) {
  Term result{.coefficient = checked(a.coefficient * b.coefficient)};
  result.factors.reserve(a.factors.size() + b.factors.size());
  auto i = a.factors.begin(), j = b.factors.begin();
  while (i != a.factors.end() || j != b.factors.end()) {
    const int order = i == a.factors.end() ? 1 : j == b.factors.end() ? -1 : compare_bases(*i, *j);
    Factor f = order <= 0 ? *i : *j;
    if (order == 0) f.exponent = snapped(i->exponent + j->exponent);
    if (order <= 0) ++i;
    if (order >= 0) ++j;
    if (f.exponent != 0) result.factors.push_back(std::move(f));
  }
  return result;
}

Term raised(const Term& term, double exponent) {
  Term result = term;
  result.coefficient = checked(std::pow(term.coefficient, exponent));
  for (Factor& f : result.factors) f.exponent = snapped(f.exponent * exponent);
  return result;
}

Factor sum_factor(Sum s, double exponent) {
  return {
      .op = Op::add, .exponent = exponent, .argument = std::make_shared<const Sum>(std::move(s))};
}

// a where a^2 is the term.
std::optional<Term> root(const Term& square) {
  Term a = square;
  a.coefficient = std::sqrt(square.coefficient);
  for (Factor& f : a.factors) f.exponent /= 2;
  const bool whole =
      std::ranges::all_of(a.factors, [](const Factor& f) { return is_integer(f.exponent); });
  return square.coefficient > 0 && whole ? std::optional(a) : std::nullopt;
}

// a + b where (a + b)^2 is the sum: so that (a + b)^-2 and 1 / (a^2 + 2 a b + b^2) are one.
std::optional<Sum> root(const Sum& square) {
  if (square.terms.size() != 3) return {};
  for (std::size_t middle = 0; middle < 3; ++middle) {
    const auto a = root(square.terms[middle == 0 ? 1 : 0]);
    const auto b = root(square.terms[middle == 2 ? 1 : 2]);
    if (!a || !b) continue;
    Term ab = product(*a, *b);
    if (compare_factors(ab, square.terms[middle]) != 0) continue;
    const double sign = square.terms[middle].coefficient / (2 * ab.coefficient);
    if (std::abs(std::abs(sign) - 1) > 1e-14) continue;
    return collected({*a, product(*b, Term{.coefficient = std::copysign(1.0, sign)})});
  }
  return {};
}

bool bases_ascend(const Factor& f, const Factor& g) { return compare_bases(f, g) < 0; }

// The lowest power in which the factor stands in the terms, 0 where one is not whole.
double lowest_exponent(const Sum& s, const Factor& factor) {
  double lowest = std::numeric_limits<double>::infinity();
  for (const Term& t : s.terms) {
    const auto same = std::ranges::find_if(
        t.factors, [&](const Factor& f) { return compare_bases(f, factor) == 0; });
    const double exponent = same == t.factors.end() ? 0 : same->exponent;
    // a sum would be multiplied with the other terms
    if (!is_integer(exponent) || (factor.op == Op::add && exponent < 0)) return 0;
    lowest = std::min(lowest, exponent);
  }
  return lowest;
}

// A sum of several terms to a power that is not multiplied out: what all terms share stands
// outside, for a fractional power only a positive number.
Sum power_of_sum(const Sum& base, double exponent) {
  Term outside = is_integer(exponent) ? common_factors(base) : Term{};
  outside.coefficient = 1;
  Sum inside = multiply(base, Sum{{raised(outside, -1)}});
  const double first = inside.terms[0].coefficient;
  outside.coefficient = is_integer(exponent) ? first : std::abs(first);
  for (Term& t : inside.terms) t.coefficient /= outside.coefficient;
  Term result = raised(outside, exponent);
  if (const auto a = root(inside); a && is_integer(exponent)) {
    return multiply(Sum{{result}}, power(*a, 2 * exponent));
  }
  result = product(result, Term{.factors = {sum_factor(inside, exponent)}});
  return settled(std::move(result));
}

// Whether (x^a)^exponent is x^(a exponent): not sqrt(x^2).
bool merges(const Term& term, double exponent) {
  if (is_integer(exponent)) return true;
  return term.coefficient > 0 && term.factors.size() == 1 && !is_even(term.factors[0].exponent);
}

// Terms over one denominator A^k that are t A for a term t: t A^(1-k) in their place.
bool cancel_one(Sum& s, const Factor& a) {
  const auto divided = [&](const Term& t) {
    return std::ranges::any_of(t.factors, [&](const Factor& f) { return compare(f, a) == 0; });
  };
  std::vector<Term> rest, above;
  for (const Term& t : s.terms) {
    (divided(t) ? above : rest).push_back(t);
  }
  if (above.size() != a.argument->terms.size()) return false;
  Factor inverse = a;
  inverse.exponent = -a.exponent;
  for (Term& t : above) t = product(t, Term{.factors = {inverse}});
  const Sum numerator = collected(above);
  for (const Term& first : a.argument->terms) {
    const Term quotient = product(numerator.terms[0], raised(first, -1));
    Sum whole = multiply(Sum{{quotient}}, *a.argument);
    if (compare(whole, numerator) != 0) continue;
    inverse.exponent = snapped(a.exponent + 1);
    Term left = quotient;
    if (inverse.exponent != 0) left = product(left, Term{.factors = {inverse}});
    rest.push_back(left);
    s = collected(rest);
    return true;
  }
  return false;
}

Sum cancelled(Sum s) {
  for (const Term& t : s.terms) {
    for (const Factor& f : t.factors) {
      if (s.terms.size() < 2 || f.op != Op::add || f.exponent >= 0) continue;
      if (f.argument->terms.size() < 2) continue;
      const Factor denominator = f;
      if (cancel_one(s, denominator)) return s;
    }
  }
  return s;
}

}  // namespace

Sum constant(double value) {
  if (checked(value) == 0) return {};
  return {{Term{.coefficient = value}}};
}

Sum collected(std::vector<Term> terms) {
  std::ranges::stable_sort(terms,
                           [](const Term& a, const Term& b) { return compare_factors(a, b) < 0; });
  Sum result;
  for (Term& t : terms) {
    if (result.terms.empty() || compare_factors(result.terms.back(), t) != 0) {
      result.terms.push_back(std::move(t));
      continue;
    }
    double& c = result.terms.back().coefficient;
    const double size = std::abs(c) + std::abs(t.coefficient);
    c = checked(c + t.coefficient);
    // what is left of 0.1 + 0.2 - 0.3 is rounding
    if (std::abs(c) < 1e-14 * size) c = 0;
    if (c == 0) result.terms.pop_back();
  }
  return cancelled(std::move(result));
}

Term common_factors(const Sum& s) {
  std::vector<Factor> shared;
  for (const Term& t : s.terms) shared.insert(shared.end(), t.factors.begin(), t.factors.end());
  std::ranges::sort(shared, bases_ascend);
  const auto same = [](const Factor& f, const Factor& g) { return compare_bases(f, g) == 0; };
  shared.erase(std::unique(shared.begin(), shared.end(), same), shared.end());
  for (Factor& f : shared) f.exponent = lowest_exponent(s, f);
  std::erase_if(shared, [](const Factor& f) { return f.exponent == 0; });
  return {s.terms[0].coefficient, shared};
}

Sum add(const Sum& a, const Sum& b) {
  std::vector<Term> terms = a.terms;
  terms.insert(terms.end(), b.terms.begin(), b.terms.end());
  return collected(std::move(terms));
}

Sum scaled(const Sum& a, double factor) {
  Sum result = a;
  for (Term& t : result.terms) t.coefficient = checked(t.coefficient * factor);
  return factor == 0 ? Sum{} : result;
}

Sum multiply(const Sum& a, const Sum& b) {
  if (a.terms.size() * b.terms.size() > most_terms) {
    throw base::NumericalError("the formula has too many terms when it is multiplied out");
  }
  std::vector<Term> terms;
  terms.reserve(a.terms.size() * b.terms.size());
  for (const Term& s : a.terms) {
    for (const Term& t : b.terms) {
      Term st = product(s, t);
      if (std::ranges::none_of(st.factors, unsettled)) {
        terms.push_back(std::move(st));
        continue;
      }
      const Sum several = settled(std::move(st));
      terms.insert(terms.end(), several.terms.begin(), several.terms.end());
    }
  }
  return collected(std::move(terms));
}

Sum power(const Sum& base, double exponent) {
  if (exponent == 0) return constant(1);
  if (exponent == 1) return base;
  if (base.terms.empty()) return constant(std::pow(0.0, exponent));
  if (is_constant(base)) return constant(std::pow(base.terms[0].coefficient, exponent));
  if (base.terms.size() == 1 && merges(base.terms[0], exponent)) {
    return settled(raised(base.terms[0], exponent));
  }
  if (!expands(base, exponent)) return power_of_sum(base, exponent);
  Sum result = base;
  for (int i = 1; i < static_cast<int>(exponent); ++i) result = multiply(result, base);
  return result;
}

Sum function(Op op, const Sum& argument) {
  const double value = argument.terms.empty() ? 0 : argument.terms[0].coefficient;
  const bool number = argument.terms.empty() || is_constant(argument);
  const bool symmetric = op == Op::sin || op == Op::cos;
  if (number) {
    return constant(op == Op::sin   ? std::sin(value)
                    : op == Op::cos ? std::cos(value)
                    : op == Op::exp ? std::exp(value)
                                    : std::log(value));
  }
  // sin(-x) = -sin(x), cos(-x) = cos(x)
  const bool flips = symmetric && value < 0;
  auto positive = std::make_shared<const Sum>(flips ? scaled(argument, -1) : argument);
  return {{Term{.coefficient = flips && op == Op::sin ? -1.0 : 1.0,
                .factors = {{.op = op, .argument = std::move(positive)}}}}};
}

}  // namespace noether::learn::symbolic
