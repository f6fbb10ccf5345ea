#include "render/gym/area_average.h"

#include <algorithm>
#include <array>
#include <string>

#include "base/error.h"
#include "render/gym/pendulum_frame.h"

namespace noether::render {

std::uint8_t round_half_even(std::uint64_t sum, std::uint64_t total) {
  const std::uint64_t quotient = sum / total;
  const std::uint64_t twice_rest = 2 * (sum % total);
  const bool up = twice_rest > total || (twice_rest == total && quotient % 2 == 1);
  return static_cast<std::uint8_t>(quotient + (up ? 1 : 0));
}

Image area_average(const Image& image, int size_px) {
  const int n = image.width_px;
  if (image.height_px != n || size_px < 1 || size_px > n) {
    throw base::UsageError("area_average: cannot average " + std::to_string(n) + " x " +
                           std::to_string(image.height_px) + " px to " + std::to_string(size_px) +
                           " x " + std::to_string(size_px));
  }
  // the overlap of cell i and pixel p
  const auto overlap = [&](int i, int p) {
    return static_cast<std::uint64_t>(std::min((i + 1) * n, (p + 1) * size_px) -
                                      std::max(i * n, p * size_px));
  };
  const auto first_pixel = [&](int i) { return i * n / size_px; };
  const auto end_pixel = [&](int i) { return ((i + 1) * n + size_px - 1) / size_px; };
  const auto total = static_cast<std::uint64_t>(n) * static_cast<std::uint64_t>(n);

  Image small{size_px, size_px, {}};
  for (int row = 0; row < size_px; ++row) {
    for (int column = 0; column < size_px; ++column) {
      std::array<std::uint64_t, 3> sum{};
      for (int y = first_pixel(row); y < end_pixel(row); ++y) {
        for (int x = first_pixel(column); x < end_pixel(column); ++x) {
          const std::uint64_t weight = overlap(row, y) * overlap(column, x);
          const auto at = static_cast<std::size_t>(y * n + x) * 3;
          for (std::size_t c = 0; c < 3; ++c) sum[c] += weight * image.rgb[at + c];
        }
      }
      for (const std::uint64_t s : sum) small.rgb.push_back(round_half_even(s, total));
    }
  }
  return small;
}

CellShare cell_share(int cell, int n_px, int size_px) {
  const int begin = cell * n_px;
  const int end = begin + n_px;
  CellShare share{begin / size_px, (end + size_px - 1) / size_px, 0, 0};
  share.first_weight =
      static_cast<std::uint32_t>(std::min((share.first + 1) * size_px, end) - begin);
  if (share.last > share.first + 1) {
    share.last_weight = static_cast<std::uint32_t>(end - (share.last - 1) * size_px);
  }
  return share;
}

CellAverager::CellAverager(int n_px, int size_px)
    : n_px_(n_px), size_px_(size_px), column_sums_(static_cast<std::size_t>(n_px) * 3) {
  for (int i = 0; i < size_px; ++i) shares_.push_back(cell_share(i, n_px, size_px));
}

void CellAverager::average(const Image& image, int row, int first_column, int last_column,
                           std::vector<std::uint8_t>& averages) {
  const auto at = [&](int i) { return shares_[static_cast<std::size_t>(i)]; };
  const auto weight = [&](const CellShare& share, int p) {
    return p == share.first      ? share.first_weight
           : p == share.last - 1 ? share.last_weight
                                 : static_cast<std::uint32_t>(size_px_);
  };
  // down each column first: the inner loop runs over neighbouring bytes. A sum stays below
  // 255 n^2 < 2^32
  const auto begin = static_cast<std::size_t>(at(first_column).first) * 3;
  const auto end = static_cast<std::size_t>(at(last_column - 1).last) * 3;
  std::uint32_t* sums = column_sums_.data();
  std::fill(sums + begin, sums + end, 0u);
  const CellShare rows = at(row);
  for (int y = rows.first; y < rows.last; ++y) {
    const std::uint32_t w = weight(rows, y);
    const std::uint8_t* pixels =
        image.rgb.data() + static_cast<std::size_t>(y) * static_cast<std::size_t>(n_px_) * 3;
    for (std::size_t i = begin; i < end; ++i) sums[i] += w * pixels[i];
  }

  const auto total = static_cast<std::uint64_t>(n_px_) * static_cast<std::uint64_t>(n_px_);
  for (int column = first_column; column < last_column; ++column) {
    const CellShare columns = at(column);
    for (std::size_t c = 0; c < 3; ++c) {
      std::uint32_t sum = 0;
      for (int x = columns.first; x < columns.last; ++x) {
        sum += weight(columns, x) * sums[static_cast<std::size_t>(x) * 3 + c];
      }
      averages[static_cast<std::size_t>(row * size_px_ + column) * 3 + c] =
          round_half_even(sum, total);
    }
  }
}

}  // namespace noether::render
