#pragma once

// Mean and standard deviation of an array, taken while its rows pass by.

#include <span>
#include <vector>

#include "dataset/store/layout.h"

namespace noether::dataset {

// Of each coordinate or colour, where the last axis counts those; of all numbers, where it counts
// samples or times. Numbers that are not finite are left out. Blocks of rows, which may come in
// pieces, are combined after Chan, Golub and LeVeque (1983): there is no cancellation at any
// length.
class Moments {
 public:
  explicit Moments(const Array& array);

  // Floating-point numbers and the bytes of frames have moments; counts, seeds and flags have none.
  static bool exist_of(const Array& array);

  void add(std::span<const std::byte> block) {
    add_piece(block);
    end_block();
  }
  void add_piece(std::span<const std::byte> piece);
  void end_block();

  // `mean` and `std` of the blocks, divided by n; none before a number has come.
  std::vector<Attribute> attributes() const;

 private:
  struct Part {
    double count = 0;
    double mean = 0;
    double squares = 0;  // sum of squares about the mean
  };
  struct Sums {  // of the block that is coming
    double count = 0;
    double shift = 0;  // near the mean
    double sum = 0;    // of the numbers less the shift
    double squares = 0;
  };
  template <class T>
  void add_numbers(std::span<const std::byte> piece);
  void add_bytes(std::span<const std::byte> piece);

  ElementType type_;
  bool is_scalar_;
  std::vector<Part> parts_;
  std::vector<Sums> sums_;
};

}  // namespace noether::dataset
