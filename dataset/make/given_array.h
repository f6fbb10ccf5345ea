#pragma once

// Arrays of the input of a rollout, checked.

#include <string>
#include <vector>

#include "dataset/store/dataset_file.h"

namespace noether::dataset {

// The shape of an array of this rank, at least one number, and `last` numbers along the last axis
// (any if negative). Throws DataError with `expected`, a text like "(N, 2)", for another.
Shape expect_shape(const H5File& file, const std::string& array, const std::string& expected,
                   std::size_t rank, std::int64_t last);

// The numbers of an array; throws DataError with the place of one that is not finite. T is double
// or float.
template <class T>
std::vector<T> read_finite(const H5File& file, const std::string& array);

}  // namespace noether::dataset
