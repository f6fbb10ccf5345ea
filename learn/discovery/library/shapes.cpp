#include "learn/discovery/library/shapes.h"

#include <algorithm>
#include <cmath>

#include "learn/discovery/gradient_columns.h"

namespace noether::learn::symbolic {
namespace {

bool is_one(const Expression& e) {
  return e.size() == 1 && e.nodes()[0] == Node{.op = Op::number, .value = 1};
}

double greatest_value(const Expression& e, const Trajectories& data) {
  return std::max(0.0, std::ranges::max(gradient_columns(e, data.x).value));
}

double deviation(const Expression& e, const Trajectories& data) {
  const std::vector<double> values = gradient_columns(e, data.x).value;
  const auto n = static_cast<double>(values.size());
  double mean = 0, squares = 0;
  for (const double value : values) mean += value / n;
  for (const double value : values) squares += std::pow(value - mean, 2) / n;
  return std::sqrt(squares);
}

Shape shape_of(std::span<const Expression> factors, const Expression& s, bool divides) {
  Shape shape;
  for (const Expression& factor : factors)
    shape.functions.push_back(divides ? apply(Op::divide, factor, s) : times(factor, s));
  return shape;
}

Shape with_range(Shape shape, double start, double size) {
  shape.start = start;
  shape.least = 0.01 * size;
  shape.greatest = 100 * size;
  return shape;
}

// The arguments of exponentials, without c.
Group exponents(const Group& like) {
  const std::size_t count = like.size();
  Group result;
  const auto add_differences = [&](const Expression& x, const Expression& y) {
    result.push_back(apply(Op::subtract, x, y));
    result.push_back(apply(Op::subtract, y, x));
  };
  if (count > 6) {
    for (std::size_t i = 0; i < count; ++i) add_differences(like[i], like[(i + 1) % count]);
    return result;
  }
  for (std::size_t i = 0; i < count; ++i) {
    result.push_back(like[i]);
    for (std::size_t j = i + 1; j < count; ++j) add_differences(like[i], like[j]);
  }
  return result;
}

}  // namespace

Expression times(const Expression& a, const Expression& b) {
  if (is_one(a)) return b;
  return is_one(b) ? a : apply(Op::multiply, a, b);
}

std::vector<Expression> at(const Shape& shape, double c) {
  std::vector<Expression> result;
  for (const Expression& function : shape.functions) {
    result.push_back(fold<Expression>(function, [c](const Node& n, std::span<const Expression> a) {
      if (n.op == Op::parameter) return number(c);
      return n.op == Op::multiply ? times(a[0], a[1]) : apply(n, a);
    }));
  }
  return result;
}

std::vector<Shape> factor_shapes(std::span<const Expression> factors,
                                 std::span<const Expression> turns,
                                 std::span<const Expression> squares, const Trajectories& data) {
  std::vector<Shape> result;
  const Expression c = parameter(0);
  for (const Expression& d : turns) {
    const Expression sine = apply(Op::square, apply(Op::sin, d));
    result.push_back(with_range(shape_of(factors, apply(Op::add, c, sine), true), 0, 1));
  }
  // few, as each is a search of its own: of four like scalars the pairings alone
  constexpr std::size_t most = 3;
  for (const Expression& square : squares.first(std::min(most, squares.size()))) {
    const double greatest = greatest_value(square, data);
    const auto root = [&](Op op) { return apply(Op::sqrt, apply(op, c, square)); };
    if (greatest == 0) continue;
    for (const bool divides : {false, true}) {
      result.push_back(
          with_range(shape_of(factors, root(Op::subtract), divides), greatest, greatest));
      result.push_back(with_range(shape_of(factors, root(Op::add), divides), 0, greatest));
    }
  }
  return result;
}

std::vector<Shape> exponentials(const Roles& roles, const Trajectories& data) {
  std::vector<Shape> result;
  for (const Group& like : roles.like) {
    Shape shape;
    double largest = 0;
    for (const Expression& x : like) largest = std::max(largest, deviation(x, data));
    if (largest == 0) continue;
    for (const Expression& x : exponents(like)) {
      const Expression rises = apply(Op::multiply, parameter(0), x);
      shape.functions.push_back(apply(Op::exp, rises));
      if (x.size() > 1) continue;
      shape.functions.push_back(apply(Op::exp, apply(Op::negate, rises)));
      for (const Expression& e : {rises, apply(Op::negate, rises)})
        shape.functions.push_back(apply(Op::square, apply(Op::exp, e)));
    }
    // beyond this range they are polynomials, or nothing but their largest value; within it, many
    // functions of nearly every c come near to a law, and the dip at the right one is narrow
    shape.least = 0.1 / largest;
    shape.greatest = 4 / largest;
    shape.intervals = 60;
    shape.minima = 4;
    result.push_back(std::move(shape));
  }
  return result;
}

}  // namespace noether::learn::symbolic
