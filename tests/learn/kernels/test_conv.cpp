#include <catch2/catch.hpp>
#include <cmath>

#include "base/error.h"
#include "learn/autodiff/ops.h"
#include "tests/learn/autodiff/op_examples.h"

namespace noether::learn {
namespace {

using test::irregular;
using Values = std::vector<double>;

struct Case {
  Shape x, w;
  Window window;
};

const std::vector<Case> cases{
    {{2, 2, 5, 7}, {3, 2, 3, 3}, {}},
    {{2, 2, 5, 7}, {3, 2, 3, 3}, {.stride = 2, .padding = 1}},
    {{1, 3, 6, 5}, {2, 3, 2, 3}, {.stride = 3, .padding = 2}},  // leaves pixels over
    {{2, 1, 8, 8}, {4, 1, 4, 4}, {.stride = 2, .padding = 1}},  // halves the image
    {{1, 2, 7, 4}, {2, 2, 2, 2}, {.stride = 3, .padding = 0}},  // jumps over pixels
    {{2, 3, 4, 4}, {2, 3, 1, 1}, {.stride = 2, .padding = 0}},
    {{1, 1, 1, 1}, {1, 1, 11, 11}, {.stride = 1, .padding = 5}},  // mostly padding
    {{1, 1, 2, 3}, {1, 1, 2, 2}, {.stride = 2, .padding = 4}},    // places in padding alone
};

Shape result_shape(const Case& c) {
  const auto extent = [&](int axis) {
    return (c.x[axis] + 2 * c.window.padding - c.w[axis]) / c.window.stride + 1;
  };
  return {c.x[0], c.w[0], extent(2), extent(3)};
}

std::size_t offset(const Shape& shape, std::int64_t i, std::int64_t j, std::int64_t k,
                   std::int64_t l) {
  return static_cast<std::size_t>(((i * shape[1] + j) * shape[2] + k) * shape[3] + l);
}

// visit(offset in x, offset in w, offset in g) for all terms of T(x, w, g), one loop per index
template <class Visit>
void for_each_term(const Case& c, Visit visit) {
  const Shape g = result_shape(c);
  for (std::int64_t b = 0; b < g[0]; ++b)
    for (std::int64_t k = 0; k < g[1]; ++k)
      for (std::int64_t oy = 0; oy < g[2]; ++oy)
        for (std::int64_t ox = 0; ox < g[3]; ++ox)
          for (std::int64_t channel = 0; channel < c.x[1]; ++channel)
            for (std::int64_t i = 0; i < c.w[2]; ++i)
              for (std::int64_t j = 0; j < c.w[3]; ++j) {
                const std::int64_t y = oy * c.window.stride + i - c.window.padding;
                const std::int64_t x = ox * c.window.stride + j - c.window.padding;
                if (y < 0 || y >= c.x[2] || x < 0 || x >= c.x[3]) continue;
                visit(offset(c.x, b, channel, y, x), offset(c.w, k, channel, i, j),
                      offset(g, b, k, oy, ox));
              }
}

double largest_difference(const Tensor& a, const Values& b) {
  const Values values = a.to_vector();
  REQUIRE(values.size() == b.size());
  double largest = 0;
  for (std::size_t i = 0; i < b.size(); ++i) {
    largest = std::max(largest, std::abs(values[i] - b[i]));
  }
  return largest;
}

double inner(const Tensor& a, const Tensor& b) { return sum(mul(a, b)).item(); }

struct Trio {
  Tensor x, w, g;
};
Trio values(const Case& c) {
  return {irregular(c.x, -1, 1), irregular(c.w, -1, 1, 1), irregular(result_shape(c), -1, 1, 2)};
}

// sums of at most 150 products below 1: 150 eps = 3e-14, and g is no larger
constexpr double rounding = 1e-13;

}  // namespace

TEST_CASE("convolutions are what seven plain loops give", "[learn][conv]") {
  for (const Case& c : cases) {
    INFO(to_string(c.x) << " " << to_string(c.w));
    const auto [x, w, g] = values(c);
    const Values xs = x.to_vector(), ws = w.to_vector(), gs = g.to_vector();
    Values y(gs.size()), dx(xs.size()), dw(ws.size());
    for_each_term(c, [&](std::size_t i, std::size_t j, std::size_t k) {
      y[k] += xs[i] * ws[j];
      dx[i] += gs[k] * ws[j];
      dw[j] += gs[k] * xs[i];
    });
    CHECK(conv2d(x, w, c.window).shape() == g.shape());
    CHECK(largest_difference(conv2d(x, w, c.window), y) < rounding);
    CHECK(largest_difference(conv2d_dx(g, w, c.x, c.window), dx) < rounding);
    CHECK(largest_difference(conv2d_dw(x, g, c.w, c.window), dw) < rounding);
  }
}

TEST_CASE("the three convolutions are gradients of one trilinear form", "[learn][conv]") {
  for (const Case& c : cases) {
    const auto [x, w, g] = values(c);
    const double form = inner(g, conv2d(x, w, c.window));
    CHECK(inner(x, conv2d_dx(g, w, c.x, c.window)) == Approx(form).epsilon(1e-12));
    CHECK(inner(w, conv2d_dw(x, g, c.w, c.window)) == Approx(form).epsilon(1e-12));
    CHECK(std::abs(form) > 1e-3);
  }
}

TEST_CASE("a kernel of one pixel is a product with a matrix", "[learn][conv]") {
  const Tensor x = irregular({1, 3, 4, 5}, -1, 1), w = irregular({2, 3, 1, 1}, -1, 1, 1);
  const Tensor product = matmul(reshape(w, {2, 3}), reshape(x, {3, 20}));
  CHECK(conv2d(x, w).to_vector() == product.to_vector());
}

TEST_CASE("float32 convolutions agree with float64, small and large", "[learn][conv]") {
  // the larger sizes are multiplied by oneDNN
  for (const std::int64_t n : {4, 16}) {
    const Case c{{2, 8, n, n}, {n, 8, 3, 3}, {.stride = 1, .padding = 1}};
    const auto [x, w, g] = values(c);
    const auto [fx, fw, fg] = Trio{cast(x, DType::f32), cast(w, DType::f32), cast(g, DType::f32)};
    // sums of up to 512 products of 1/4 on average, rounded about sixteen times at 6e-8
    constexpr double single = 512 * 0.25 * 1e-6;
    const Tensor y = conv2d(fx, fw, c.window);
    CHECK(y.dtype() == DType::f32);
    CHECK(largest_difference(y, conv2d(x, w, c.window).to_vector()) < single);
    CHECK(largest_difference(conv2d_dx(fg, fw, c.x, c.window),
                             conv2d_dx(g, w, c.x, c.window).to_vector()) < single);
    CHECK(largest_difference(conv2d_dw(fx, fg, c.w, c.window),
                             conv2d_dw(x, g, c.w, c.window).to_vector()) < single);
  }
}

TEST_CASE("an image has the same convolution alone as among others", "[learn][conv]") {
  const Tensor x = irregular({3, 2, 6, 6}, -1, 1), w = irregular({4, 2, 3, 3}, -1, 1, 1);
  const Tensor among = slice(conv2d(x, w), 0, 1, 2), alone = conv2d(slice(x, 0, 1, 2), w);
  CHECK(among.to_vector() == alone.to_vector());
}

TEST_CASE("convolutions say which shapes they expected", "[learn][conv]") {
  const Tensor x = irregular({2, 3, 4, 4}, -1, 1), w = irregular({5, 3, 3, 3}, -1, 1);
  CHECK_THROWS_AS(conv2d(x, irregular({5, 2, 3, 3}, -1, 1)), base::ShapeError);
  CHECK_THROWS_WITH(conv2d(x, irregular({5, 2, 3, 3}, -1, 1)),
                    "conv2d: images [b, c, h, w] and kernels [k, c, kh, kw] expected: "
                    "[2, 3, 4, 4] and [5, 2, 3, 3]");
  CHECK_THROWS_WITH(conv2d(x, irregular({5, 3, 3, 7}, -1, 1), {.padding = 1}),
                    "conv2d: a kernel 7 wide does not fit into 4 pixels and padding 1");
  CHECK_THROWS_WITH(conv2d(x, w, {.stride = 0}),
                    "conv2d: stride 0 and padding 0 were given, at least 1 and 0 were expected");
  CHECK_THROWS_AS(conv2d(x, w, {.padding = -1}), base::ShapeError);
  CHECK_THROWS_AS(conv2d(reshape(x, {6, 4, 4}), w), base::ShapeError);
  CHECK_THROWS_WITH(conv2d(x, cast(w, DType::f32)), "conv2d: types differ: float64 and float32");
  CHECK_THROWS_WITH(conv2d_dx(x, w, {2, 3, 6, 6}),
                    "conv2d_dx: a gradient of shape [2, 5, 4, 4] was expected, not [2, 3, 4, 4]");
  CHECK_THROWS_WITH(conv2d_dw(x, x, {5, 3, 3, 3}),
                    "conv2d_dw: a gradient of shape [2, 5, 2, 2] was expected, not [2, 3, 4, 4]");
}

}  // namespace noether::learn
