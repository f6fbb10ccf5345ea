// Which unit an operation gives.

#include <fmt/format.h>

#include "base/error.h"
#include "learn/formula/unit.h"

namespace noether::learn::symbolic {

namespace {

using OptionalUnit = std::optional<Unit>;

const OptionalUnit& unit_of_sum(const OptionalUnit& a, const OptionalUnit& b) {
  if (a && b && *a != *b) {
    throw base::UsageError(fmt::format("{} and {} are added: only quantities of one unit are",
                                       to_string(*a), to_string(*b)));
  }
  return a ? a : b;
}

// Of a function that takes an angle, or a plain number if it may.
OptionalUnit unit_of_function(Op op, const OptionalUnit& argument, bool number_too) {
  const bool fits =
      !argument || *argument == Unit{{{"rad", {1, 1}}}} || (number_too && argument->powers.empty());
  if (fits) return Unit{};
  throw base::UsageError(fmt::format("{} of something in {}: expected rad{}", function_name(op),
                                     to_string(*argument), number_too ? " or 1" : ""));
}

}  // namespace

OptionalUnit unit_of(const Node& operation, std::span<const OptionalUnit> a) {
  switch (operation.op) {
    case Op::parameter:
      return {};
    case Op::number:
      return Unit{};
    case Op::add:
    case Op::subtract:
      return unit_of_sum(a[0], a[1]);
    case Op::multiply:
      return a[0] && a[1] ? OptionalUnit(*a[0] * *a[1]) : OptionalUnit();
    case Op::divide:
      return a[0] && a[1] ? OptionalUnit(*a[0] * power(*a[1], -1)) : OptionalUnit();
    case Op::sin:
    case Op::cos:
      return unit_of_function(operation.op, a[0], false);
    case Op::exp:
    case Op::log:
      return unit_of_function(operation.op, a[0], true);
    case Op::square:
      return a[0] ? OptionalUnit(power(*a[0], 2)) : OptionalUnit();
    case Op::sqrt:
      return a[0] ? OptionalUnit(power(*a[0], 0.5)) : OptionalUnit();
    case Op::power:
      return a[0] ? OptionalUnit(power(*a[0], operation.value)) : OptionalUnit();
    default:
      return a[0];  // negate
  }
}

OptionalUnit unit_of(const Expression& e, std::span<const OptionalUnit> inputs) {
  return fold<OptionalUnit>(e, [&](const Node& n, std::span<const OptionalUnit> operands) {
    if (n.op == Op::input) return inputs[static_cast<std::size_t>(n.index)];
    return unit_of(n, operands);
  });
}

}  // namespace noether::learn::symbolic
