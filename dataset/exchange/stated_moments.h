#pragma once

#include <optional>
#include <string>
#include <vector>

#include "dataset/store/h5.h"
#include "dataset/store/moments.h"

namespace noether::dataset {

// The attributes `mean` and `std` of an array against its numbers, while these pass by.
class StatedMoments {
 public:
  StatedMoments(const H5File& file, const std::string& path, const H5Array& array);

  void add(const Bytes& rows);

  // The names of those that are not what the numbers give; none of an array that states none.
  std::vector<std::string> wrong() const;

 private:
  std::vector<Attribute> stated_;
  std::optional<Moments> found_;
};

}  // namespace noether::dataset
