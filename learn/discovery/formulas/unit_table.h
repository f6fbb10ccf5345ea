#pragma once

// Units by number, for a search that compares millions of them.

#include <map>
#include <tuple>
#include <vector>

#include "learn/discovery/formulas/enumerate.h"

namespace noether::learn::symbolic {

class UnitTable {
 public:
  static constexpr int none = -1;  // of an operation whose operands do not fit

  // Throws UsageError for a language in which nothing can be built.
  explicit UnitTable(const Language& language);

  int free() const { return 0; }  // the unit of a parameter
  int of_input(std::size_t column) const { return inputs_[column]; }

  // The unit of an operation on operands in these units; of a function, b is not read.
  int of(Op op, int a, int b);

 private:
  int number_of(const std::optional<Unit>& unit);

  std::vector<std::optional<Unit>> units_;
  std::map<std::optional<Unit>, int> numbers_;
  std::map<std::tuple<Op, int, int>, int> known_;
  std::vector<int> inputs_;
};

bool commutes(Op op);

}  // namespace noether::learn::symbolic
