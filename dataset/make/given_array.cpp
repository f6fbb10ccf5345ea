#include "dataset/make/given_array.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "base/error.h"

namespace noether::dataset {

Shape expect_shape(const H5File& file, const std::string& array, const std::string& expected,
                   std::size_t rank, std::int64_t last) {
  const Shape shape = file.describe(array).shape;
  const bool fits =
      shape.size() == rank && (last < 0 || shape.back() == last) && element_count(shape) > 0;
  if (!fits) {
    throw base::DataError(fmt::format("'{}': '{}' has shape {} where {} was expected",
                                      file.path().string(), array, shape_text(shape), expected));
  }
  return shape;
}

template <class T>
std::vector<T> read_finite(const H5File& file, const std::string& array) {
  auto values = read_array<T>(file, array);
  const auto bad = std::ranges::find_if(values, [](T value) { return !std::isfinite(value); });
  if (bad != values.end()) {
    throw base::DataError(fmt::format("'{}': '{}' holds a non-finite number at element {}",
                                      file.path().string(), array, bad - values.begin()));
  }
  return values;
}

template std::vector<double> read_finite<double>(const H5File&, const std::string&);
template std::vector<float> read_finite<float>(const H5File&, const std::string&);

}  // namespace noether::dataset
