// Products by vectors of 512 bits; compiled for AVX-512, and entered only where the processor has
// it.

#include "learn/kernels/product_loops.h"
#include "learn/kernels/transpose.h"

namespace noether::learn::kernels {
namespace {

struct Floats : FloatSquares {
  using Scalar = float;
  using Vector = __m512;
  static constexpr Index lanes = 16;
  static constexpr int rows = 8;
  static Vector zero() { return _mm512_setzero_ps(); }
  static Vector load(const float* from) { return _mm512_loadu_ps(from); }
  static void store(float* to, Vector x) { _mm512_storeu_ps(to, x); }
  static Vector broadcast(const float* from) { return _mm512_set1_ps(*from); }
  static Vector add(Vector a, Vector b) { return _mm512_add_ps(a, b); }
  static Vector fma(Vector a, Vector b, Vector c) { return _mm512_fmadd_ps(a, b, c); }
  static Vector one_nan(Vector x) {
    const Vector nan = _mm512_castsi512_ps(_mm512_set1_epi32(0x7fc00000));
    return _mm512_mask_mov_ps(x, _mm512_cmp_ps_mask(x, x, _CMP_UNORD_Q), nan);
  }
};

struct Doubles : DoubleSquares {
  using Scalar = double;
  using Vector = __m512d;
  static constexpr Index lanes = 8;
  static constexpr int rows = 8;
  static Vector zero() { return _mm512_setzero_pd(); }
  static Vector load(const double* from) { return _mm512_loadu_pd(from); }
  static void store(double* to, Vector x) { _mm512_storeu_pd(to, x); }
  static Vector broadcast(const double* from) { return _mm512_set1_pd(*from); }
  static Vector add(Vector a, Vector b) { return _mm512_add_pd(a, b); }
  static Vector fma(Vector a, Vector b, Vector c) { return _mm512_fmadd_pd(a, b, c); }
  static Vector one_nan(Vector x) {
    const Vector nan = _mm512_castsi512_pd(_mm512_set1_epi64(0x7ff8000000000000));
    return _mm512_mask_mov_pd(x, _mm512_cmp_pd_mask(x, x, _CMP_UNORD_Q), nan);
  }
};

}  // namespace

void multiply_avx512(const Product<float>& product) { ProductLoops<Floats>::multiply(product); }
void multiply_avx512(const PatchProduct<float>& product) {
  ProductLoops<Floats>::multiply(product);
}
void multiply_avx512(const Product<double>& product) { ProductLoops<Doubles>::multiply(product); }
void multiply_avx512(const PatchProduct<double>& product) {
  ProductLoops<Doubles>::multiply(product);
}

}  // namespace noether::learn::kernels
