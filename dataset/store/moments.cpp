#include "dataset/store/moments.h"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <set>
#include <string>
#include <utility>

namespace noether::dataset {
namespace {

bool ends_in_samples_or_times(const Array& array) {
  static const std::set<std::string> names{"trajectory", "episode", "time", "step"};
  return array.axes.empty() || names.contains(array.axes.back());
}

}  // namespace

Moments::Moments(const Array& array)
    : type_(array.type),
      is_scalar_(ends_in_samples_or_times(array)),
      parts_(is_scalar_ ? 1 : static_cast<std::size_t>(array.shape.back())),
      sums_(parts_.size()) {}

bool Moments::exist_of(const Array& array) {
  return !array.axes.empty() && (array.type == ElementType::f8 || array.type == ElementType::f4 ||
                                 array.type == ElementType::u1);
}

void Moments::add_piece(std::span<const std::byte> piece) {
  if (type_ == ElementType::f8) add_numbers<double>(piece);
  if (type_ == ElementType::f4) add_numbers<float>(piece);
  if (type_ == ElementType::u1) add_bytes(piece);
}

template <class T>
void Moments::add_numbers(std::span<const std::byte> piece) {
  const std::size_t stride = parts_.size(), n = piece.size() / sizeof(T);
  const auto number = [&](std::size_t i) {
    T value{};
    std::memcpy(&value, piece.data() + i * sizeof(T), sizeof value);
    return static_cast<double>(value);
  };
  for (std::size_t k = 0; k < stride; ++k) {
    Sums sums = sums_[k];
    if (sums.count == 0) sums.shift = parts_[k].mean;
    // the first number of all is as near the mean as is known
    for (std::size_t i = k; parts_[k].count + sums.count == 0 && i < n; i += stride) {
      sums.shift = number(i);
      if (std::isfinite(sums.shift)) break;
    }
    for (std::size_t i = k; i < n; i += stride) {
      const double x = number(i) - sums.shift;
      if (!std::isfinite(x)) continue;
      sums.count += 1;
      sums.sum += x;
      sums.squares += x * x;
    }
    sums_[k] = sums;
  }
}

// Whole numbers, so the sums are exact. Many lanes are summed side by side, which a processor does
// at once: frames are most of what passes by.
void Moments::add_bytes(std::span<const std::byte> piece) {
  const std::size_t stride = parts_.size(), lanes = 64 * stride;
  constexpr int rows_before_overflow = 60000;  // of squares of bytes, in 32 bits
  std::vector<std::uint32_t> sum(lanes), squares(lanes);
  for (std::size_t at = 0; at < piece.size();) {
    std::ranges::fill(sum, 0U);
    std::ranges::fill(squares, 0U);
    for (int row = 0; row < rows_before_overflow && at < piece.size(); ++row) {
      const auto some = piece.subspan(at, std::min(lanes, piece.size() - at));
      for (std::size_t lane = 0; lane < some.size(); ++lane) {
        const auto value = static_cast<std::uint32_t>(some[lane]);
        sum[lane] += value;
        squares[lane] += value * value;
      }
      at += some.size();
    }
    for (std::size_t lane = 0; lane < lanes; ++lane) {
      sums_[lane % stride].sum += sum[lane];
      sums_[lane % stride].squares += squares[lane];
    }
  }
  for (Sums& sums : sums_) sums.count += static_cast<double>(piece.size() / stride);
}

void Moments::end_block() {
  for (std::size_t k = 0; k < parts_.size(); ++k) {
    const Sums block = std::exchange(sums_[k], {});
    if (block.count == 0) continue;
    Part& all = parts_[k];
    const double mean = block.sum / block.count;
    const double squares = std::max(0.0, block.squares - block.sum * mean);
    const double step = block.shift + mean - all.mean, count = all.count + block.count;
    all.squares += squares + step * step * all.count * block.count / count;
    all.mean += step * block.count / count;
    all.count = count;
  }
}

std::vector<Attribute> Moments::attributes() const {
  std::vector<double> mean, deviation;
  for (const Part& part : parts_) {
    if (part.count == 0) return {};
    mean.push_back(part.mean);
    deviation.push_back(std::sqrt(part.squares / part.count));
  }
  if (mean.empty()) return {};
  if (is_scalar_) return {{"mean", mean.front()}, {"std", deviation.front()}};
  return {{"mean", mean}, {"std", deviation}};
}

}  // namespace noether::dataset
