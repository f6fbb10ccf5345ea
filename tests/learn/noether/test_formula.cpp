#include <catch2/catch.hpp>
#include <cmath>

#include "base/error.h"
#include "learn/autodiff/gradcheck.h"
#include "learn/autodiff/ops.h"
#include "learn/autodiff/transforms.h"
#include "learn/noether/quantity.h"
#include "tests/learn/autodiff/op_examples.h"
#include "tests/learn/noether/comparison.h"
#include "tests/support/file_bytes.h"

namespace noether::learn {
namespace {

const std::vector<std::string> coordinates{"q", "p", "v_x1"};

Tensor states() { return test::irregular({5, 3}, 0.3, 1.9); }

using Expression = double (*)(double q, double p, double v);

// The formula's values are those of the expression: a few roundings, relative to values of order
// one.
void check_value(const std::string& formula, Expression expression) {
  CAPTURE(formula);
  const Tensor values = formula_quantity(formula, coordinates)({}, states());
  REQUIRE(values.shape() == Shape{5, 1});
  const auto x = states().to_vector(), ours = values.to_vector();
  for (std::size_t i = 0; i < 5; ++i) {
    CHECK(ours[i] ==
          Approx(expression(x[3 * i], x[3 * i + 1], x[3 * i + 2])).epsilon(1e-14).margin(1e-14));
  }
}

const Quantity made_before_main = formula_quantity("cos(q)", coordinates);

std::string message(const std::string& formula) {
  return test::message_of<base::UsageError>([&] { formula_quantity(formula, coordinates); });
}

}  // namespace

TEST_CASE("formulas have the values of the same expressions in C++", "[learn][noether]") {
  check_value("q^2 + p^2", [](double q, double p, double) { return q * q + p * p; });
  check_value("p^2 - 2.4 cos(q)",
              [](double q, double p, double) { return p * p - 2.4 * std::cos(q); });
  check_value("3 (1 - cos q) + p^2",
              [](double q, double p, double) { return 3 * (1 - std::cos(q)) + p * p; });
  check_value("exp(q) log(p) / sqrt(v_x1)", [](double q, double p, double v) {
    return std::exp(q) * std::log(p) / std::sqrt(v);
  });
  check_value("sin(q p) - 1e-1", [](double q, double p, double) { return std::sin(q * p) - 0.1; });
  check_value("7", [](double, double, double) { return 7.0; });
  check_value(" v_x1", [](double, double, double v) { return v; });
  check_value(".5q", [](double q, double, double) { return 0.5 * q; });
}

TEST_CASE("powers bind before products, products before sums", "[learn][noether]") {
  check_value("1 + 2 * q^2 - p / 4",
              [](double q, double p, double) { return 1 + 2 * q * q - p / 4; });
  check_value("q - p - 1", [](double q, double p, double) { return q - p - 1; });
  check_value("q / p / 2", [](double q, double p, double) { return q / p / 2; });
  check_value("q / p * 2", [](double q, double p, double) { return q / p * 2; });
  check_value("(q + p) * (q - p)", [](double q, double p, double) { return (q + p) * (q - p); });
}

TEST_CASE("factors side by side are multiplied, from left to right", "[learn][noether]") {
  check_value("2q p", [](double q, double p, double) { return 2 * q * p; });
  check_value("2(q + 1)(p - 1)", [](double q, double p, double) { return 2 * (q + 1) * (p - 1); });
  check_value("1/2 q^2", [](double q, double, double) { return q * q / 2; });
  check_value("2q^2p", [](double q, double p, double) { return 2 * q * q * p; });
  check_value("q -p", [](double q, double p, double) { return q - p; });
}

TEST_CASE("a minus in front belongs to the whole power", "[learn][noether]") {
  check_value("-q^2", [](double q, double, double) { return -(q * q); });
  check_value("2 * -q", [](double q, double, double) { return -2 * q; });
  check_value("--q", [](double q, double, double) { return q; });
  check_value("p - -q", [](double q, double p, double) { return p + q; });
  check_value("-(q + p)^2", [](double q, double p, double) { return -(q + p) * (q + p); });
}

TEST_CASE("a function without parentheses takes one factor", "[learn][noether]") {
  check_value("cos q", [](double q, double, double) { return std::cos(q); });
  check_value("2 cos q p", [](double q, double p, double) { return 2 * std::cos(q) * p; });
  check_value("cos(q)^2", [](double q, double, double) { return std::pow(std::cos(q), 2); });
  check_value("cos(q^2)", [](double q, double, double) { return std::cos(q * q); });
  check_value("sin cos q", [](double q, double, double) { return std::sin(std::cos(q)); });
}

TEST_CASE("exponents may be negative and fractions", "[learn][noether]") {
  check_value("q^-1", [](double q, double, double) { return 1 / q; });
  check_value("q^- 2", [](double q, double, double) { return 1 / (q * q); });
  check_value("q^1.5", [](double q, double, double) { return std::pow(q, 1.5); });
  check_value("(q^2)^3", [](double q, double, double) { return std::pow(q, 6); });
  check_value("q^0", [](double, double, double) { return 1.0; });
  check_value("q^1e0", [](double q, double, double) { return q; });
}

TEST_CASE("powers of negative numbers and of zero are what they are in mathematics",
          "[learn][noether]") {
  const Tensor x = Tensor::from({-2, 0, 0}, {1, 3});
  const auto at = [&](const std::string& formula) {
    return formula_quantity(formula, coordinates)({}, x).item();
  };
  CHECK(at("q^3") == -8);
  CHECK(at("q^-2") == 0.25);
  CHECK(at("p^3") == 0);
  // derivatives at zero stay finite to any order
  const Quantity cube = formula_quantity("p^3 + p^2 + p", coordinates);
  const auto slope = [&](const Tensor& y) {
    return sum(grad([&](const Tensor& z) { return sum(cube({}, z)); }, y));
  };
  CHECK(grad(slope, x).to_vector() == std::vector<double>{0, 2, 0});
  CHECK(grad([&](const Tensor& y) { return sum(grad(slope, y)); }, x).to_vector() ==
        std::vector<double>{0, 6, 0});
}

TEST_CASE("formulas work in float32 and for any number of rows", "[learn][noether]") {
  const Quantity g = formula_quantity("p^2 - 2.4 cos(q)", {"q", "p"});
  const Tensor x = Tensor::from({0, 1, 0, 2, 0, 3}, {3, 2}, DType::f32);
  CHECK(g({}, x).dtype() == DType::f32);
  CHECK(g({}, x).shape() == Shape{3, 1});
  // float32 has seven digits
  CHECK(g({}, x).to_vector()[2] == Approx(6.6).epsilon(1e-7));
}

TEST_CASE("a formula may be a constant of the program", "[learn][noether]") {
  CHECK(made_before_main({}, Tensor::full({1, 3}, 0)).item() == 1);
}

TEST_CASE("formulas are differentiated exactly", "[learn][noether]") {
  const Quantity g = formula_quantity(
      "p^2 - 2.4 cos(q) + exp(-q) log(v_x1) / sqrt(1 + p^2) - q^-1.5", coordinates);
  CHECK_NOTHROW(
      require_gradients([&](const Tensor& x) { return g({}, x); }, states(), {.order = 2}));
  const auto x = states().to_vector();
  const auto slope = grad(
                         [&](const Tensor& at) {
                           return sum(formula_quantity("p^2 - 2.4 cos(q)", coordinates)({}, at));
                         },
                         states())
                         .to_vector();
  for (std::size_t i = 0; i < 5; ++i) {
    // our sine and the C library's, and a few products
    CHECK(slope[3 * i] == Approx(2.4 * std::sin(x[3 * i])).epsilon(1e-14));
    CHECK(slope[3 * i + 1] == Approx(2 * x[3 * i + 1]).epsilon(1e-14));
    CHECK(slope[3 * i + 2] == 0);
  }
}

TEST_CASE("the rate of change is the gradient times the velocity", "[learn][noether]") {
  const Quantity g = formula_quantity("q^2 p", {"q", "p"});
  const Tensor rate =
      rate_of_change(g, {}, Tensor::from({3, 5, 1, 2}, {2, 2}), Tensor::from({1, 0, 1, 1}, {2, 2}));
  CHECK(rate.shape() == Shape{2, 1});
  CHECK(rate.to_vector() == std::vector<double>{30, 5});
}

TEST_CASE("a formula that does not parse points at the place", "[learn][noether]") {
  CHECK(message("p^2 - 2.4 cos(w)") ==
        "formula 'p^2 - 2.4 cos(w)', position 15: "
        "'w' is neither a function nor one of the coordinates q, p and v_x1");
  CHECK(message("(q + p") == "formula '(q + p', position 7: a ')' is missing");
  CHECK(message("q + ") ==
        "formula 'q + ', position 5: a number, a coordinate or a function was expected");
  CHECK(message("") == "formula '', position 1: a number, a coordinate or a function was expected");
  CHECK(message("q ^ p") ==
        "formula 'q ^ p', position 5: a number, a coordinate or a function was expected");
  CHECK(message("q)") == "formula 'q)', position 2: the formula should end here");
  CHECK(message("cos q^2") == "formula 'cos q^2', position 5: write cos(...)^, or cos(...^)");
  CHECK(message("sin 2 q") == "formula 'sin 2 q', position 5: write sin(...)");
  CHECK(message(std::string(2000, '(')) == "a formula has at most 1000 characters");
  CHECK(message("q^2^3") == "formula 'q^2^3', position 4: the formula should end here");
  CHECK(message("q # p") == "formula 'q # p', position 3: the formula should end here");
  CHECK(message("2 * / q") ==
        "formula '2 * / q', position 5: a number, a coordinate or a function was expected");
  CHECK(message("cos") ==
        "formula 'cos', position 4: a number, a coordinate or a function was expected");
  CHECK(message("1e999 q") ==
        "formula '1e999 q', position 1: a number, a coordinate or a function was expected");
}

}  // namespace noether::learn
