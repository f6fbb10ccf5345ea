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

// The definition, one output after the other.
template <class T>
void one_by_one(const Product<T>& p) {
  for (Index i = 0; i < p.m; ++i) {
    for (Index j = 0; j < p.n; ++j) {
      T& c = p.c[i * p.c_row + j * p.c_column];
      T total = p.add ? c : -T(0);
      for (Index from = 0; from < p.k; from += chunk_terms) {
        T sum = 0;
        for (Index l = from; l < std::min(from + chunk_terms, p.k); ++l) {
          sum = std::fma(p.a.data[i * p.a.row + l * p.a.column],
                         p.b.data[l * p.b.row + j * p.b.column], sum);
        }
        total += sum;
      }
      c = std::isnan(total) ? std::numeric_limits<T>::quiet_NaN() : total;
    }
  }
}

template <class T>
using Multiply = void (*)(const Product<T>&);

// The widest vectors of this processor.
template <class T>
Multiply<T> best() {
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
Strided<T> operand(const T* data, bool transposed, Index rows, Index columns) {
  return transposed ? Strided<T>{data, 1, rows} : Strided<T>{data, columns, 1};
}

}  // namespace

void multiply_plain(const Product<float>& product) { one_by_one(product); }
void multiply_plain(const Product<double>& product) { one_by_one(product); }

template <class T>
void gemm(bool transpose_a, bool transpose_b, std::int64_t m, std::int64_t n, std::int64_t k,
          const T* a, const T* b, T beta, T* c) {
  static const Multiply<T> multiply = best<T>();
  if (k == 0) {
    if (beta == T(0)) std::fill_n(c, m * n, T(0));
    return;
  }
  const Strided<T> A = operand(a, transpose_a, m, k), B = operand(b, transpose_b, k, n);
  // columns this short would leave vectors empty; those of C^T = B^T A^T are long
  const bool is_thin = n <= 4 && m > n;
  // so few rows do not pay for a copy of B, transposed; A is the smaller one
  const bool is_flat = transpose_b && !transpose_a && 8 < m && m <= 32 && m < n;
  if (is_thin || is_flat) {
    multiply(
        {n, m, k, {B.data, B.column, B.row}, {A.data, A.column, A.row}, c, 1, n, beta != T(0)});
  } else {
    multiply({m, n, k, A, B, c, n, 1, beta != T(0)});
  }
}
template void gemm(bool, bool, std::int64_t, std::int64_t, std::int64_t, const float*, const float*,
                   float, float*);
template void gemm(bool, bool, std::int64_t, std::int64_t, std::int64_t, const double*,
                   const double*, double, double*);

}  // namespace noether::learn::kernels
