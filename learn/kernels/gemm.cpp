#include "learn/kernels/gemm.h"

#include <fmt/format.h>
#include <omp.h>
#include <oneapi/dnnl/dnnl.h>

#include <Eigen/Core>
#include <stdexcept>

#include "learn/kernels/tiles.h"
#include "learn/tensor/buffer.h"

namespace noether::learn::kernels {

namespace {

template <class T>
using Matrix = Eigen::Matrix<T, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;

// below this many multiplications the call into oneDNN costs more than it saves
constexpr std::int64_t large_product = 1 << 15;

template <class A, class B, class T>
void accumulate(const A& a, const B& b, T beta, Eigen::Map<Matrix<T>> c) {
  if (beta == T(0)) {
    c.noalias() = a * b;
  } else {
    if (beta != T(1)) c *= beta;
    c.noalias() += a * b;
  }
}

template <class T>
void eigen_gemm(bool ta, bool tb, std::int64_t m, std::int64_t n, std::int64_t k, const T* a,
                const T* b, T beta, T* c) {
  fix_cache_sizes();
  using Map = Eigen::Map<const Matrix<T>>;
  const Map A(a, ta ? k : m, ta ? m : k), B(b, tb ? n : k, tb ? k : n);
  Eigen::Map<Matrix<T>> C(c, m, n);
  if (ta && tb) {
    accumulate(A.transpose(), B.transpose(), beta, C);
  } else if (ta) {
    accumulate(A.transpose(), B, beta, C);
  } else if (tb) {
    accumulate(A, B.transpose(), beta, C);
  } else {
    accumulate(A, B, beta, C);
  }
}

// ONEDNN_MAX_CPU_ISA in the environment pins instructions for oneDNN; it is heeded here, too.
bool tiles_available() {
  static const bool available = (dnnl_get_effective_cpu_isa() & dnnl_cpu_isa_avx512_core_amx) ==
                                    dnnl_cpu_isa_avx512_core_amx &&
                                request_tiles();
  return available;
}

void sgemm(bool ta, bool tb, std::int64_t m, std::int64_t n, std::int64_t k, const float* a,
           const float* b, float beta, float* c) {
  if (m >= 32 && n >= 32 && k >= 32 && (beta == 0 || beta == 1) && tiles_available()) {
    tile_sgemm(ta, tb, m, n, k, a, b, beta, c);
    return;
  }
  const auto status = dnnl_sgemm(ta ? 'T' : 'N', tb ? 'T' : 'N', m, n, k, 1, a, ta ? m : k, b,
                                 tb ? k : n, beta, c, n);
  if (status != dnnl_success) throw std::runtime_error("oneDNN could not multiply two matrices");
}

// A result of two to four columns would fill that many of 16 vector lanes; its transpose
// C^T = op(B)^T op(A)^T has long rows.
void narrow_sgemm(bool ta, bool tb, std::int64_t m, std::int64_t n, std::int64_t k, const float* a,
                  const float* b, float* c) {
  Buffer rows(static_cast<std::size_t>(n * k) * sizeof(float));
  Buffer result(static_cast<std::size_t>(n * m) * sizeof(float));
  auto* C = reinterpret_cast<float*>(result.data());
  if (!tb) {
    auto* transposed = reinterpret_cast<float*>(rows.data());
    Eigen::Map<Matrix<float>>(transposed, n, k) =
        Eigen::Map<const Matrix<float>>(b, k, n).transpose();
    b = transposed;
  }
  sgemm(false, !ta, n, m, k, b, a, 0, C);
  Eigen::Map<Matrix<float>>(c, m, n) = Eigen::Map<const Matrix<float>>(C, n, m).transpose();
}

// A sum of one or two terms costs what writing it costs: row by row, in one pass over C.
void thin_sgemm(bool ta, bool tb, std::int64_t m, std::int64_t n, std::int64_t k, const float* a,
                const float* b, float beta, float* c) {
  using Row = Eigen::Array<float, 1, Eigen::Dynamic>;
  Buffer rows(static_cast<std::size_t>(n * k) * sizeof(float));
  if (tb) {
    auto* transposed = reinterpret_cast<float*>(rows.data());
    Eigen::Map<Matrix<float>>(transposed, k, n) =
        Eigen::Map<const Matrix<float>>(b, n, k).transpose();
    b = transposed;
  }
  const Eigen::Map<const Row> first(b, n), second(b + (k - 1) * n, n);
  const auto factor = [&](std::int64_t i, std::int64_t term) {
    return ta ? a[term * m + i] : a[i * k + term];
  };
  const auto put = [&](std::int64_t i, const auto& terms) {
    Eigen::Map<Row> row(c + i * n, n);
    if (beta == 0) {
      row = terms;
    } else {
      row = beta * row + terms;
    }
  };
  for (std::int64_t i = 0; i < m; ++i) {
    if (k == 1) {
      put(i, factor(i, 0) * first);
    } else {
      put(i, factor(i, 0) * first + factor(i, 1) * second);
    }
  }
}

}  // namespace

std::string float_products() {
  if (tiles_available()) return "tiles";
  const auto isa = dnnl_get_effective_cpu_isa();
  switch (isa) {
    case dnnl_cpu_isa_sse41:
      return "oneDNN sse41";
    case dnnl_cpu_isa_avx:
      return "oneDNN avx";
    case dnnl_cpu_isa_avx2:
      return "oneDNN avx2";
    case dnnl_cpu_isa_avx512_core:
      return "oneDNN avx512_core";
    case dnnl_cpu_isa_avx512_core_vnni:
      return "oneDNN avx512_core_vnni";
    case dnnl_cpu_isa_avx512_core_bf16:
      return "oneDNN avx512_core_bf16";
    default:
      return fmt::format("oneDNN {:#x}", static_cast<unsigned>(isa));
  }
}

void fix_cache_sizes() {
  static const bool fixed = (Eigen::setCpuCacheSizes(32 << 10, 1 << 20, 8 << 20), true);
  static_cast<void>(fixed);
}

template <>
void gemm(bool transpose_a, bool transpose_b, std::int64_t m, std::int64_t n, std::int64_t k,
          const double* a, const double* b, double beta, double* c) {
  eigen_gemm(transpose_a, transpose_b, m, n, k, a, b, beta, c);
}

template <>
void gemm(bool transpose_a, bool transpose_b, std::int64_t m, std::int64_t n, std::int64_t k,
          const float* a, const float* b, float beta, float* c) {
  if (m * n * k < large_product) {
    eigen_gemm(transpose_a, transpose_b, m, n, k, a, b, beta, c);
    return;
  }
  // one thread: runs differ in their seeds, and are what we compute side by side
  thread_local const bool single = (omp_set_num_threads(1), true);
  static_cast<void>(single);
  if (k <= 2 && n > 4) {
    thin_sgemm(transpose_a, transpose_b, m, n, k, a, b, beta, c);
  } else if (1 < n && n <= 4 && beta == 0) {
    narrow_sgemm(transpose_a, transpose_b, m, n, k, a, b, c);
  } else {
    sgemm(transpose_a, transpose_b, m, n, k, a, b, beta, c);
  }
}

}  // namespace noether::learn::kernels
