#include "bench/symmetries/filter_sharing.h"

#include <algorithm>
#include <span>

#include "bench/symmetries/columns.h"

namespace noether::bench {
namespace {

using learn::Tensor;

std::size_t row_of(std::size_t site, std::size_t tap) { return site * filter_inputs + site + tap; }

}  // namespace

Tensor true_weights(const FilterTasks& tasks, std::int64_t task) {
  const auto taps = tasks.filters.data<float>().subspan(
      static_cast<std::size_t>(task * filter_sites * filter_taps));
  return Tensor::build<double>({filter_sites, filter_inputs}, [&](std::span<double> W) {
    std::ranges::fill(W, 0);
    for (std::size_t i = 0; i < filter_sites; ++i)
      for (std::size_t t = 0; t < filter_taps; ++t) W[row_of(i, t)] = taps[i * filter_taps + t];
  });
}

SharingQuality sharing_quality(const Tensor& U, const Tensor& mixing) {
  const Columns columns = columns_of(U);
  double within = 0, all = 0;
  for (const auto& column : columns) {
    all += dot(column, column);
    for (std::size_t i = 0; i < filter_sites; ++i)
      for (std::size_t t = 0; t < filter_taps; ++t)
        within += column[row_of(i, t)] * column[row_of(i, t)];
  }
  return {within / all, held_share(U, true_columns(mixing))};
}

Tensor site_likeness(const Tensor& columns) {
  const Columns Q = orthonormal(columns_of(columns));
  return Tensor::build<double>({filter_sites, filter_sites}, [&](std::span<double> S) {
    std::ranges::fill(S, 0);
    for (const auto& column : Q) {
      for (std::size_t at = 0; at < S.size(); ++at) {
        for (std::size_t t = 0; t < filter_taps; ++t)
          S[at] += column[row_of(at / filter_sites, t)] * column[row_of(at % filter_sites, t)];
      }
    }
  });
}

Tensor true_columns(const Tensor& mixing) {
  const auto C = mixing.data<double>();
  const auto rank = static_cast<std::size_t>(mixing.shape()[1]);
  const std::size_t width = filter_taps * rank;
  return Tensor::build<double>(
      {filter_sites * filter_inputs, static_cast<std::int64_t>(width)}, [&](std::span<double> out) {
        std::ranges::fill(out, 0);
        for (std::size_t i = 0; i < filter_sites; ++i)
          for (std::size_t column = 0; column < width; ++column)
            out[row_of(i, column / rank) * width + column] = C[i * rank + column % rank];
      });
}

}  // namespace noether::bench
