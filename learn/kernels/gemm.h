#pragma once

// General matrix products, on one thread.

#include <cstdint>
#include <string>

namespace noether::learn::kernels {

// C <- op(A) op(B) + beta C for row-major A, B and C [m, n], where op transposes if asked to and
// op(A) is [m, k]. Large products of floats run on the tile unit of the processor (tiles.h) or else
// in oneDNN; both are found out at run time, whatever the program was compiled for. double runs in
// Eigen.
template <class T>
void gemm(bool transpose_a, bool transpose_b, std::int64_t m, std::int64_t n, std::int64_t k,
          const T* a, const T* b, T beta, T* c);

// What large products of floats run on here: "tiles", or oneDNN and its instructions, as in
// "oneDNN avx2". Their bits depend on it, and so does what is trained with them.
std::string float_products();

// Eigen cuts long sums to the caches it finds; after this they are cut alike on every machine.
void fix_cache_sizes();

}  // namespace noether::learn::kernels
