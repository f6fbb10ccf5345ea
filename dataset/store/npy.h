#pragma once

// NumPy's files of arrays: one array (.npy), or a zip of several (.npz).
// Source of the facts: numpy.lib.format, versions 1.0 to 3.0; PKWARE's APPNOTE of ZIP.

#include <cstddef>
#include <map>
#include <span>
#include <string>
#include <vector>

#include "dataset/store/layout.h"

namespace noether::dataset {

// Numbers in the order of C, whatever their type was.
struct NumberArray {
  Shape shape;
  std::vector<double> values;
};

// The array in the bytes of a .npy file. Throws DataError where they are none, or hold no numbers.
NumberArray parse_npy(std::span<const std::byte> bytes);

// The arrays of a .npz file by name, stored or deflated. Throws DataError.
std::map<std::string, NumberArray> parse_npz(std::span<const std::byte> bytes);

}  // namespace noether::dataset
