#include "learn/noether/query_mlp.h"

#include <fmt/format.h>

#include <utility>

#include "base/error.h"
#include "learn/autodiff/ops.h"
#include "learn/autodiff/trace.h"
#include "learn/noether/multipliers.h"

namespace noether::learn {

namespace {

// One passage of all queries through a layer that moves, on the tape of the inner gradient.
struct Passage {
  int layer;
  Tensor input;           // a, [n, in], for the tape a constant
  Tensor pre_activation;  // [n, out], on the tape
  bool weight, bias;      // which of the two moves
};

// sum <delta_i a_i^T, delta2_j a_j^T> of each query, over passages of the same layer, with the
// biases where they move: [n, 1].
Tensor inner_product(const std::vector<Passage>& passages, const Tensors& deltas,
                     const Tensors& deltas2) {
  Tensor total = Tensor::full({deltas[0].shape()[0], 1}, 0, deltas[0].dtype());
  for (std::size_t i = 0; i < passages.size(); ++i) {
    for (std::size_t j = 0; j < passages.size(); ++j) {
      const auto& [layer, input, z, weight, bias] = passages[i];
      if (layer != passages[j].layer) continue;
      const Tensor product = row_dot(deltas[i], deltas2[j]);
      total = total +
              (weight ? product * shift(row_dot(input, passages[j].input), bias ? 1 : 0) : product);
    }
  }
  return total;
}

// The cotangents of all pre-activations.
using Pull = std::function<Tensors(const Tensor& cotangent, bool keep_tape)>;

// delta of every passage, and -c, [n, 1].
struct Direction {
  Tensors deltas;
  Tensor factor;
};

Direction direction_of(const std::vector<Passage>& passages, const Tensor& r, const InnerStep& step,
                       const Pull& pull) {
  const Tensors deltas = pull(seed(r), false);
  // plain SGD does not ask for the squared length
  const Tensor norm = step.rule == StepRule::sgd ? Tensor::full({r.shape()[0], 1}, 0, r.dtype())
                                                 : inner_product(passages, deltas, deltas);
  return {deltas, neg(step_factor(step, r, norm))};
}

Direction least_norm_direction(const std::vector<Passage>& passages, const Tensor& r,
                               const InnerStep& step, const Pull& pull) {
  const std::int64_t m = r.shape()[1];
  std::vector<Tensors> jacobian, gram;
  for (std::int64_t j = 0; j < m; ++j) {
    jacobian.push_back(pull(unit_seed(r, j), j + 1 < m));
    gram.emplace_back();
    for (const Tensors& other : jacobian)
      gram.back().push_back(inner_product(passages, jacobian.back(), other));
  }
  const Tensor lambda = multipliers(gram, r, step.epsilon);
  Direction direction{{}, Tensor::full({r.shape()[0], 1}, -1, r.dtype())};
  for (std::size_t i = 0; i < jacobian[0].size(); ++i) {
    Tensors of_passage;
    for (const Tensors& row : jacobian) of_passage.push_back(row[i]);
    direction.deltas.push_back(combination(of_passage, lambda));
  }
  return direction;
}

}  // namespace

QueryMlp::QueryMlp(const Mlp& mlp, Params theta, int first_layer)
    : mlp_(mlp),
      theta_(std::move(theta)),
      first_layer_(first_layer),
      updates_(static_cast<std::size_t>(mlp.layers() + 1)) {}

Tensor QueryMlp::Update::operator()(const Tensor& x) const {
  return scale_rows(delta, weight ? factor * shift(row_dot(input, x), bias ? 1 : 0) : factor);
}

Tensor QueryMlp::forward(const Tensor& x, const Watch& watch) const {
  Tensor h = x;
  for (int layer = first_layer_; layer <= mlp_.layers(); ++layer) {
    Tensor z = apply_layer(mlp_, theta_, layer, h);
    for (const Update& update : updates_[static_cast<std::size_t>(layer)]) z = z + update(h);
    if (watch) z = watch(layer, h, z);
    h = layer < mlp_.layers() ? tanh(z) : z;
  }
  return h;
}

Tensor QueryMlp::operator()(const Tensor& x) const { return forward(x, {}); }

QueryMlp QueryMlp::after_one_step(const Residuals& residuals, const Params& phi,
                                  const InnerStep& step) const {
  if (!keeps_low_rank(step.rule)) {
    throw base::UsageError(
        fmt::format("an inner step of the rule {} gives every single weight a length of its own, "
                    "and weights of "
                    "low rank cannot hold that: use `tailor`",
                    to_string(step.rule)));
  }
  // the tape begins at the first pre-activation that moves
  ReverseTrace trace;
  std::vector<Passage> passages;
  const Watch watch = [&](int layer, const Tensor& input, const Tensor& z) {
    const bool weight = step.moves(weight_name(layer));
    const bool bias = mlp_.has_bias(layer) && step.moves(bias_name(layer));
    if (!weight && !bias) return z;
    const Tensor watched = trace.holds(z) ? z : trace.watch(z);
    passages.push_back({layer, trace.primal(input), watched, weight, bias});
    return watched;
  };
  const Tensor boxed = residuals(phi, [&](const Tensor& x) { return forward(x, watch); });
  if (passages.empty()) throw base::UsageError("the inner step moves no weights");

  const Tensor r = trace.primal(boxed);
  Tensors sought;
  for (const Passage& passage : passages) sought.push_back(passage.pre_activation);
  const Pull pull = [&](const Tensor& cotangent, bool keep_tape) {
    return trace.pull(Tensors{boxed}, Tensors{cotangent}, sought, keep_tape);
  };
  const auto [deltas, factor] = solves_system(step, r)
                                    ? least_norm_direction(passages, r, step, pull)
                                    : direction_of(passages, r, step, pull);
  QueryMlp next = *this;
  for (std::size_t i = 0; i < passages.size(); ++i) {
    const auto& [layer, input, z, weight, bias] = passages[i];
    next.updates_[static_cast<std::size_t>(layer)].push_back(
        {deltas[i], input, factor, weight, bias});
  }
  return next;
}

QueryMlp QueryMlp::tailored(const Residuals& residuals, const Params& phi,
                            const InnerStep& step) const {
  QueryMlp now = *this;
  for (int k = 0; k < step.steps; ++k) now = now.after_one_step(residuals, phi, step);
  return now;
}

QueryMlp QueryMlp::detached_updates() const {
  QueryMlp detached = *this;
  for (auto& of_layer : detached.updates_) {
    for (Update& update : of_layer) {
      for (Tensor* part : {&update.delta, &update.input, &update.factor})
        *part = stop_gradient(*part);
    }
  }
  return detached;
}

Params QueryMlp::weights_of(std::int64_t query) const {
  Params weights = theta_;
  for (int layer = first_layer_; layer <= mlp_.layers(); ++layer) {
    for (const Update& update : updates_[static_cast<std::size_t>(layer)]) {
      const auto row = [&](const Tensor& x) { return slice(x, 0, query, query + 1); };
      const Tensor u = row(scale_rows(update.delta, update.factor));
      const std::string W = weight_name(layer), b = bias_name(layer);
      if (update.weight) {
        weights = weights.with(W, weights[W] + matmul(u, row(update.input), true, false));
      }
      if (update.bias) weights = weights.with(b, weights[b] + reshape(u, {u.size()}));
    }
  }
  return weights;
}

}  // namespace noether::learn
