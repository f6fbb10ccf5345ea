// Every row of the rule table, on the problems of op_examples.cpp.

#include "learn/autodiff/ops.h"

#include <algorithm>
#include <array>
#include <catch2/catch.hpp>
#include <cmath>

#include "base/error.h"
#include "learn/autodiff/gradcheck.h"
#include "learn/autodiff/transforms.h"
#include "learn/tensor/buffer.h"
#include "tests/learn/autodiff/op_examples.h"

namespace noether::learn {
namespace {

using test::irregular;
using test::op_examples;

// Sums of products, and of their magnitudes: what rounding is relative to.
struct Inner {
  double value = 0, magnitude = 0;
};
Inner inner(const Tensors& a, const Tensors& b) {
  Inner sum;
  for (std::size_t i = 0; i < a.size(); ++i) {
    const auto x = a[i].to_vector(), y = b[i].to_vector();
    REQUIRE(x.size() == y.size());
    for (std::size_t k = 0; k < x.size(); ++k) {
      sum.value += x[k] * y[k];
      sum.magnitude += std::abs(x[k] * y[k]);
    }
  }
  return sum;
}

Tensors directions(const Tensors& xs) {
  Tensors made;
  int seed = 5;
  for (const Tensor& x : xs) made.push_back(irregular(x.shape(), -1, 1, seed++));
  return made;
}

Tensors as(DType dtype, const Tensors& xs) {
  Tensors made;
  for (const Tensor& x : xs) made.push_back(cast(x, dtype));
  return made;
}

double largest_difference(const Tensor& a, const Tensor& b) {
  const auto x = a.to_vector(), y = b.to_vector();
  REQUIRE(x.size() == y.size());
  double largest = 0;
  for (std::size_t i = 0; i < x.size(); ++i) largest = std::max(largest, std::abs(x[i] - y[i]));
  return largest;
}

}  // namespace

TEST_CASE("every operation has an example that applies it", "[learn][ops]") {
  std::vector<Op> applied;
  for (const auto& example : op_examples()) {
    for (const Op op : test::ops_applied(example)) applied.push_back(op);
  }
  REQUIRE(rules().size() == op_count);
  for (const Rule& rule : rules()) {
    INFO(rule.name);
    CHECK(std::ranges::count(applied, rule.op) > 0);
  }
}

TEST_CASE("every operation has the derivatives of its differences, to second order",
          "[learn][ops]") {
  for (const auto& example : op_examples()) {
    INFO(example.name);
    const auto errors = gradcheck(example.function, example.inputs, {.order = 2});
    // rounding 1e-13 and truncation step^4 f^(5) / 30 = 1e-10 where f^(5) is the thousands of 1/x
    // and its slope; wrong rules are off by 1e-3 and more
    constexpr double tolerance = 1e-9;
    CHECK(errors.forward < tolerance);
    CHECK(errors.reverse < tolerance);
    CHECK(errors.forward_over_reverse < tolerance);
    CHECK(errors.reverse_over_forward < tolerance);
    CHECK(errors.reverse_over_reverse < tolerance);
  }
}

TEST_CASE("reverse mode is the adjoint of forward mode in every operation", "[learn][ops]") {
  for (const auto& example : op_examples()) {
    INFO(example.name);
    const Tensors v = directions(example.inputs);
    const Tensor Jv = jvp(example.function, example.inputs, v).tangent;
    const Tensor u = irregular(Jv.shape(), -1, 1, 7);
    const Tensors JTu = vjp(example.function, example.inputs).pullback(u);
    const Inner left = inner({u}, {Jv}), right = inner(JTu, v);
    // both are sums of fewer than 500 products: 500 eps = 1e-13 of their magnitudes
    CHECK(std::abs(left.value - right.value) <= 1e-13 * std::max(left.magnitude, right.magnitude));
    if (example.name != "step") CHECK(left.magnitude > 1e-3);
  }
}

TEST_CASE("the three orders of nesting give one Hessian-vector product in every operation",
          "[learn][ops]") {
  for (const auto& example : op_examples()) {
    INFO(example.name);
    const Tensors &x = example.inputs, v = directions(x);
    // the sine gives a linear operation a Hessian too
    const auto f = [&](const Tensors& at) { return sum(sin(shift(example.function(at), 0.3))); };
    const auto along = [&](const Tensors& at) { return jvp(f, at, v).tangent; };
    const auto product = [&](const Tensors& at) {
      const Tensors g = grad(f, at);
      Tensor total = Tensor::scalar(0);
      for (std::size_t i = 0; i < v.size(); ++i) total = total + sum(g[i] * v[i]);
      return total;
    };
    const Tensors forward_over_reverse = hvp(f, x, v);
    const Tensors reverse_over_forward = grad(along, x), reverse_over_reverse = grad(product, x);
    for (std::size_t i = 0; i < x.size(); ++i) {
      // sums of many values of order 10 in different orders
      constexpr double rounding = 1e-11;
      CHECK(largest_difference(forward_over_reverse[i], reverse_over_forward[i]) < rounding);
      CHECK(largest_difference(forward_over_reverse[i], reverse_over_reverse[i]) < rounding);
    }
    if (example.name != "step") CHECK(inner(forward_over_reverse, v).magnitude > 1e-6);
  }
}

TEST_CASE("every operation and its derivatives run in float32", "[learn][ops]") {
  for (const auto& example : op_examples()) {
    INFO(example.name);
    const Tensors &x = example.inputs, v = directions(x);
    const auto wide = jvp(example.function, x, v);
    const auto narrow = jvp(example.function, as(DType::f32, x), as(DType::f32, v));
    const auto g = grad([&](const Tensors& at) { return sum(square(example.function(at))); },
                        as(DType::f32, x));
    CHECK(narrow.value.dtype() == DType::f32);
    CHECK(narrow.tangent.dtype() == DType::f32);
    CHECK(g[0].dtype() == DType::f32);
    // values below 20 from a few dozen roundings of 6e-8
    CHECK(largest_difference(narrow.value, wide.value) < 1e-5);
    CHECK(largest_difference(narrow.tangent, wide.tangent) < 3e-5);
  }
}

TEST_CASE("large float32 products of few terms or columns agree with float64", "[learn][ops]") {
  // beyond 2^15 multiplications float32 takes other ways than float64, by the narrowest side
  for (const auto& [m, n, k] :
       {std::array{300, 200, 1}, {300, 200, 2}, {300, 2, 200}, {300, 40, 9}}) {
    // sums of k products and a bias lie below k + 1; their roundings, 6e-8 of that, add up like
    // sqrt(k) <= 15 of them; a wrong term is off by 1e-2
    const double tolerance = 1e-6 * (k + 1);
    for (const bool ta : {false, true}) {
      for (const bool tb : {false, true}) {
        CAPTURE(m, n, k, ta, tb);
        const Tensor a = irregular(ta ? Shape{k, m} : Shape{m, k}, -1, 1),
                     b = irregular(tb ? Shape{n, k} : Shape{k, n}, -1, 1, 2);
        const Tensor wide = matmul(a, b, ta, tb),
                     narrow = matmul(cast(a, DType::f32), cast(b, DType::f32), ta, tb);
        CHECK(narrow.dtype() == DType::f32);
        CHECK(largest_difference(narrow, wide) < tolerance);
      }
    }
    const Tensor x = irregular({m, k}, -1, 1), W = irregular({n, k}, -1, 1, 2),
                 bias = irregular({n}, -1, 1, 3);
    const auto f32 = [](const Tensor& t) { return cast(t, DType::f32); };
    CHECK(largest_difference(linear(f32(x), f32(W), f32(bias)), linear(x, W, bias)) < tolerance);
  }
}

TEST_CASE("integer powers have finite derivatives of all orders at zero", "[learn][ops]") {
  const auto f = [](const Tensor& x) { return power(x, 2); };
  const auto second = [&](const Tensor& x) {
    return grad([&](const Tensor& y) { return grad(f, y); }, x);
  };
  const Tensor zero = Tensor::scalar(0);
  CHECK(second(zero).item() == 2);
  CHECK(grad(second, zero).item() == 0);
}

TEST_CASE("a join writes its result and nothing else, and so do its derivatives", "[learn][ops]") {
  Tensors frames;
  for (int i = 0; i < 26; ++i) frames.push_back(irregular({4, 1, 8, 8}, -1, 1, i));
  const auto join = [](const Tensors& xs) { return concat(xs, 1); };
  struct Cost {
    std::int64_t buffers, bytes;
    bool operator==(const Cost&) const = default;
  };
  const auto cost_of = [](const auto& run) {
    release_free_buffers();
    reset_buffer_peak();
    const BufferStatistics before = buffer_statistics();
    const auto kept = run();
    const BufferStatistics after = buffer_statistics();
    return Cost{after.allocated - before.allocated, after.peak_bytes - before.live_bytes};
  };
  const std::int64_t frame = 4 * 8 * 8 * 8, all = 26 * frame;
  CHECK(cost_of([&] { return join(frames); }) == Cost{1, all});
  CHECK(cost_of([&] { return jvp(join, frames, frames); }) == Cost{2, 2 * all});
  const auto [joined, pullback] = vjp(join, frames);
  const Tensor u = irregular(joined.shape(), -1, 1);
  CHECK(cost_of([&, &back = pullback] { return back(u); }) == Cost{26, all});
  CHECK(cost_of([&] { return stack(frames); }) == Cost{1, all});
}

TEST_CASE("a batched product is the product of each of the batch", "[learn][ops]") {
  const auto of_batch = [](const Tensor& x, std::int64_t i) {
    if (x.shape().rank() == 2) return x;
    return reshape(slice(x, 0, i, i + 1), {x.shape()[1], x.shape()[2]});
  };
  int batched = 0;
  for (const auto& example : op_examples()) {
    if (!example.name.starts_with("batched ")) continue;
    INFO(example.name);
    const Tensor &a = example.inputs[0], &b = example.inputs[1];
    const Tensor all = example.function({a, b});
    REQUIRE(all.shape() == Shape{2, 2, 4});
    for (std::int64_t i = 0; i < 2; ++i) {
      const Tensor one = example.function({of_batch(a, i), of_batch(b, i)});
      // sums of three products, perhaps in another order
      CHECK(largest_difference(of_batch(all, i), one) < 1e-15);
    }
    ++batched;
  }
  CHECK(batched == 12);
}

TEST_CASE("matmul refuses what it does not multiply", "[learn][ops]") {
  const auto zeros = [](const Shape& shape) { return Tensor::full(shape, 0); };
  CHECK_THROWS_WITH(matmul(zeros({2, 3, 4}), zeros({5, 4, 3})),
                    "matmul: batches of one size expected: [2, 3, 4] and [5, 4, 3]");
  CHECK_THROWS_WITH(matmul(zeros({3}), zeros({3, 2})),
                    "matmul: two matrices, or batches of them, expected: [3] and [3, 2]");
  CHECK_THROWS_WITH(matmul(zeros({2, 3, 4}), zeros({3, 4})),
                    "matmul: inner sizes differ: [2, 3, 4] x [3, 4]");
}

TEST_CASE("operands that broadcast give the bits of those written out, and are not written out",
          "[learn][ops]") {
  const Shape large{2, 3, 4, 5};
  const std::vector<Shape> smalls{{},        {5},          {4, 5},       {3, 4, 5},    {2, 1, 1, 1},
                                  {3, 1, 1}, {2, 3, 1, 1}, {1, 3, 1, 1}, {2, 3, 4, 1}, {4, 1}};
  const auto ops = {add, sub, mul, div};
  for (const DType dtype : {DType::f32, DType::f64}) {
    const Tensor x = cast(irregular(large, 0.5, 1.5), dtype);
    for (const Shape& shape : smalls) {
      const Tensor y = cast(irregular(shape, 0.5, 1.5, 1), dtype);
      const Tensor whole = broadcast_to(y, large);
      CAPTURE(to_string(dtype), to_string(shape));
      for (const auto& op : ops) {
        CHECK(op(x, y).to_vector() == op(x, whole).to_vector());
        CHECK(op(y, x).to_vector() == op(whole, x).to_vector());
        reset_buffer_peak();
        const auto before = buffer_statistics();
        const Tensor result = op(x, y);
        // buffers are multiples of 64 bytes
        const auto bytes = (result.size() * (dtype == DType::f32 ? 4 : 8) + 63) / 64 * 64;
        CHECK(buffer_statistics().peak_bytes - before.live_bytes == bytes);
      }
    }
  }
  // what no pattern fits, and what stretches on both sides
  const Tensor x = irregular(large, 0.5, 1.5), apart = irregular({2, 1, 4, 1}, 0.5, 1.5, 1),
               row = irregular({5}, 0.5, 1.5, 2);
  CHECK((x / apart).to_vector() == (x / broadcast_to(apart, large)).to_vector());
  const Shape both{2, 1, 4, 5};
  CHECK((apart / row).to_vector() ==
        (broadcast_to(apart, both) / broadcast_to(row, both)).to_vector());
}

}  // namespace noether::learn
