#pragma once

// Comparison of one array of two files; private to diff.cpp.

#include <cstdint>
#include <functional>
#include <string>

#include "dataset/exchange/diff.h"
#include "dataset/store/h5.h"

namespace noether::dataset {

// Whether two numbers are equal as DiffOptions::tolerance says.
bool equal_numbers(double a, double b, double tolerance);

// Compares the array `path`, which both files have; on_bytes is told of every piece how large it
// was.
ArrayDifference compare_array(const H5File& first, const H5File& second, const std::string& path,
                              double tolerance, const std::function<void(std::int64_t)>& on_bytes);

}  // namespace noether::dataset
