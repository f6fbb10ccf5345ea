#include "learn/discovery/formulas/unit_table.h"

#include <array>

#include "base/error.h"

namespace noether::learn::symbolic {

UnitTable::UnitTable(const Language& language) {
  if (language.inputs.empty() || language.max_nodes < 1) {
    throw base::UsageError("a search for formulas needs at least one input and one node");
  }
  for (const Op op : language.operations) {
    if (arity(op) == 0 || op == Op::power) {
      throw base::UsageError("a search for formulas takes operations, and not power: its exponent");
    }
  }
  number_of({});
  for (const auto& unit : language.inputs) inputs_.push_back(number_of(unit));
}

int UnitTable::number_of(const std::optional<Unit>& unit) {
  const auto [at, is_new] = numbers_.try_emplace(unit, static_cast<int>(units_.size()));
  if (is_new) units_.push_back(unit);
  return at->second;
}

int UnitTable::of(Op op, int a, int b) {
  if (arity(op) == 1) b = 0;
  const auto [at, is_new] = known_.try_emplace({op, a, b}, none);
  if (!is_new) return at->second;
  const std::array operands{units_[static_cast<std::size_t>(a)],
                            units_[static_cast<std::size_t>(b)]};
  try {
    at->second = number_of(unit_of(Node{.op = op}, operands));
  } catch (const base::UsageError&) {
    at->second = none;  // the units do not fit
  }
  return at->second;
}

bool commutes(Op op) { return op == Op::add || op == Op::multiply; }

}  // namespace noether::learn::symbolic
