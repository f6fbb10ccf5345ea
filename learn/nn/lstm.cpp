#include "learn/nn/lstm.h"

namespace noether::learn {

void LstmCell::add_to(InitialWeights& weights) const {
  const std::int64_t fan_in = in + memory;
  weights.add(name + ".W", {4 * memory, in}, fan_in);
  weights.add(name + ".U", {4 * memory, memory}, fan_in);
  weights.add(name + ".b", {4 * memory}, fan_in);
  weights.add(name + ".d", {4 * memory}, fan_in);
  weights.set(name + ".b", memory, 2 * memory, 1);
}

LstmState LstmCell::start(std::int64_t n, DType dtype) const {
  const Tensor zeros = Tensor::full({n, memory}, 0, dtype);
  return {zeros, zeros};
}

LstmState LstmCell::operator()(const Params& params, const Tensor& x,
                               const LstmState& before) const {
  const Tensor z = linear(x, params[name + ".W"], params[name + ".b"]) +
                   linear(before.h, params[name + ".U"], params[name + ".d"]);
  const Tensor gates = sigmoid(slice(z, 1, 0, 3 * memory));
  const auto gate = [&](int i) { return slice(gates, 1, i * memory, (i + 1) * memory); };
  const Tensor g = tanh(slice(z, 1, 3 * memory, 4 * memory));
  const Tensor c = gate(1) * before.c + gate(0) * g;
  return {gate(2) * tanh(c), c};
}

}  // namespace noether::learn
