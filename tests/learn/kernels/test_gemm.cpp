// Large float32 products. The cases hold on every processor; with a tile unit they are about
// learn/kernels/tiles.cpp.

#include <algorithm>
#include <array>
#include <bit>
#include <catch2/catch.hpp>
#include <cmath>
#include <cstdint>
#include <string>
#include <vector>

#include "base/random.h"
#include "learn/kernels/gemm.h"

using noether::learn::kernels::gemm;

namespace {

using Matrix = std::vector<float>;

Matrix normal(std::int64_t size, std::uint64_t index) {
  noether::base::RandomStream random(0, noether::base::Purpose::weights, index);
  Matrix values(static_cast<std::size_t>(size));
  for (float& value : values) value = static_cast<float>(random.normal());
  return values;
}

struct Product {
  bool transpose_a = false, transpose_b = false;
  std::int64_t m = 0, n = 0, k = 0;

  float a(const Matrix& A, std::int64_t i, std::int64_t l) const {
    return A[static_cast<std::size_t>(transpose_a ? l * m + i : i * k + l)];
  }
  float b(const Matrix& B, std::int64_t l, std::int64_t j) const {
    return B[static_cast<std::size_t>(transpose_b ? j * k + l : l * n + j)];
  }
  Matrix of(const Matrix& A, const Matrix& B, float beta = 0, Matrix C = {}) const {
    C.resize(static_cast<std::size_t>(m * n));
    gemm(transpose_a, transpose_b, m, n, k, A.data(), B.data(), beta, C.data());
    return C;
  }
};

// whole tiles and parts of them, in every direction
constexpr std::array<std::array<std::int64_t, 3>, 6> shapes = {
    {{375, 200, 200}, {32, 32, 32}, {33, 47, 65}, {64, 49, 34}, {40, 200, 375}, {48, 80, 81}}};

// The largest error of an element of C, in units of 2^-24 times the sum of the sizes of what was
// added up: products, and what was there before.
double worst_error(const Product& p, const Matrix& A, const Matrix& B, const Matrix& C,
                   const Matrix& before = {}) {
  double worst = 0;
  for (std::int64_t i = 0; i < p.m; ++i) {
    for (std::int64_t j = 0; j < p.n; ++j) {
      const auto ij = static_cast<std::size_t>(i * p.n + j);
      double sum = before.empty() ? 0 : before[ij], size = std::abs(sum);
      for (std::int64_t l = 0; l < p.k; ++l) {
        const double term = double{p.a(A, i, l)} * double{p.b(B, l, j)};
        sum += term;
        size += std::abs(term);
      }
      worst = std::max(worst, std::abs(C[ij] - sum) / (size * std::exp2(-24)));
    }
  }
  return worst;
}

// Sums of k terms in any order err by at most k units, and rarely by many: the worst of five code
// paths, with tiles and without, is 5.6. Without the smallest of the six products it is 43.
constexpr double most_units = 12;

}  // namespace

TEST_CASE("a large float32 product is exact to the rounding of its sums", "[learn][gemm]") {
  for (const bool transpose_a : {false, true}) {
    for (const bool transpose_b : {false, true}) {
      for (const auto [m, n, k] : shapes) {
        const Product product{transpose_a, transpose_b, m, n, k};
        const Matrix A = normal(m * k, 0), B = normal(k * n, 1);
        CAPTURE(transpose_a, transpose_b, m, n, k);
        CHECK(worst_error(product, A, B, product.of(A, B)) < most_units);
      }
    }
  }
}

TEST_CASE("a float32 product adds to what is there if asked to", "[learn][gemm]") {
  for (const auto [m, n, k] : shapes) {
    const Product product{false, true, m, n, k};
    const Matrix A = normal(m * k, 0), B = normal(k * n, 1), before = normal(m * n, 2);
    CAPTURE(m, n, k);
    CHECK(worst_error(product, A, B, product.of(A, B, 1, before), before) < most_units);
  }
}

TEST_CASE("a row of a float32 product keeps its bits when other rows change", "[learn][gemm]") {
  for (const auto [m, n, k] : shapes) {
    const Product product{false, false, m, n, k};
    Matrix A = normal(m * k, 0);
    const Matrix B = normal(k * n, 1), before = product.of(A, B);
    const std::int64_t changed = m - 5;
    for (std::int64_t l = 0; l < k; ++l) A[static_cast<std::size_t>(changed * k + l)] *= 3;
    const Matrix after = product.of(A, B);
    for (std::int64_t i = 0; i < m; ++i) {
      const auto row = before.begin() + i * n;
      CHECK(std::equal(row, row + n, after.begin() + i * n) == (i != changed));
    }
  }
}

TEST_CASE("float32 products keep their accuracy from 1e-15 to 1e15", "[learn][gemm]") {
  const Product product{false, false, 48, 48, 64};
  Matrix A = normal(48 * 64, 0), B = normal(64 * 48, 1);
  for (std::size_t i = 0; i < A.size(); ++i) {
    A[i] *= std::exp2f(static_cast<float>(i % 64) * 1.5F - 48);
    B[i] *= std::exp2f(48 - static_cast<float>(i / 48) * 1.5F);
  }
  CHECK(worst_error(product, A, B, product.of(A, B)) < most_units);
}

TEST_CASE("the path of float32 products has a name", "[learn][gemm]") {
  const std::string path = noether::learn::kernels::float_products();
  if (path != "tiles") WARN("no tile unit here: these cases are about " << path);
  CHECK((path == "tiles" || path.starts_with("oneDNN ")));
}

TEST_CASE("what is not finite is not finite in a float32 product", "[learn][gemm]") {
  const std::int64_t m = 64, n = 48, k = 40;
  const Product product{false, false, m, n, k};
  for (const std::uint32_t bits : {0x7f800000U, 0xff800000U,     // infinities
                                   0x7fc00000U, 0xffc00000U,     // NaN, and with
                                   0x7fffffffU, 0xffffffffU}) {  // all bits set, as of Eigen's log
    CAPTURE(bits);
    Matrix A = normal(m * k, 0), B = normal(k * n, 1);
    const Matrix whole_a = A, whole_b = B;
    A[7 * k + 3] = B[3 * n + 5] = std::bit_cast<float>(bits);
    const Matrix bad_row = product.of(A, whole_b), bad_column = product.of(whole_a, B);
    for (std::int64_t i = 0; i < m * n; ++i) {
      const auto at = static_cast<std::size_t>(i);
      CHECK(std::isfinite(bad_row[at]) == (i / n != 7));
      CHECK(std::isfinite(bad_column[at]) == (i % n != 5));
    }
  }
}
