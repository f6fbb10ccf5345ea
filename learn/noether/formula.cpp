// A formula, parsed into operations: precedence climbing over + -, * / and juxtaposition, unary -,
// ^.

#include <fmt/format.h>

#include <array>
#include <cctype>
#include <utility>

#include "base/error.h"
#include "base/text.h"
#include "learn/autodiff/ops.h"
#include "learn/noether/quantity.h"

namespace noether::learn {

namespace {

// States [n, d] to values [n, 1].
using Term = std::function<Tensor(const Tensor& x)>;
using Unary = Tensor (*)(const Tensor&);

// a constant, so that formulas may be made before main begins
constexpr std::array<std::pair<std::string_view, Unary>, 5> functions{
    {{"sin", sin}, {"cos", cos}, {"exp", exp}, {"log", log}, {"sqrt", sqrt}}};

class Parser {
 public:
  Parser(std::string_view text, const std::vector<std::string>& names)
      : text_(text), names_(names) {}

  Term whole() {
    constexpr std::size_t longest = 1000;  // which also bounds how deeply it nests
    if (text_.size() > longest) {
      throw base::UsageError(fmt::format("a formula has at most {} characters", longest));
    }
    Term term = sum();
    skip_space();
    if (at_ != text_.size()) fail("the formula should end here");
    return term;
  }

 private:
  Term sum() {
    Term left = product();
    while (const char op = accept("+-")) {
      const Term right = product();
      left = op == '+' ? Term([=](const Tensor& x) { return left(x) + right(x); })
                       : Term([=](const Tensor& x) { return left(x) - right(x); });
    }
    return left;
  }

  Term product() {
    Term left = signed_power();
    while (true) {
      const char op = accept("*/");
      if (op == 0 && !starts_factor()) return left;
      const Term right = signed_power();
      left = op == '/' ? Term([=](const Tensor& x) { return left(x) / right(x); })
                       : Term([=](const Tensor& x) { return left(x) * right(x); });
    }
  }

  Term signed_power() {
    if (accept("-") == 0) return power();
    const Term term = signed_power();
    return [=](const Tensor& x) { return neg(term(x)); };
  }

  Term power() {
    const Term base = factor();
    if (accept("^") == 0) return base;
    const double sign = accept("-") != 0 ? -1 : 1;
    const double exponent = sign * number();
    if (exponent == 2) return [=](const Tensor& x) { return square(base(x)); };
    return [=](const Tensor& x) { return learn::power(base(x), exponent); };
  }

  Term factor() {
    skip_space();
    if (accept("(") != 0) return closed(sum());
    if (at_ < text_.size() && std::isalpha(static_cast<unsigned char>(text_[at_])) != 0) {
      return named();
    }
    const double value = number();
    return [=](const Tensor& x) { return Tensor::full({x.shape()[0], 1}, value, x.dtype()); };
  }

  Term named() {
    const std::size_t begin = at_;
    while (at_ < text_.size() &&
           (std::isalnum(static_cast<unsigned char>(text_[at_])) != 0 || text_[at_] == '_')) {
      ++at_;
    }
    const std::string name(text_.substr(begin, at_ - begin));
    for (const auto& [known, f] : functions) {
      if (known != name) continue;
      const Term argument = argument_of(name);
      return [argument, f = f](const Tensor& x) { return f(argument(x)); };
    }
    for (std::size_t i = 0; i < names_.size(); ++i) {
      if (names_[i] != name) continue;
      return [=, column = static_cast<std::int64_t>(i)](const Tensor& x) {
        return slice(x, 1, column, column + 1);
      };
    }
    at_ = begin;
    fail(fmt::format("'{}' is neither a function nor one of the coordinates {}", name,
                     base::join(names_)));
  }

  // cos(...), or cos q with a coordinate alone: cos 2 q and cos q^2 could mean two things each
  Term argument_of(const std::string& function) {
    skip_space();
    const bool bare = at_ < text_.size() && text_[at_] != '(';
    const bool coordinate = bare && std::isalpha(static_cast<unsigned char>(text_[at_])) != 0;
    if (bare && !coordinate) fail(fmt::format("write {}(...)", function));
    const std::size_t begin = at_;
    const Term argument = factor();
    if (coordinate && accept("^") != 0) {
      at_ = begin;
      fail(fmt::format("write {}(...)^, or {}(...^)", function, function));
    }
    return argument;
  }

  Term closed(Term inside) {
    if (accept(")") == 0) fail("a ')' is missing");
    return inside;
  }

  double number() {
    skip_space();
    std::size_t used = 0;
    double value = 0;
    const std::string rest(text_.substr(at_));
    try {
      if (!rest.empty() &&
          (std::isdigit(static_cast<unsigned char>(rest[0])) != 0 || rest[0] == '.')) {
        value = std::stod(rest, &used);
      }
    } catch (const std::exception&) {
      used = 0;
    }
    if (used == 0) fail("a number, a coordinate or a function was expected");
    at_ += used;
    return value;
  }

  bool starts_factor() {
    skip_space();
    return at_ < text_.size() && (std::isalnum(static_cast<unsigned char>(text_[at_])) != 0 ||
                                  text_[at_] == '(' || text_[at_] == '.');
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

  std::string text_;
  std::vector<std::string> names_;
  std::size_t at_ = 0;
};

}  // namespace

Quantity formula_quantity(std::string_view formula, const std::vector<std::string>& coordinates) {
  const Term term = Parser(formula, coordinates).whole();
  return [term](const Params&, const Tensor& x) { return term(x); };
}

}  // namespace noether::learn
