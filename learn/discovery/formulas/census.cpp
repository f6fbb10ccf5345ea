// How many formulas there are, by dynamic programming over sizes and units.

#include <map>
#include <utility>

#include "learn/discovery/formulas/enumerate.h"
#include "learn/discovery/formulas/unit_table.h"

namespace noether::learn::symbolic {

namespace {

// Trees that later ones do not tell apart: of one unit, with an input or without.
using Kind = std::pair<int, bool>;
using Counts = std::map<Kind, double>;

class Counter {
 public:
  // With `constants`, trees may have parts of several nodes without an input.
  Counter(const Language& language, bool constants)
      : language_(language), constants_(constants), units_(language) {
    sizes_.resize(static_cast<std::size_t>(language.max_nodes) + 1);
    sizes_[1][{units_.free(), false}] = 1;
    for (std::size_t i = 0; i < language.inputs.size(); ++i) {
      sizes_[1][{units_.of_input(i), true}] += 1;
    }
    for (std::size_t size = 2; size < sizes_.size(); ++size) count(size);
  }

  std::vector<double> of_sizes() const {
    std::vector<double> result;
    for (const Counts& counts : sizes_) {
      double total = 0;
      for (const auto& [kind, n] : counts) total += n;
      result.push_back(total);
    }
    return result;
  }

 private:
  void count(std::size_t size) {
    for (const Op op : language_.operations) {
      if (arity(op) == 1) {
        for (const auto& [kind, n] : sizes_[size - 1]) add(size, op, kind, {0, false}, n);
        continue;
      }
      for (std::size_t left = 1; left + 1 < size; ++left) count_pairs(op, left, size - 1 - left);
    }
  }

  void count_pairs(Op op, std::size_t left, std::size_t right) {
    if (commutes(op) && left > right) return;
    for (const auto& [a, n] : sizes_[left]) {
      for (const auto& [b, m] : sizes_[right]) {
        if (commutes(op) && left == right && b < a) continue;
        const bool unordered = commutes(op) && left == right && a == b;
        add(left + right + 1, op, a, b, unordered ? n * (n + 1) / 2 : n * m);
      }
    }
  }

  void add(std::size_t size, Op op, const Kind& a, const Kind& b, double n) {
    const int unit = units_.of(op, a.first, b.first);
    const bool input = a.second || b.second;
    if (unit != UnitTable::none && (input || constants_)) sizes_[size][{unit, input}] += n;
  }

  const Language& language_;
  bool constants_;
  UnitTable units_;
  std::vector<Counts> sizes_;
};

}  // namespace

Census count_formulas(const Language& language) {
  // a formula that is built upon keeps its normal form, one of the largest size its hash and, where
  // it is a candidate, its nodes; as a fifth or so are distinct, what was measured (7 to 9 nodes of
  // 2 to 4 inputs) is a half to a third of this
  constexpr double bytes_of_part = 200, bytes_of_largest = 50;
  Census census{.valid_of_size = Counter(language, true).of_sizes()};
  for (const double n : census.valid_of_size) census.valid += n;
  const std::vector<double> built = Counter(language, false).of_sizes();
  for (const double n : built) census.with_inputs += n;
  census.bytes =
      bytes_of_part * (census.with_inputs - built.back()) + bytes_of_largest * built.back();
  return census;
}

}  // namespace noether::learn::symbolic
