// Matrix products: one order of summation, whatever computes them.

#include <algorithm>
#include <array>
#include <bit>
#include <catch2/catch.hpp>
#include <cmath>
#include <cstdint>
#include <cstring>
#include <limits>
#include <numeric>
#include <string>
#include <vector>

#include "base/random.h"
#include "learn/kernels/gemm.h"
#include "learn/kernels/product.h"

using namespace noether::learn::kernels;

namespace {

template <class T>
using Matrix = std::vector<T>;

template <class T>
Matrix<T> normal(std::int64_t size, std::uint64_t index) {
  noether::base::RandomStream random(0, noether::base::Purpose::weights, index);
  Matrix<T> values(static_cast<std::size_t>(size));
  for (T& value : values) value = static_cast<T>(random.normal());
  return values;
}

// The same value by value, NaN included.
template <class T>
bool same_bits(const Matrix<T>& a, const Matrix<T>& b) {
  return a.size() == b.size() && std::memcmp(a.data(), b.data(), a.size() * sizeof(T)) == 0;
}

template <class P>
using Multiply = void (*)(const P&);

// The files for single instruction sets that this processor can run.
template <class P>
std::vector<std::pair<std::string, Multiply<P>>> paths() {
  std::vector<std::pair<std::string, Multiply<P>>> found;
#if defined(__x86_64__)
  found.push_back({"avx2", multiply_avx2});
  if (__builtin_cpu_supports("avx512f")) {
    found.push_back({"avx512", multiply_avx512});
  } else {
    WARN("no AVX-512 here: its path is not tested");
  }
#endif
  return found;
}

struct Case {
  bool transpose_a = false, transpose_b = false, transpose_c = false, add = false;
  std::int64_t m = 1, n = 1, k = 1;
};

template <class T>
Matrix<T> product(Multiply<Product<T>> multiply, const Case& of, const Matrix<T>& A,
                  const Matrix<T>& B, Matrix<T> C) {
  const auto strided = []<class X>(X* x, bool transposed, Index rows, Index columns) {
    return transposed ? Strided<X>{x, 1, rows} : Strided<X>{x, columns, 1};
  };
  multiply({of.m, of.n, of.k, strided(A.data(), of.transpose_a, of.m, of.k),
            strided(B.data(), of.transpose_b, of.k, of.n),
            strided(C.data(), of.transpose_c, of.m, of.n), of.add});
  return C;
}

// every path against the definition
template <class T>
void check_paths(const Case& of, const Matrix<T>& A, const Matrix<T>& B) {
  CAPTURE(of.transpose_a, of.transpose_b, of.transpose_c, of.add, of.m, of.n, of.k);
  const Matrix<T> before = normal<T>(of.m * of.n, 2);
  const Matrix<T> expected = product<T>(multiply_plain, of, A, B, before);
  for (const auto& [name, multiply] : paths<Product<T>>()) {
    CAPTURE(name);
    CHECK(same_bits(product<T>(multiply, of, A, B, before), expected));
  }
}

template <class T>
void check_paths(const Case& of) {
  check_paths<T>(of, normal<T>(of.m * of.k, 0), normal<T>(of.k * of.n, 1));
}

// whole tiles, chunks and panels, one less and one more, and what is thin in each direction
constexpr std::array<std::array<std::int64_t, 3>, 16> shapes = {{{375, 200, 200},
                                                                 {1, 1, 1},
                                                                 {8, 48, 128},
                                                                 {9, 49, 129},
                                                                 {7, 47, 127},
                                                                 {4, 24, 256},
                                                                 {5, 25, 257},
                                                                 {33, 65, 300},
                                                                 {1, 200, 200},
                                                                 {200, 1, 200},
                                                                 {200, 200, 1},
                                                                 {375, 2, 200},
                                                                 {375, 200, 2},
                                                                 {2, 200, 375},
                                                                 {16, 512, 161},
                                                                 {64, 80, 1024}}};

template <class T>
void check_all_forms(std::int64_t m, std::int64_t n, std::int64_t k) {
  for (int bits = 0; bits < 16; ++bits) {
    check_paths<T>({(bits & 1) != 0, (bits & 2) != 0, (bits & 4) != 0, (bits & 8) != 0, m, n, k});
  }
}

}  // namespace

TEST_CASE("every path gives the bits of the definition", "[learn][gemm]") {
  for (const auto [m, n, k] : shapes) {
    check_all_forms<float>(m, n, k);
    check_all_forms<double>(m, n, k);
  }
}

namespace {

// C from B whose rows and columns lie anywhere, in runs of neighbours, and overlap
template <class T>
Matrix<T> listed_product(Multiply<PatchProduct<T>> multiply, Index m, Index runs, Index k,
                         Index run, bool add) {
  std::vector<Index> rows, columns, in_c;
  for (Index l = 0; l < k; ++l) rows.push_back(l * 37 % 101);
  for (Index j = 0; j < runs * run; ++j) {
    columns.push_back(j / run * 61 % 97 + j % run);
    in_c.push_back(j / run * (run + 1) + j % run);
  }
  const Index n = runs * run, row = runs * (run + 1);
  const Matrix<T> A = normal<T>(m * k, 0), B = normal<T>(101 + 97 + run, 1);
  Matrix<T> C = normal<T>(m * row, 2);
  multiply({m,
            n,
            k,
            {A.data(), k, 1},
            {B.data(), rows.data(), columns.data(), run},
            {C.data(), row, in_c.data(), run},
            add});
  return C;
}

template <class T>
void check_listed_paths() {
  for (const Index run : {1, 2, 4, 6, 8, 16, 32, 48})
    for (const Index m : {1, 2, 8, 16, 17, 40})
      for (const Index k : {1, 64, 300})
        for (const bool add : {false, true}) {
          CAPTURE(run, m, k, add);
          const Matrix<T> expected = listed_product<T>(multiply_plain, m, 5, k, run, add);
          for (const auto& [name, multiply] : paths<PatchProduct<T>>()) {
            CAPTURE(name);
            CHECK(same_bits(listed_product<T>(multiply, m, 5, k, run, add), expected));
          }
        }
}

}  // namespace

