#pragma once

// Formulas compiled for speed: value and gradient at sixteen points at a time.

#include <array>
#include <cstdint>
#include <span>
#include <vector>

#include "base/pack.h"
#include "learn/formula/expression.h"

namespace noether::learn::symbolic {

// One coordinate of a pack of points.
using Lanes = std::array<double, base::pack_lanes>;

// What is done to the registers: the operation on register `at` (and `at + 1`), into `at`.
struct Instruction {
  Op op = Op::number;
  std::int32_t index = 0;  // of an input or a parameter
  double value = 0;        // of a number or an exponent
  std::int32_t at = 0;
};

struct Program {
  std::vector<Instruction> instructions = {};
  int registers = 0;
  int parameters = 0;
};

Program compile(const Expression& e);

// Registers to run programs in. Each holds a number and its D partial derivatives (forward mode:
// every operation carries them along by the chain rule) at a pack of points. Running allocates only
// where a program needs more registers than any before.
class Machine {
 public:
  explicit Machine(int dimension) : width_(static_cast<std::size_t>(dimension) + 1) {}

  // Value and then the D partial derivatives at the points x, a pack for each coordinate; valid
  // until the next run. What is undefined is NaN or infinite.
  std::span<const base::Pack> run(const Program& program, std::span<const Lanes> x,
                                  std::span<const double> parameters);

 private:
  void leaf(const Instruction& i, std::span<const Lanes> x, std::span<const double> parameters);

  std::size_t width_;  // packs a register
  std::vector<base::Pack> registers_ = {};
};

}  // namespace noether::learn::symbolic
