#pragma once

// One matrix product as the files for single instruction sets take it; gemm.h is for everybody
// else. No headers of the standard library: what they define inline must not be compiled there.

namespace noether::learn::kernels {

using Index = long;

inline constexpr Index chunk_terms = 128;  // of a sum: product_loops.h

// A matrix whose element (i, j) is data[i row + j column].
template <class T>
struct Strided {
  T* data;
  Index row, column;
};

// A matrix whose element (i, j) is data[rows[i] + columns[j]]. Its columns, and those of Spread,
// come in runs of neighbours, each `run` long.
template <class T>
struct Listed {
  T* data;
  const Index *rows, *columns;
  Index run;
};

// A matrix whose element (i, j) is data[i row + columns[j]], with ascending columns.
template <class T>
struct Spread {
  T* data;
  Index row;
  const Index* columns;
  Index run;
};

// C [m, n] <- A [m, k] B [k, n], added to what is there if asked to.
template <class T, class MatrixB = Strided<const T>, class MatrixC = Strided<T>>
struct Product {
  Index m, n, k;
  Strided<const T> a;
  MatrixB b;
  MatrixC c;
  bool add;
};
// One whose B is not written anywhere as a matrix: patches of images, for example.
template <class T>
using PatchProduct = Product<T, Listed<const T>, Spread<T>>;

// The same bits from each. Only the first may be called where the processor lacks the instructions.
void multiply_plain(const Product<float>& product);
void multiply_plain(const PatchProduct<float>& product);
void multiply_plain(const Product<double>& product);
void multiply_plain(const PatchProduct<double>& product);
void multiply_avx2(const Product<float>& product);
void multiply_avx2(const PatchProduct<float>& product);
void multiply_avx2(const Product<double>& product);
void multiply_avx2(const PatchProduct<double>& product);
void multiply_avx512(const Product<float>& product);
void multiply_avx512(const PatchProduct<float>& product);
void multiply_avx512(const Product<double>& product);
void multiply_avx512(const PatchProduct<double>& product);

}  // namespace noether::learn::kernels
