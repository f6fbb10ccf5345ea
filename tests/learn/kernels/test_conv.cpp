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
    // sums of up to thousands of products in another order
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

TEST_CASE("the convolution of an image does not depend on the others", "[learn][conv]") {
  const auto image = [](const Tensor& xs, std::int64_t i) { return slice(xs, 0, i, i + 1); };
  // a single group, and 40 images of 18 x 100 columns, which are taken in groups
  for (const std::int64_t b : {3, 40}) {
    const Tensor x = irregular({b, 2, 12, 12}, -1, 1), w = irregular({4, 2, 3, 3}, -1, 1, 1),
                 g = irregular({b, 4, 10, 10}, -1, 1, 2);
    const Tensor among = conv2d(x, w), dx = conv2d_dx(g, w, x.shape());
    const auto others = [&](const Tensor& all) {
      return concat(Tensors{neg(image(all, 0)), slice(all, 0, 1, b)}, 0);
    };
    const Tensor beside = conv2d(others(x), w), dx_beside = conv2d_dx(others(g), w, x.shape());
    CHECK(image(beside, 0).to_vector() != image(among, 0).to_vector());
    for (const std::int64_t i : {std::int64_t{1}, b - 1}) {
      CHECK(image(beside, i).to_vector() == image(among, i).to_vector());
      CHECK(image(dx_beside, i).to_vector() == image(dx, i).to_vector());
      CHECK(conv2d(image(x, i), w).to_vector() == image(among, i).to_vector());
    }
  }
}

TEST_CASE("the gradient of a kernel is the sum over the images, however they are grouped",
          "[learn][conv]") {
  // runs of 4, 8, 16, 32 and of another number of places, in one group and in several
  for (const std::int64_t px : {8, 16, 32, 64, 10}) {
    const Case c{{9, 3, px, px}, {2, 3, 4, 4}, {.stride = 2, .padding = 1}};
    const auto [x, w, g] = values(c);
    Tensor sum_of_images;
    for (std::int64_t i = 0; i < 9; ++i) {
      const auto image = [i](const Tensor& xs) { return slice(xs, 0, i, i + 1); };
      sum_of_images =
          accumulate(std::move(sum_of_images), conv2d_dw(image(x), image(g), c.w, c.window));
    }
    // sums of up to 9 x 1024 products below 1
    CHECK(largest_difference(conv2d_dw(x, g, c.w, c.window), sum_of_images.to_vector()) < 1e-12);
    CHECK(sum(square(sum_of_images)).item() > 1);
  }
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
