#include "learn/noether/query_mlp.h"

#include "base/error.h"
#include "learn/autodiff/ops.h"
#include "learn/autodiff/trace.h"

namespace noether::learn {

namespace {

// delta a^T . delta' a'^T, for each row: the inner product of two rank-one matrices
Tensor product(const Tensor& delta, const Tensor& a, const Tensor& delta2, const Tensor& a2,
               bool weight, bool bias) {
  const Tensor inputs = weight ? shift(row_dot(a, a2), bias ? 1 : 0) : Tensor();
  const Tensor deltas = row_dot(delta, delta2);
  return weight ? deltas * inputs : deltas;
}

}  // namespace

QueryMlp::QueryMlp(const Mlp& mlp, const Params& theta, int first_layer)
    : mlp_(mlp),
      theta_(theta),
      first_layer_(first_layer),
      updates_(static_cast<std::size_t>(mlp.layers() + 1)) {}

Tensor QueryMlp::forward(const Tensor& x, const BiasRows& rows) const {
  Tensor h = x;
  for (int layer = first_layer_; layer <= mlp_.layers(); ++layer) {
    const Tensor bias = rows(layer, h);
    h = bias.defined() ? linear(h, theta_[weight_name(layer)], bias)
                       : apply_layer(mlp_, theta_, layer, h);
    if (layer < mlp_.layers()) h = tanh(h);
  }
  return h;
}

// The layer's bias for each query plus what the updates make of `input`; undefined where nothing
// moved.
Tensor QueryMlp::bias_rows(int layer, const Tensor& input) const {
  const auto& updates = updates_[static_cast<std::size_t>(layer)];
  if (updates.empty()) return {};
  Tensor total;
  for (const auto& [direction, a, moves_weight, moves_bias] : updates) {
    const Tensor along = moves_weight ? shift(row_dot(a, input), moves_bias ? 1 : 0) : Tensor();
    const Tensor part = moves_weight ? scale_rows(direction, along) : direction;
    total = total.defined() ? total + part : part;
  }
  return mlp_.has_bias(layer) ? total + theta_[bias_name(layer)] : total;
}

Tensor QueryMlp::operator()(const Tensor& x) const {
  return forward(x, [&](int layer, const Tensor& input) { return bias_rows(layer, input); });
}

Tensor QueryMlp::squared_norm(const std::vector<Passage>& passages, const Tensors& deltas,
                              const InnerStep& step) const {
  Tensor norm;
  for (std::size_t i = 0; i < passages.size(); ++i) {
    for (std::size_t j = 0; j < passages.size(); ++j) {
      const int layer = passages[i].layer;
      if (layer != passages[j].layer) continue;
      const bool bias = mlp_.has_bias(layer) && step.moves(bias_name(layer));
      const Tensor part = product(deltas[i], passages[i].input, deltas[j], passages[j].input,
                                  step.moves(weight_name(layer)), bias);
      norm = norm.defined() ? norm + part : part;
    }
  }
  return norm;
}

QueryMlp QueryMlp::after_one_step(const Residuals& residuals, const Params& phi,
                                  const InnerStep& step) const {
  ReverseTrace trace;
  std::vector<Passage> passages;
  const Predict f = [&](const Tensor& x) {
    return forward(x, [&](int layer, const Tensor& input) {
      const bool bias_moves = mlp_.has_bias(layer) && step.moves(bias_name(layer));
      const Tensor rows = bias_rows(layer, input);
      if (!step.moves(weight_name(layer)) && !bias_moves) return rows;
      const std::int64_t n = input.shape()[0], width = theta_[weight_name(layer)].shape()[0];
      Tensor base = rows;
      if (!base.defined()) {
        base = mlp_.has_bias(layer) ? broadcast_to(theta_[bias_name(layer)], {n, width})
                                    : Tensor::full({n, width}, 0, input.dtype());
      }
      // an added zero, of which the gradient is delta; as part of the bias it costs nothing
      const Tensor zero = trace.watch(trace.primal(base));
      passages.push_back({layer, trace.primal(input), zero});
      return base.box() != nullptr && base.box()->trace == &trace
                 ? zero + (base - trace.primal(base))
                 : zero;
    });
  };
  const Tensor r = residuals(phi, f);
  if (passages.empty()) throw base::UsageError("the inner step moves no weights");
  Tensors leaves;
  for (const Passage& passage : passages) leaves.push_back(passage.bias);
  const Tensor value = trace.primal(r);
  const Tensors deltas = trace.pull(Tensors{r}, Tensors{seed(value)}, leaves);
  const Tensor norm = step.rule == StepRule::sgd
                          ? Tensor::full({value.shape()[0], 1}, 0, value.dtype())
                          : squared_norm(passages, deltas, step);
  const Tensor factor = neg(step_factor(step, value, norm));
  QueryMlp next = *this;
  for (std::size_t i = 0; i < passages.size(); ++i) {
    const int layer = passages[i].layer;
    next.updates_[static_cast<std::size_t>(layer)].push_back(
        {scale_rows(deltas[i], factor), passages[i].input, step.moves(weight_name(layer)),
         mlp_.has_bias(layer) && step.moves(bias_name(layer))});
  }
  return next;
}

QueryMlp QueryMlp::tailored(const Residuals& residuals, const Params& phi,
                            const InnerStep& step) const {
  QueryMlp now = *this;
  for (int k = 0; k < step.steps; ++k) now = now.after_one_step(residuals, phi, step);
  return now;
}

Params QueryMlp::weights_of(std::int64_t query) const {
  Params weights;
  for (const auto& [name, value] : theta_) weights.add(name, value);
  for (int layer = first_layer_; layer <= mlp_.layers(); ++layer) {
    for (const auto& [direction, a, moves_weight, moves_bias] :
         updates_[static_cast<std::size_t>(layer)]) {
      const Tensor u = slice(direction, 0, query, query + 1), row = slice(a, 0, query, query + 1);
      const std::string W = weight_name(layer), b = bias_name(layer);
      if (moves_weight) weights = weights.with(W, weights[W] + matmul(u, row, true, false));
      if (moves_bias) weights = weights.with(b, weights[b] + reshape(u, {u.size()}));
    }
  }
  return weights;
}

}  // namespace noether::learn