TEST_CASE("every path gives the bits of the definition for elements in lists", "[learn][gemm]") {
  check_listed_paths<float>();
  check_listed_paths<double>();
}

TEST_CASE("a product of a listed matrix is that of the matrix", "[learn][gemm]") {
  const Index m = 7, n = 10, k = 200;
  const Matrix<double> A = normal<double>(m * k, 0), B = normal<double>(n + k - 1, 1);
  // row l of B is what begins at its l-th value
  Matrix<double> written, C(m * n), expected(m * n);
  for (Index l = 0; l < k; ++l) written.insert(written.end(), B.begin() + l, B.begin() + l + n);
  std::vector<Index> from_0(k);
  std::iota(from_0.begin(), from_0.end(), Index{0});
  multiply<double>({m,
                    n,
                    k,
                    {A.data(), k, 1},
                    {B.data(), from_0.data(), from_0.data(), n},
                    {C.data(), n, from_0.data(), n},
                    false});
  gemm(false, false, m, n, k, A.data(), written.data(), 0.0, expected.data());
  CHECK(same_bits(C, expected));
}

TEST_CASE("paths agree on what is tiny, infinite or not a number", "[learn][gemm]") {
  const Case of{.transpose_b = true, .m = 37, .n = 51, .k = 140};
  for (const float special :
       {std::numeric_limits<float>::denorm_min(), 1e-41F, 3e38F, -0.0F,
        std::numeric_limits<float>::infinity(), -std::numeric_limits<float>::infinity(),
        std::bit_cast<float>(0x7fc12345U), std::bit_cast<float>(0xffffffffU)}) {
    CAPTURE(special);
    Matrix<float> A = normal<float>(of.m * of.k, 0), B = normal<float>(of.k * of.n, 1);
    for (std::size_t i = 3; i < A.size(); i += 97) A[i] = special;
    for (std::size_t i = 5; i < B.size(); i += 1021) B[i] = special;
    check_paths(of, A, B);
  }
}

TEST_CASE("a chunk that rounds to -0 stays -0, and every NaN is the same", "[learn][gemm]") {
  const auto one = [](float a, float b) {
    float c = 1;
    gemm(false, false, 1, 1, 1, &a, &b, 0.0F, &c);
    return std::bit_cast<std::uint32_t>(c);
  };
  CHECK(one(-1e-30F, 1e-30F) == 0x80000000U);  // below the smallest float
  CHECK(one(std::numeric_limits<float>::infinity(), 0) == 0x7fc00000U);
  CHECK(one(std::bit_cast<float>(0xffffffffU), 1) == 0x7fc00000U);
}

TEST_CASE("products are exact to the rounding of their sums", "[learn][gemm]") {
  for (const auto [m, n, k] : shapes) {
    const Matrix<float> A = normal<float>(m * k, 0), B = normal<float>(k * n, 1);
    Matrix<float> C(static_cast<std::size_t>(m * n));
    gemm(false, false, m, n, k, A.data(), B.data(), 0.0F, C.data());
    // in units of 2^-24 times the sum of the sizes of all terms
    double worst = 0;
    for (std::int64_t i = 0; i < m; ++i) {
      for (std::int64_t j = 0; j < n; ++j) {
        double sum = 0, size = 0;
        for (std::int64_t l = 0; l < k; ++l) {
          const double term = double{A[static_cast<std::size_t>(i * k + l)]} *
                              double{B[static_cast<std::size_t>(l * n + j)]};
          sum += term;
          size += std::abs(term);
        }
        const double off = std::abs(C[static_cast<std::size_t>(i * n + j)] - sum);
        worst = std::max(worst, off / (size * std::exp2(-24)));
      }
    }
    CAPTURE(m, n, k);
    // a chain of 128 errs by 128 units at most; errors of random sign add up as its root, 11
    CHECK(worst < 11);
    CHECK(worst > 0);
  }
}

TEST_CASE("a row of a product depends on its own row alone", "[learn][gemm]") {
  const std::int64_t m = 33, n = 47, k = 65;
  const Matrix<float> B = normal<float>(k * n, 1);
  Matrix<float> A = normal<float>(m * k, 0), before(static_cast<std::size_t>(m * n)),
                after = before, alone(static_cast<std::size_t>(n));
  gemm(false, false, m, n, k, A.data(), B.data(), 0.0F, before.data());
  gemm(false, false, 1, n, k, A.data() + 20 * k, B.data(), 0.0F, alone.data());
  CHECK(std::equal(alone.begin(), alone.end(), before.begin() + 20 * n));
  for (std::int64_t l = 0; l < k; ++l) A[static_cast<std::size_t>(28 * k + l)] *= 3;
  gemm(false, false, m, n, k, A.data(), B.data(), 0.0F, after.data());
  for (std::int64_t i = 0; i < m; ++i) {
    const auto row = before.begin() + i * n;
    CHECK(std::equal(row, row + n, after.begin() + i * n) == (i != 28));
  }
}

TEST_CASE("an empty sum is zero, and adds nothing", "[learn][gemm]") {
  Matrix<float> C = {1, 2};
  gemm<float>(false, false, 1, 2, 0, nullptr, nullptr, 1, C.data());
  CHECK(C == Matrix<float>{1, 2});
  gemm<float>(false, false, 1, 2, 0, nullptr, nullptr, 0, C.data());
  CHECK(C == Matrix<float>{0, 0});
}
