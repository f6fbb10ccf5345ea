#pragma once

// Tailoring of an MLP for every query by itself, all queries at once.
//
// A query goes through a linear layer once. So the gradient of its loss has rank one there: delta
// a^T, with a the input of the layer and delta the gradient by the pre-activation. The tailored
// layer is W x + b - sum_j c_j delta_j (a_j . x + 1); the 1 is for the bias. No query gets a matrix
// of its own. T predicted steps give rank T, and K inner steps on them K T.
//
// delta is read from a tape that begins at the pre-activation. It can be differentiated to any
// order.

#include <functional>
#include <vector>

#include "learn/nn/mlp.h"
#include "learn/noether/inner_step.h"

namespace noether::learn {

// The weights of n queries: shared ones, and the updates of each query. If the layers in front
// never move, the network may begin at `first_layer` and take the input of that layer.
class QueryMlp {
 public:
  // All queries with the shared weights.
  QueryMlp(const Mlp& mlp, Params theta, int first_layer = 1);

  // x [n, in] -> [n, out], row i under the weights of query i. n is the same in all calls once the
  // weights are tailored.
  Tensor operator()(const Tensor& x) const;

  // The weights after step.steps inner steps on the residuals [n, m] of the queries. Throws
  // UsageError for adam, whose steps have no low rank.
  QueryMlp tailored(const Residuals& residuals, const Params& phi, const InnerStep& step) const;

  // The same weights, where the updates of the queries are constants for every derivative: a
  // first-order approximation. The shared weights stay variables.
  QueryMlp detached_updates() const;

  // The weights of one query as those of the plain network, from `first_layer` on.
  Params weights_of(std::int64_t query) const;

 private:
  // What one pass of all queries through one layer added to its weights: -c delta a^T.
  struct Update {
    Tensor delta;       // [n, out]
    Tensor input;       // a, [n, in]
    Tensor factor;      // -c, [n, 1]
    bool weight, bias;  // which of the two moved

    Tensor operator()(const Tensor& x) const;  // its share of the pre-activation of x
  };
  // Is given every pre-activation; the network goes on with what it returns.
  using Watch = std::function<Tensor(int layer, const Tensor& input, const Tensor& pre_activation)>;

  Tensor forward(const Tensor& x, const Watch& watch) const;
  QueryMlp after_one_step(const Residuals& residuals, const Params& phi,
                          const InnerStep& step) const;

  Mlp mlp_;
  Params theta_;
  int first_layer_;
  std::vector<std::vector<Update>> updates_;  // of each layer
};

}  // namespace noether::learn
