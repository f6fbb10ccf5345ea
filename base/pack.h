#pragma once

// Sixteen numbers that travel together: one of each of the sixteen trajectories of a pack. Every
// operation acts on each lane alone and rounds as IEEE 754 says, so a lane's bits depend neither on
// its neighbours nor on the width of the machine's vectors.

#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <utility>

#if defined(__AVX512F__) || defined(__FMA__)
#include <immintrin.h>
#elif defined(__ARM_NEON) && defined(__aarch64__)
#include <arm_neon.h>
#endif

namespace noether::base {

inline constexpr std::size_t pack_lanes = 16;

#if defined(__AVX512F__)
inline constexpr std::size_t vector_bytes = 64;
#elif defined(__AVX__)
inline constexpr std::size_t vector_bytes = 32;
#else
inline constexpr std::size_t vector_bytes = 16;
#endif

// One register of the machine, and as many of them as make up a pack.
using Vector [[gnu::vector_size(vector_bytes)]] = double;
using VectorMask [[gnu::vector_size(vector_bytes)]] = std::int64_t;
inline constexpr std::size_t vector_lanes = vector_bytes / sizeof(double);
inline constexpr std::size_t pack_vectors = pack_lanes / vector_lanes;

// a b + c, rounded once.
inline Vector fma(Vector a, Vector b, Vector c) {
#if defined(__AVX512F__)
  return _mm512_fmadd_pd(a, b, c);
#elif defined(__FMA__)
  return _mm256_fmadd_pd(a, b, c);
#elif defined(__ARM_NEON) && defined(__aarch64__)
  return vfmaq_f64(c, a, b);
#else
  Vector result{};
  for (std::size_t i = 0; i < vector_lanes; ++i) result[i] = std::fma(a[i], b[i], c[i]);
  return result;
#endif
}

inline Vector sqrt(Vector a) {
#if defined(__AVX512F__)
  return _mm512_sqrt_pd(a);
#elif defined(__FMA__)
  return _mm256_sqrt_pd(a);
#elif defined(__ARM_NEON) && defined(__aarch64__)
  return vsqrtq_f64(a);
#else
  Vector result{};
  for (std::size_t i = 0; i < vector_lanes; ++i) result[i] = std::sqrt(a[i]);
  return result;
#endif
}

struct Pack {
  std::array<Vector, pack_vectors> part;
};

// Calls f(0), f(1), ... for each register of a pack; unrolled, so that a Pack lives in registers.
template <class F>
[[gnu::always_inline]] inline void each_vector(F f) {
  [&]<std::size_t... i>(std::index_sequence<i...>) { (f(i), ...); }
  (std::make_index_sequence<pack_vectors>{});
}

[[gnu::always_inline]] inline Pack broadcast(double value) {
  Pack result;
  each_vector([&](std::size_t i) { result.part[i] = value - Vector{}; });
  return result;
}

inline Pack load(const std::array<double, pack_lanes>& lanes) {
  Pack result;
  std::memcpy(&result, lanes.data(), sizeof(result));
  return result;
}

inline std::array<double, pack_lanes> lanes(const Pack& pack) {
  std::array<double, pack_lanes> result;
  std::memcpy(result.data(), &pack, sizeof(pack));
  return result;
}

[[gnu::always_inline]] inline Pack fma(const Pack& a, const Pack& b, const Pack& c) {
  Pack result;
  each_vector([&](std::size_t i) { result.part[i] = fma(a.part[i], b.part[i], c.part[i]); });
  return result;
}

[[gnu::always_inline]] inline Pack operator*(const Pack& a, const Pack& b) {
  Pack result;
  each_vector([&](std::size_t i) { result.part[i] = a.part[i] * b.part[i]; });
  return result;
}

[[gnu::always_inline]] inline Pack operator*(double a, const Pack& b) {
  Pack result;
  each_vector([&](std::size_t i) { result.part[i] = a * b.part[i]; });
  return result;
}

[[gnu::always_inline]] inline Pack operator+(const Pack& a, const Pack& b) {
  Pack result;
  each_vector([&](std::size_t i) { result.part[i] = a.part[i] + b.part[i]; });
  return result;
}

[[gnu::always_inline]] inline Pack operator-(const Pack& a, const Pack& b) {
  Pack result;
  each_vector([&](std::size_t i) { result.part[i] = a.part[i] - b.part[i]; });
  return result;
}

[[gnu::always_inline]] inline Pack operator/(const Pack& a, const Pack& b) {
  Pack result;
  each_vector([&](std::size_t i) { result.part[i] = a.part[i] / b.part[i]; });
  return result;
}

// f of each lane by itself, where the machine has no vector instruction.
template <class F>
Pack each_lane(const Pack& a, F f) {
  std::array<double, pack_lanes> values = lanes(a);
  for (double& value : values) value = f(value);
  return load(values);
}

[[gnu::always_inline]] inline Pack sqrt(const Pack& a) {
  Pack result;
  each_vector([&](std::size_t i) { result.part[i] = sqrt(a.part[i]); });
  return result;
}

}  // namespace noether::base
