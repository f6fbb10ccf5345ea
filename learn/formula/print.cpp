// An expression as people write it. The grammar is that of parse.cpp.

#include <fmt/format.h>

#include <cctype>
#include <cmath>
#include <utility>

#include "learn/formula/expression.h"

namespace noether::learn::symbolic {

namespace {

// How tightly a text holds together, loosest first.
enum Binding { sum, product, negative, power_of, factor };

struct Text {
  std::string text;
  Binding binding = factor;
  bool divides = false;  // a product in which something is divided
};

Text number_text(double value) {
  return {fmt::format("{}", value), std::signbit(value) ? negative : factor};
}

// In parentheses unless it binds at least that tightly.
std::string at_least(Binding binding, const Text& t) {
  return t.binding < binding ? fmt::format("({})", t.text) : t.text;
}

Text product_of(const Text& a, const Text& b) {
  const std::string right = at_least(negative, b);
  // side by side unless 2 3 would read as a number, a -b as a difference, 1 / 2 q as 1 / (2 q)
  const bool by_sign =
      a.divides || (std::isalpha(static_cast<unsigned char>(right[0])) == 0 && right[0] != '(');
  return {fmt::format("{}{}{}", at_least(product, a), by_sign ? " * " : " ", right), product,
          a.divides};
}

// A number in parentheses is not read as a negative number but as what is negated.
Text negation_of(const Node& operand, const Text& t) {
  const bool number = operand.op == Op::number && t.binding == factor;
  if (number) return {fmt::format("-({})", t.text), negative};
  return {fmt::format("-{}", at_least(negative, t)), negative};
}

Text power_text(const Text& base, double exponent) {
  return {fmt::format("{}^{}", at_least(factor, base), exponent), power_of};
}

}  // namespace

std::string print(const Expression& e, const std::vector<std::string>& coordinates) {
  const Node* previous = nullptr;  // of a unary operation, the operand's own node
  const Text whole = fold<Text>(e, [&](const Node& n, std::span<const Text> a) -> Text {
    const Node* last = std::exchange(previous, &n);
    switch (n.op) {
      case Op::input:
        return {coordinates[static_cast<std::size_t>(n.index)]};
      case Op::parameter:
        return {fmt::format("c{}", n.index)};
      case Op::number:
        return number_text(n.value);
      case Op::add:
        return {fmt::format("{} + {}", at_least(sum, a[0]), at_least(product, a[1])), sum};
      case Op::subtract:
        return {fmt::format("{} - {}", at_least(sum, a[0]), at_least(product, a[1])), sum};
      case Op::multiply:
        return product_of(a[0], a[1]);
      case Op::divide:
        return {fmt::format("{} / {}", at_least(product, a[0]), at_least(negative, a[1])), product,
                true};
      case Op::negate:
        return negation_of(*last, a[0]);
      case Op::square:
        return power_text(a[0], 2);
      case Op::power:
        return power_text(a[0], n.value);
      default:
        return {fmt::format("{}({})", function_name(n.op), a[0].text)};
    }
  });
  return whole.text;
}

}  // namespace noether::learn::symbolic
