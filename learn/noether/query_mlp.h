#pragma once

// Tailoring of an MLP for every query by itself, all queries at once.
//
// Where a query goes once through a linear layer, the gradient of its loss is of rank one there:
// delta a^T, with a the input and delta the gradient with respect to the pre-activation. A tailored
// layer is therefore W x + B - sum_j c_j delta_j (a_j . x), with a bias row B of each query's own;
// no matrix of a single query is ever built. T predicted steps or K inner steps give rank T or K T.
// delta is the gradient with respect to the bias row, so it stays differentiable to any order.

#include <functional>
#include <vector>

#include "learn/nn/mlp.h"
#include "learn/noether/inner_step.h"

namespace noether::learn {

// The weights of n queries: shared ones, and what tailoring made of them for each query. Where the
// layers in front never move, the network may begin at `first_layer`, whose input it then takes.
class QueryMlp {
 public:
  // All queries with the shared weights.
  QueryMlp(const Mlp& mlp, const Params& theta, int first_layer = 1);

  // x [n, in] -> [n, out], row i under the weights of query i. n is the same in all calls once the
  // weights are tailored.
  Tensor operator()(const Tensor& x) const;

  // The weights after step.steps inner steps on the residuals [n, m] of the queries.
  QueryMlp tailored(const Residuals& residuals, const Params& phi, const InnerStep& step) const;

  // The weights of one query as those of the plain network, from `first_layer` on.
  Params weights_of(std::int64_t query) const;

 private:
  // What one passage of all queries through one layer added to its weights.
  struct Update {
    Tensor direction;  // -c delta, [n, out]
    Tensor input;      // a, [n, in]
    bool moves_weight, moves_bias;
  };
  // One passage through a layer that moves, while the step is being found.
  struct Passage {
    int layer;
    Tensor input, bias;
  };
  // Maps a layer and its input to the bias rows to use there.
  using BiasRows = std::function<Tensor(int layer, const Tensor& input)>;

  Tensor forward(const Tensor& x, const BiasRows& bias_rows) const;
  Tensor bias_rows(int layer, const Tensor& input) const;
  Tensor squared_norm(const std::vector<Passage>& passages, const Tensors& deltas,
                      const InnerStep& step) const;
  QueryMlp after_one_step(const Residuals& residuals, const Params& phi,
                          const InnerStep& step) const;

  Mlp mlp_;
  Params theta_;
  int first_layer_;
  std::vector<std::vector<Update>> updates_;  // of each layer
};

}  // namespace noether::learn
