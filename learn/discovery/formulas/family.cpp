#include "learn/discovery/formulas/family.h"

#include <algorithm>
#include <cmath>
#include <functional>
#include <numeric>
#include <utility>

namespace noether::learn::symbolic {

namespace {

bool is_whole(double exponent) { return exponent == std::round(exponent); }
bool is_parameter(const Factor& f) { return f.op == Op::parameter; }

// The same form with every parameter's index replaced, the order of terms kept.
Sum with_indices(const Sum& a, const std::function<int(int)>& index_of) {
  Sum result = a;
  for (Term& t : result.terms) {
    for (Factor& f : t.factors) {
      if (is_parameter(f)) f.index = index_of(f.index);
      if (!f.argument || parameter_count(*f.argument) == 0) continue;
      f.argument = std::make_shared<const Sum>(with_indices(*f.argument, index_of));
    }
  }
  return result;
}

// How often each parameter is written.
void count_parameters(const Sum& a, std::vector<int>& counts) {
  for (const Term& t : a.terms) {
    for (const Factor& f : t.factors) {
      if (is_parameter(f)) {
        counts.resize(std::max(counts.size(), static_cast<std::size_t>(f.index) + 1));
        ++counts[static_cast<std::size_t>(f.index)];
      }
      if (f.argument) count_parameters(*f.argument, counts);
    }
  }
}

// Lets parameters that occur once take up constants, once through the whole form.
class Absorption {
 public:
  explicit Absorption(const Sum& whole) { count_parameters(whole, counts_); }

  Sum of(const Sum& a) const {
    Sum result;
    for (const Term& t : a.terms) result.terms.push_back(of(t));
    absorb_like_terms(result);
    return collected(std::move(result.terms));
  }

  // The parameter of the term that occurs nowhere else.
  const Factor* lone(const Term& t) const {
    const auto f = std::ranges::find_if(t.factors, [&](const Factor& g) {
      return is_parameter(g) && counts_[static_cast<std::size_t>(g.index)] == 1;
    });
    return f == t.factors.end() ? nullptr : &*f;
  }

  // The sum in one of the scales it may have. Where `any` is set, a parameter outside takes up the
  // scale; else what is divided by is `outside`.
  Sum in_one_scale(const Sum& a, bool any, Term& outside) const {
    Sum result = a;
    std::vector<Term*> plain;
    for (Term& t : result.terms) {
      if (!lone(t)) plain.push_back(&t);
    }
    Term& first = result.terms[0];
    if (plain.empty()) {
      outside.factors = {*lone(first)};
      remove_parameters(first);
    } else if (any && plain.size() == 1 && plain[0] != &first) {
      const Factor moved = *lone(first);
      remove_parameters(first);
      plain[0]->coefficient = 1;
      plain[0]->factors.push_back(moved);
    } else {
      outside.coefficient = plain[0]->coefficient;
      for (Term* t : plain) t->coefficient /= outside.coefficient;
    }
    return collected(std::move(result.terms));
  }

 private:
  Term of(const Term& term) const {
    Term t = term;
    const bool scale_is_free = lone(term) != nullptr;
    Term freed;  // parameters that were scales
    for (Factor& f : t.factors) {
      if (!f.argument || parameter_count(*f.argument) == 0) continue;
      Sum inside = of(*f.argument);
      if (f.op == Op::add && inside.terms.size() > 1) {
        rescale(t, f, inside, scale_is_free, freed);
      } else {
        take_signs(t, f, inside);
      }
      f.argument = std::make_shared<const Sum>(std::move(inside));
    }
    t.factors.insert(t.factors.end(), freed.factors.begin(), freed.factors.end());
    absorb_factors(t);
    std::ranges::sort(t.factors,
                      [](const Factor& a, const Factor& b) { return compare_bases(a, b) < 0; });
    return t;
  }

  // q / (c0 q + c1 p) is c0 / (q + c1 p).
  void rescale(Term& t, const Factor& f, Sum& inside, bool scale_is_free, Term& freed) const {
    const bool whole = is_whole(f.exponent);
    Term outside;
    inside = in_one_scale(inside, scale_is_free, outside);
    if (!whole && outside.coefficient < 0) {
      inside = scaled(inside, -1);
      outside.coefficient = -outside.coefficient;
    }
    t.coefficient *= std::pow(outside.coefficient, f.exponent);
    if (!scale_is_free) {
      freed.factors.insert(freed.factors.end(), outside.factors.begin(), outside.factors.end());
    }
  }

  // A phase makes a cosine a sine and takes its sign; so do frequencies that are all free.
  void take_signs(Term& t, Factor& f, const Sum& inside) const {
    if (f.op != Op::sin && f.op != Op::cos) return;
    const bool phase =
        std::ranges::any_of(inside.terms, [&](const Term& s) { return lone(s) && !has_input(s); });
    const bool all_free =
        std::ranges::all_of(inside.terms, [&](const Term& s) { return lone(s) != nullptr; });
    if (phase) f.op = Op::sin;
    if (phase || (all_free && f.op == Op::sin)) t.coefficient = std::abs(t.coefficient);
  }

