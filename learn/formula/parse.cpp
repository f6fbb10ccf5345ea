// Precedence climbing over + -, * / and juxtaposition, unary -, ^.

#include <fmt/format.h>

#include <array>
#include <cctype>
#include <charconv>
#include <optional>

#include "base/error.h"
#include "base/text.h"
#include "learn/formula/expression.h"

namespace noether::learn::symbolic {

namespace {

constexpr std::array functions{Op::sin, Op::cos, Op::exp, Op::log, Op::sqrt};

bool is_digit(char c) { return std::isdigit(static_cast<unsigned char>(c)) != 0; }
bool is_letter(char c) { return std::isalpha(static_cast<unsigned char>(c)) != 0; }

// 12 of "c12".
std::optional<int> parameter_index(std::string_view name) {
  int index = 0;
  const char* end = name.data() + name.size();
  if (name.size() < 2 || name[0] != 'c' || !is_digit(name[1])) return {};
  const auto [stop, error] = std::from_chars(name.data() + 1, end, index);
  if (stop != end || error != std::errc()) return {};
  return index;
}

class Parser {
 public:
  Parser(std::string_view text, const std::vector<std::string>& names)
      : text_(text), names_(names) {}

  Expression whole() {
    constexpr std::size_t longest = 1000;  // which also bounds how deeply it nests
    if (text_.size() > longest) {
      throw base::UsageError(fmt::format("a formula has at most {} characters", longest));
    }
    Expression e = sum();
    skip_space();
    if (at_ != text_.size()) fail("the formula should end here");
    return e;
  }

 private:
  Expression sum() {
    Expression left = product();
    while (const char op = accept("+-")) {
      left = apply(op == '+' ? Op::add : Op::subtract, left, product());
    }
    return left;
  }

  Expression product() {
    Expression left = signed_power();
    while (true) {
      const char op = accept("*/");
      if (op == 0 && !starts_factor()) return left;
      left = apply(op == '/' ? Op::divide : Op::multiply, left, signed_power());
    }
  }

  // -3 is a number, -(3) and -3^2 are negated
  Expression signed_power() {
    if (accept("-") == 0) return power_of_factor();
    const bool digits = starts_number();
    const Expression e = signed_power();
    if (digits && e.size() == 1) return symbolic::number(-e.nodes()[0].value);
    return apply(Op::negate, e);
  }

  Expression power_of_factor() {
    const Expression base = factor();
    if (accept("^") == 0) return base;
    const double sign = accept("-") != 0 ? -1 : 1;
    return power(base, sign * number());
  }

  Expression factor() {
    skip_space();
    if (accept("(") != 0) return closed(sum());
    if (at_ < text_.size() && is_letter(text_[at_])) return named();
    return symbolic::number(number());
  }

  Expression named() {
    const std::size_t begin = at_;
    while (at_ < text_.size() &&
           (is_letter(text_[at_]) || is_digit(text_[at_]) || text_[at_] == '_')) {
      ++at_;
    }
    const std::string name(text_.substr(begin, at_ - begin));
    for (const Op function : functions) {
      if (function_name(function) == name) return apply(function, argument_of(name));
    }
    for (std::size_t i = 0; i < names_.size(); ++i) {
      if (names_[i] == name) return input(static_cast<int>(i));
    }
    if (const auto index = parameter_index(name)) return parameter(*index);
    at_ = begin;
    fail(fmt::format("'{}' is neither a function nor one of the coordinates {}", name,
                     base::join(names_)));
  }

  // cos(...), or cos q with a coordinate alone: cos 2 q and cos q^2 could mean two things each
  Expression argument_of(const std::string& function) {
    skip_space();
    const bool bare = at_ < text_.size() && text_[at_] != '(';
    const bool coordinate = bare && is_letter(text_[at_]);
    if (bare && !coordinate) fail(fmt::format("write {}(...)", function));
    const std::size_t begin = at_;
    Expression argument = factor();
    if (coordinate && accept("^") != 0) {
      at_ = begin;
      fail(fmt::format("write {}(...)^, or {}(...^)", function, function));
    }
    return argument;
  }

  Expression closed(Expression inside) {
    if (accept(")") == 0) fail("a ')' is missing");
    return inside;
  }

  double number() {
    const bool digits = starts_number();
    const char* begin = text_.data() + at_;
    double value = 0;
    const auto [stop, error] = std::from_chars(begin, text_.data() + text_.size(), value);
    if (!digits || error != std::errc()) fail("a number, a coordinate or a function was expected");
    at_ += static_cast<std::size_t>(stop - begin);
    return value;
  }

  bool starts_number() {
    skip_space();
    return at_ < text_.size() && (is_digit(text_[at_]) || text_[at_] == '.');
  }

  bool starts_factor() {
    return starts_number() || (at_ < text_.size() && (is_letter(text_[at_]) || text_[at_] == '('));
  }

  char accept(std::string_view any_of) {
    skip_space();
    if (at_ == text_.size() || any_of.find(text_[at_]) == std::string_view::npos) return 0;
    return text_[at_++];
  }

  void skip_space() {
    while (at_ < text_.size() && text_[at_] == ' ') ++at_;
  }

  [[noreturn]] void fail(const std::string& why) const {
    throw base::UsageError(fmt::format("formula '{}', position {}: {}", text_, at_ + 1, why));
  }

  std::string_view text_;
  const std::vector<std::string>& names_;
  std::size_t at_ = 0;
};

}  // namespace

Expression parse(std::string_view formula, const std::vector<std::string>& coordinates) {
  return Parser(formula, coordinates).whole();
}

}  // namespace noether::learn::symbolic
