// The order of normal forms, and their hash.

#include <algorithm>
#include <bit>

#include "learn/formula/normal_form.h"

namespace noether::learn::symbolic {

namespace {

int sign_of(double difference) { return difference < 0 ? -1 : difference > 0 ? 1 : 0; }

int rank(Op op) {
  if (op == Op::input) return 0;
  if (op == Op::parameter) return 3;
  return op == Op::add ? 2 : 1;
}

// 0 for powers of inputs, 1 with functions or sums, 2 without either.
int rank(const Term& term) {
  bool inputs = false;
  for (const Factor& f : term.factors) {
    if (f.argument) return 1;
    inputs = inputs || f.op == Op::input;
  }
  return inputs ? 0 : 2;
}

double degree(const Term& term) {
  double total = 0;
  for (const Factor& f : term.factors) {
    if (f.op == Op::input) total += f.exponent;
  }
  return total;
}

// One round of splitmix64, by Vigna.
std::uint64_t mixed(std::uint64_t seed, std::uint64_t value) {
  std::uint64_t z = (seed ^ value) + 0x9e3779b97f4a7c15ULL;
  z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9ULL;
  z = (z ^ (z >> 27)) * 0x94d049bb133111ebULL;
  return z ^ (z >> 31);
}

// in single precision: what differs by a few roundings is equal
std::uint64_t bits(double value) { return std::bit_cast<std::uint32_t>(static_cast<float>(value)); }

}  // namespace

int compare_bases(const Factor& a, const Factor& b) {
  if (a.op != b.op && rank(a.op) != rank(b.op)) return rank(a.op) - rank(b.op);
  if (a.op != b.op) return a.op < b.op ? -1 : 1;
  if (a.index != b.index) return a.index < b.index ? -1 : 1;
  return a.argument == b.argument ? 0 : compare(*a.argument, *b.argument);
}

int compare(const Factor& a, const Factor& b) {
  const int bases = compare_bases(a, b);
  return bases != 0 ? bases : sign_of(b.exponent - a.exponent);
}

int compare_factors(const Term& a, const Term& b) {
  if (const int ranks = rank(a) - rank(b); ranks != 0) return ranks;
  if (const int degrees = sign_of(degree(b) - degree(a)); degrees != 0) return degrees;
  const std::size_t shared = std::min(a.factors.size(), b.factors.size());
  for (std::size_t i = 0; i < shared; ++i) {
    if (const int factors = compare(a.factors[i], b.factors[i]); factors != 0) return factors;
  }
  if (a.factors.size() == b.factors.size()) return 0;
  return a.factors.size() < b.factors.size() ? -1 : 1;
}

int compare(const Sum& a, const Sum& b) {
  const std::size_t shared = std::min(a.terms.size(), b.terms.size());
  for (std::size_t i = 0; i < shared; ++i) {
    const Term &s = a.terms[i], &t = b.terms[i];
    if (const int factors = compare_factors(s, t); factors != 0) return factors;
    if (s.coefficient != t.coefficient) return s.coefficient < t.coefficient ? -1 : 1;
  }
  if (a.terms.size() == b.terms.size()) return 0;
  return a.terms.size() < b.terms.size() ? -1 : 1;
}

std::uint64_t hash(const Sum& sum) {
  std::uint64_t h = sum.terms.size();
  for (const Term& term : sum.terms) {
    h = mixed(h, bits(term.coefficient));
    for (const Factor& f : term.factors) {
      h = mixed(h, static_cast<std::uint64_t>(f.op) << 32 | static_cast<std::uint32_t>(f.index));
      h = mixed(h, bits(f.exponent));
      if (f.argument) h = mixed(h, hash(*f.argument));
    }
    h = mixed(h, 1);  // where the term ends
  }
  return h;
}

bool has_input(const Term& term) {
  return std::ranges::any_of(term.factors, [](const Factor& f) {
    return f.op == Op::input || (f.argument && has_input(*f.argument));
  });
}

bool has_input(const Sum& sum) {
  return std::ranges::any_of(sum.terms, [](const Term& t) { return has_input(t); });
}

}  // namespace noether::learn::symbolic
