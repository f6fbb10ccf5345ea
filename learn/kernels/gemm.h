#pragma once

// General matrix products, on one thread, with the same bits on every processor.

#include <cstdint>

#include "learn/kernels/product.h"

namespace noether::learn::kernels {

// C <- op(A) op(B) + beta C, beta 0 or 1, for row-major A, B and C [m, n], where op transposes if
// asked to and op(A) is [m, k]. The order of every sum is fixed (product_loops.h), so the bits do
// not depend on the processor. It decides at run time how many outputs are computed at once:
// NOETHER_SIMD=avx2 in the environment does without AVX-512 where there is one, `none` without any
// vectors; throws UsageError where it is another word than these and avx512.
template <class T>
void gemm(bool transpose_a, bool transpose_b, std::int64_t m, std::int64_t n, std::int64_t k,
          const T* a, const T* b, T beta, T* c);

// The same sums, C <- A B or C + A B, for elements of B and C that lie where lists tell.
template <class T>
void multiply(const PatchProduct<T>& product);

}  // namespace noether::learn::kernels
