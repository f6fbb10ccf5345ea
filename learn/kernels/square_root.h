#pragma once

// Correctly rounded square roots in array expressions: x.unaryExpr(SquareRoot{}). Eigen's own root
// of floats begins with the processor's estimate, and what that is each maker decides.

#include <Eigen/Core>
#include <cmath>

#ifdef __AVX__
#include <immintrin.h>
#endif

namespace noether::learn::kernels {

struct SquareRoot {
  float operator()(float x) const { return std::sqrt(x); }
  double operator()(double x) const { return std::sqrt(x); }
#ifdef __AVX__
  __m256 packetOp(const __m256& x) const { return _mm256_sqrt_ps(x); }
  __m256d packetOp(const __m256d& x) const { return _mm256_sqrt_pd(x); }
#endif
#ifdef __AVX512F__
  __m512 packetOp(const __m512& x) const { return _mm512_sqrt_ps(x); }
  __m512d packetOp(const __m512d& x) const { return _mm512_sqrt_pd(x); }
#endif
};

}  // namespace noether::learn::kernels

namespace Eigen::internal {

template <>
struct functor_traits<noether::learn::kernels::SquareRoot> {
#ifdef __AVX__
  enum {Cost = 10, PacketAccess = true};
#else
  enum { Cost = 10, PacketAccess = false };
#endif
};

}  // namespace Eigen::internal
