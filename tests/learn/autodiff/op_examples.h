#pragma once

// At least one small problem for every operation, away from kinks and poles.

#include <functional>
#include <string>
#include <vector>

#include "learn/autodiff/op.h"
#include "learn/tensor/tensor.h"

namespace noether::test {

struct OpExample {
  std::string name;
  std::function<learn::Tensor(const learn::Tensors&)> function;
  learn::Tensors inputs;  // float64
};

std::vector<OpExample> op_examples();

// Irregular values, the same in every run, between low and high.
learn::Tensor irregular(const learn::Shape& shape, double low, double high, int seed = 0);

// The operations that function applies directly to what depends on its inputs.
std::vector<learn::Op> ops_applied(const OpExample& example);

}  // namespace noether::test