  // c0 in place of all constant factors, where c0 may have any value.
  void absorb_factors(Term& t) const {
    const Factor* free = lone(t);
    if (!free) return;
    Factor kept = *free;
    kept.exponent = 1;
    remove_parameters(t);
    t.factors.push_back(kept);
  }

  // c0 q in place of c0 q + q, and c0 of c0 + 1.
  void absorb_like_terms(Sum& a) const {
    std::vector<Term> kept, bare;
    for (const bool free : {true, false}) {
      for (const Term& t : a.terms) {
        if ((lone(t) != nullptr) != free) continue;
        Term without = t;
        remove_parameters(without);
        const bool taken = std::ranges::any_of(
            bare, [&](const Term& other) { return compare_factors(other, without) == 0; });
        if (taken) continue;
        kept.push_back(t);
        if (free) bare.push_back(std::move(without));
      }
    }
    a.terms = std::move(kept);
  }

  static void remove_parameters(Term& t) {
    std::erase_if(t.factors, is_parameter);
    t.coefficient = 1;
  }

  std::vector<int> counts_;
};

Sum renumbered(const Sum& form) {
  std::vector<int> order;
  return with_indices(form, [&](int index) {
    const auto known = std::ranges::find(order, index);
    const auto number = static_cast<int>(known - order.begin());
    if (known == order.end()) order.push_back(index);
    return number;
  });
}

}  // namespace

int parameter_count(const Sum& a) {
  std::vector<int> counts;
  count_parameters(a, counts);
  return static_cast<int>(counts.size());
}

Sum shifted_parameters(const Sum& a, int first) {
  if (first == 0) return a;
  return with_indices(a, [&](int index) { return index + first; });
}

Sum family(const Sum& form) {
  if (parameter_count(form) == 0) return form;
  Sum current = form;
  // each pass removes something, or is the last
  for (int pass = 0; pass < 16; ++pass) {
    Sum next = renumbered(Absorption(current).of(current));
    if (compare(next, current) == 0) break;
    current = std::move(next);
  }
  return current;
}

namespace {

// A product to the power that leaves its exponents whole and small, the first positive.
Sum root_of_product(Term t) {
  std::erase_if(t.factors, is_parameter);
  const bool whole = std::ranges::all_of(t.factors, [](const Factor& f) {
    return std::abs(f.exponent) < 1000 && is_whole(f.exponent);
  });
  int divisor = 0;
  for (const Factor& f : t.factors) divisor = std::gcd(divisor, static_cast<int>(f.exponent));
  double exponent = t.factors.size() == 1 ? t.factors[0].exponent : whole ? divisor : 1;
  exponent = std::copysign(exponent, t.factors[0].exponent);
  for (Factor& f : t.factors) f.exponent /= exponent;
  t.coefficient = 1;
  return {{t}};
}

// A sum whose terms share a factor as the product that it is, with the rest a factor too.
Sum as_product(const Sum& a) {
  Term shared = common_factors(a);
  if (shared.factors.empty()) return a;
  shared.coefficient = 1;
  Term inverse = shared;
  for (Factor& f : inverse.factors) f.exponent = -f.exponent;
  Sum rest = multiply(a, Sum{{inverse}});
  shared.factors.push_back(
      {.op = Op::add, .argument = std::make_shared<const Sum>(std::move(rest))});
  std::ranges::sort(shared.factors,
                    [](const Factor& f, const Factor& g) { return compare_bases(f, g) < 0; });
  return {{shared}};
}

// Parameters that are factors of every term left out.
void divide_by_common_parameters(Sum& a) {
  std::vector<Factor> common = a.terms[0].factors;
  std::erase_if(common, [&](const Factor& f) {
    return !is_parameter(f) || !std::ranges::all_of(a.terms, [&](const Term& t) {
      return std::ranges::any_of(t.factors, [&](const Factor& g) { return compare(f, g) == 0; });
    });
  });
  for (Term& t : a.terms) {
    std::erase_if(t.factors, [&](const Factor& f) {
      return std::ranges::any_of(common, [&](const Factor& g) { return compare(f, g) == 0; });
    });
  }
}

}  // namespace

std::optional<Sum> law(const Sum& form) {
  Sum current = form;
  for (int pass = 0; pass < 16; ++pass) {
    Sum next = current;
    std::erase_if(next.terms, [](const Term& t) { return !has_input(t); });
    if (next.terms.empty()) return {};
    if (next.terms.size() == 1) {
      next = root_of_product(next.terms[0]);
      const Factor& f = next.terms[0].factors[0];
      if (next.terms[0].factors.size() == 1 && f.argument) next = Sum(*f.argument);
    } else {
      divide_by_common_parameters(next);
      Term outside;
      next = as_product(Absorption(next).in_one_scale(next, true, outside));
    }
    next = family(next);
    if (compare(next, current) == 0) break;
    current = std::move(next);
  }
  return current;
}

}  // namespace noether::learn::symbolic
