#pragma once

// One matrix product as the files for single instruction sets take it; gemm.h is for everybody
// else. No headers of the standard library: what they define inline must not be compiled there.

namespace noether::learn::kernels {

using Index = long;

inline constexpr Index chunk_terms = 128;  // of a sum: product_loops.h

// A matrix whose element (i, j) is data[i row + j column].
template <class T>
struct Strided {
  const T* data;
  Index row, column;
};

// C [m, n] <- A [m, k] B [k, n], added to what is there if asked to.
template <class T>
struct Product {
  Index m, n, k;
  Strided<T> a, b;
  T* c;
  Index c_row, c_column;
  bool add;
};

// The same bits from each. Only the first may be called where the processor lacks the instructions.
void multiply_plain(const Product<float>& product);
void multiply_plain(const Product<double>& product);
void multiply_avx2(const Product<float>& product);
void multiply_avx2(const Product<double>& product);
void multiply_avx512(const Product<float>& product);
void multiply_avx512(const Product<double>& product);

}  // namespace noether::learn::kernels
