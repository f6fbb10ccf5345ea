#include "learn/kernels/gemm.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <limits>
#include <string_view>

#include "base/error.h"
#include "learn/kernels/product.h"

namespace noether::learn::kernels {

namespace {

template <class T>
T& at(const Strided<T>& matrix, Index i, Index j) {
  return matrix.data[i * matrix.row + j * matrix.column];
}
template <class T>
T& at(const Listed<T>& matrix, Index i, Index j) {
  return matrix.data[matrix.rows[i] + matrix.columns[j]];
}
template <class T>
T& at(const Spread<T>& matrix, Index i, Index j) {
  return matrix.data[i * matrix.row + matrix.columns[j]];
}

// The definition, one output after the other.
template <class T, class B, class C>
void one_by_one(const Product<T, B, C>& p) {
  for (Index i = 0; i < p.m; ++i) {
    for (Index j = 0; j < p.n; ++j) {
      T& c = at(p.c, i, j);
      T total = p.add ? c : -T(0);
      for (Index from = 0; from < p.k; from += chunk_terms) {
        T sum = 0;
        for (Index l = from; l < std::min(from + chunk_terms, p.k); ++l) {
          sum = std::fma(at(p.a, i, l), at(p.b, l, j), sum);
        }
        total += sum;
      }
      c = std::isnan(total) ? std::numeric_limits<T>::quiet_NaN() : total;
    }
  }
}

template <class P>
using Multiply = void (*)(const P&);

// The widest vectors of this processor.
template <class P>
Multiply<P> best() {
#if defined(__x86_64__)
  const char* pinned = std::getenv("NOETHER_SIMD");
  const std::string_view widest = pinned != nullptr ? pinned : "avx512";
  if (widest != "avx512" && widest != "avx2" && widest != "none") {
    throw base::UsageError(
        fmt::format("NOETHER_SIMD is '{}': avx512, avx2 or none was expected", widest));
  }
  if (widest == "avx512" && __builtin_cpu_supports("avx512f")) return multiply_avx512;
  if (widest != "none" && __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma")) {
    return multiply_avx2;
  }
#endif
  return multiply_plain;
}

template <class T>
Strided<T> operand(T* data, bool transposed, Index rows, Index columns) {
  return transposed ? Strided<T>{data, 1, rows} : Strided<T>{data, columns, 1};
}
template <class T>
Strided<T> transpose(const Strided<T>& x) {
  return {x.data, x.column, x.row};
}

}  // namespace

void multiply_plain(const Product<float>& product) { one_by_one(product); }
void multiply_plain(const PatchProduct<float>& product) { one_by_one(product); }
void multiply_plain(const Product<double>& product) { one_by_one(product); }
void multiply_plain(const PatchProduct<double>& product) { one_by_one(product); }

template <class T>
void gemm(bool transpose_a, bool transpose_b, std::int64_t m, std::int64_t n, std::int64_t k,
          const T* a, const T* b, T beta, T* c) {
  static const auto multiply_best = best<Product<T>>();
  if (k == 0) {
    if (beta == T(0)) std::fill_n(c, m * n, T(0));
    return;
  }
  const Strided<const T> A = operand(a, transpose_a, m, k), B = operand(b, transpose_b, k, n);
  const Strided<T> C = operand(c, false, m, n);
  const bool add = beta != T(0);
  // columns this short would leave vectors empty; those of C^T = B^T A^T are long
  const bool is_thin = n <= 4 && m > n;
  // so few rows do not pay for a copy of B, transposed; A is the smaller one
  const bool is_flat = transpose_b && !transpose_a && 8 < m && m <= 32 && m < n;
  if (is_thin || is_flat) {
    multiply_best({n, m, k, transpose(B), transpose(A), transpose(C), add});
  } else {
    multiply_best({m, n, k, A, B, C, add});
  }
}

template <class T>
void multiply(const PatchProduct<T>& product) {
  static const auto multiply_best = best<PatchProduct<T>>();
  multiply_best(product);
}

template void gemm(bool, bool, std::int64_t, std::int64_t, std::int64_t, const float*, const float*,
                   float, float*);
template void gemm(bool, bool, std::int64_t, std::int64_t, std::int64_t, const double*,
                   const double*, double, double*);
template void multiply(const PatchProduct<float>&);
template void multiply(const PatchProduct<double>&);

}  // namespace noether::learn::kernels
