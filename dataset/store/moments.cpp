#include "dataset/store/moments.h"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <set>
#include <string>

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
      parts_(is_scalar_ ? 1 : static_cast<std::size_t>(array.shape.back())) {}

bool Moments::exist_of(const Array& array) {
  return !array.axes.empty() && (array.type == ElementType::f8 || array.type == ElementType::f4 ||
                                 array.type == ElementType::u1);
}

void Moments::add(std::span<const std::byte> rows) {
  if (type_ == ElementType::f8) add_numbers<double>(rows);
  if (type_ == ElementType::f4) add_numbers<float>(rows);
  if (type_ == ElementType::u1) add_numbers<std::uint8_t>(rows);
}

// Sums about a shift near the mean; they become a mean and squares about it.
template <class T>
void Moments::add_numbers(std::span<const std::byte> rows) {
  const std::size_t stride = parts_.size(), n = rows.size() / sizeof(T);
  const auto number = [&](std::size_t i) {
    T value{};
    std::memcpy(&value, rows.data() + i * sizeof(T), sizeof value);
    return static_cast<double>(value);
  };
  for (std::size_t k = 0; k < stride; ++k) {
    double shift = parts_[k].mean;
    for (std::size_t i = k; parts_[k].count == 0 && i < n; i += stride) {
      shift = number(i);
      if (std::isfinite(shift)) break;
    }
    Part block;
    double sum = 0;
    for (std::size_t i = k; i < n; i += stride) {
      const double x = number(i) - shift;
      if (!std::isfinite(x)) continue;
      block.count += 1;
      sum += x;
      block.squares += x * x;
    }
    if (block.count == 0) continue;
    block.mean = sum / block.count;
    block.squares = std::max(0.0, block.squares - sum * block.mean);
    combine(parts_[k], shift, block);
  }
}

void Moments::combine(Part& all, double shift, const Part& block) const {
  const double step = shift + block.mean - all.mean, count = all.count + block.count;
  all.squares += block.squares + step * step * all.count * block.count / count;
  all.mean += step * block.count / count;
  all.count = count;
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
