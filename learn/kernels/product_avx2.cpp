// Products by vectors of 256 bits; compiled for AVX2 and FMA, whatever the build is for.

#include "learn/kernels/product_loops.h"
#include "learn/kernels/transpose.h"

namespace noether::learn::kernels {
namespace {

struct Floats : FloatSquares {
  using Scalar = float;
  using Vector = __m256;
  static constexpr Index lanes = 8;
  static constexpr int rows = 4;
  static Vector zero() { return _mm256_setzero_ps(); }
  static Vector load(const float* from) { return _mm256_loadu_ps(from); }
  static void store(float* to, Vector x) { _mm256_storeu_ps(to, x); }
  static Vector broadcast(const float* from) { return _mm256_broadcast_ss(from); }
  static Vector add(Vector a, Vector b) { return _mm256_add_ps(a, b); }
  static Vector fma(Vector a, Vector b, Vector c) { return _mm256_fmadd_ps(a, b, c); }
  static Vector one_nan(Vector x) {
    const Vector nan = _mm256_castsi256_ps(_mm256_set1_epi32(0x7fc00000));
    return _mm256_blendv_ps(x, nan, _mm256_cmp_ps(x, x, _CMP_UNORD_Q));
  }
};

struct Doubles : DoubleSquares {
  using Scalar = double;
  using Vector = __m256d;
  static constexpr Index lanes = 4;
  static constexpr int rows = 4;
  static Vector zero() { return _mm256_setzero_pd(); }
  static Vector load(const double* from) { return _mm256_loadu_pd(from); }
  static void store(double* to, Vector x) { _mm256_storeu_pd(to, x); }
  static Vector broadcast(const double* from) { return _mm256_broadcast_sd(from); }
  static Vector add(Vector a, Vector b) { return _mm256_add_pd(a, b); }
  static Vector fma(Vector a, Vector b, Vector c) { return _mm256_fmadd_pd(a, b, c); }
  static Vector one_nan(Vector x) {
    const Vector nan = _mm256_castsi256_pd(_mm256_set1_epi64x(0x7ff8000000000000));
    return _mm256_blendv_pd(x, nan, _mm256_cmp_pd(x, x, _CMP_UNORD_Q));
  }
};

}  // namespace

void multiply_avx2(const Product<float>& product) { ProductLoops<Floats>::multiply(product); }
void multiply_avx2(const PatchProduct<float>& product) { ProductLoops<Floats>::multiply(product); }
void multiply_avx2(const Product<double>& product) { ProductLoops<Doubles>::multiply(product); }
void multiply_avx2(const PatchProduct<double>& product) {
  ProductLoops<Doubles>::multiply(product);
}

}  // namespace noether::learn::kernels
