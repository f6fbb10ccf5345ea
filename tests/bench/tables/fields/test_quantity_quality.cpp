#include "bench/tables/fields/quantity_quality.h"

#include <catch2/catch.hpp>
#include <cmath>

namespace noether::bench {
namespace {

using learn::Tensor;

// A square of states around zero, symmetric, none of them at zero.
Tensor states() {
  return Tensor::build<double>({64, 2}, [](std::span<double> out) {
    for (std::size_t i = 0; i < 64; ++i) {
      out[2 * i] = -1.75 + 0.5 * static_cast<double>(i / 8);
      out[2 * i + 1] = -1.75 + 0.5 * static_cast<double>(i % 8);
    }
  });
}

QuantityQuality compare(const std::string& g, const std::string& truth) {
  const auto quantity = [](const std::string& formula) {
    return learn::formula_quantity(formula, {"q", "p"});
  };
  return compare_quantities(quantity(g), {}, quantity(truth), {}, states());
}

// correlations of 64 values, and gradients of order one: a dozen roundings
constexpr double rounding = 1e-13;

}  // namespace

TEST_CASE("a quantity is like itself, whatever its scale, offset and sign", "[bench][quantity]") {
  for (const std::string g :
       {"q^2 + 0.7 p^2 + 0.1 q + 0.013 p", "3 (q^2 + 0.7 p^2 + 0.1 q + 0.013 p) - 8",
        "2 - q^2 - 0.7 p^2 - 0.1 q - 0.013 p"}) {
    const QuantityQuality same = compare(g, "q^2 + 0.7 p^2 + 0.1 q + 0.013 p");
    CHECK(same.pearson == Approx(1).epsilon(rounding));
    CHECK(same.spearman == Approx(1).epsilon(rounding));
    CHECK(same.angle < rounding);
  }
}

TEST_CASE("equal values share a rank", "[bench][quantity]") {
  // p^2 takes every value twice in a column, and the same in all columns
  for (const std::string g : {"p^2", "-p^2", "exp(p^2)"}) {
    CHECK(compare(g, "p^2").spearman == Approx(1).epsilon(rounding));
  }
  CHECK(compare("p^2", "q^2").spearman < rounding);
}

// 0.01 q and 0.003 p make all values differ: rounding cannot order equal ones differently
TEST_CASE("a monotone function has the same ranks and level sets, and is not linear",
          "[bench][quantity]") {
  const std::string energy = "(p^2 - 2.4 cos(q) + 0.01 q + 0.003 p)";
  for (const std::string& g : {"exp(" + energy + ")", energy + "^3 + " + energy}) {
    const QuantityQuality quality = compare(g, energy);
    CHECK(quality.spearman == Approx(1).epsilon(rounding));
    CHECK(quality.angle < rounding);
    CHECK(quality.pearson < 0.99);
    CHECK(quality.pearson > 0.5);
  }
}

// gradients (p, q) and (2 q, -2 p); on a symmetric square the values are uncorrelated
TEST_CASE("an orthogonal quantity has nothing in common", "[bench][quantity]") {
  const QuantityQuality quality = compare("q p", "q^2 - p^2");
  CHECK(quality.angle == Approx(1).epsilon(rounding));
  CHECK(quality.pearson < rounding);
}

TEST_CASE("the angle is the rms sine between gradients", "[bench][quantity]") {
  // (1, 0) and (cos, sin) of 30 degrees
  CHECK(compare("q", "0.8660254037844386 q + 0.5 p").angle == Approx(0.5).epsilon(rounding));
  CHECK(compare("0.8660254037844386 q + 0.5 p", "q").angle == Approx(0.5).epsilon(rounding));
  // small angles keep their digits
  CHECK(compare("q + 1e-9 p", "q").angle == Approx(1e-9).epsilon(1e-6));
}

namespace {

learn::Quantity of_space(const std::vector<std::string>& formulas) {
  std::vector<learn::Quantity> components;
  for (const std::string& formula : formulas)
    components.push_back(learn::formula_quantity(formula, {"x", "y", "z"}));
  return learn::joined(components);
}

// at one state, whose gradients are those of the formulas as they stand
double angle_in(const std::vector<std::string>& g, const std::vector<std::string>& truth,
                const std::vector<double>& directions = {1, 0, 0, 0, 1, 0, 0, 0, 1}) {
  const auto r = static_cast<std::int64_t>(directions.size()) / 3;
  return angle_to_span(of_space(g), {}, of_space(truth), {}, Tensor::from({1, 2, 3}, {1, 3}),
                       Tensor::from<double>(directions, {r, 3}));
}

}  // namespace

TEST_CASE("the angle to several laws is that to the span of their gradients", "[bench][quantity]") {
  // the plane of x and y, from laws that are nearly parallel
  const std::vector<std::string> plane{"x + 1e-3 y", "x - 1e-3 y"};
  // the rounding of a gradient, divided by what the laws differ by
  CHECK(angle_in({"y"}, plane) < 1e-12);
  CHECK(angle_in({"z"}, plane) == Approx(1).epsilon(1e-12));
  CHECK(angle_in({"0.6 z + 0.8 y"}, plane) == Approx(0.6).epsilon(1e-12));
  // a law that is parallel to another adds nothing
  CHECK(angle_in({"x"}, {"x", "2 x"}) < 1e-12);
  CHECK(angle_in({"0.6 z + 0.8 x"}, {"x", "2 x"}) == Approx(0.6).epsilon(1e-12));
  // of two components the rms
  CHECK(angle_in({"y", "z"}, plane) == Approx(std::sqrt(0.5)).epsilon(1e-12));
  // exchanged: what a single law misses of two
  CHECK(angle_in({"x", "y"}, {"x"}) == Approx(std::sqrt(0.5)).epsilon(1e-12));
  // gradients, and not values: a function of the laws is as good as they are
  CHECK(angle_in({"x^2 y + exp(x)"}, plane) < 1e-12);
}

TEST_CASE("the angle counts only the directions in which there are data", "[bench][quantity]") {
  const std::vector<double> level{1, 0, 0, 0, 2, 0};  // z is the same everywhere
  CHECK(angle_in({"x + z"}, {"x"}) == Approx(std::sqrt(0.5)).epsilon(1e-12));
  CHECK(angle_in({"x + z"}, {"x"}, level) < 1e-12);
  // y counts twice: (1, 2) and (1, 0)
  CHECK(angle_in({"x + y"}, {"x"}, level) == Approx(2 / std::sqrt(5)).epsilon(1e-12));
  // what is one number there says nothing, on either side
  CHECK(angle_in({"x", "z"}, {"x"}, level) < 1e-12);
  CHECK(angle_in({"x"}, {"z", "x"}, level) < 1e-12);
  CHECK(angle_in({"z"}, {"x"}, level) == 1);
  CHECK(angle_in({"x"}, {"z"}, level) == 1);
}

}  // namespace noether::bench
