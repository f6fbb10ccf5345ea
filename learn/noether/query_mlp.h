#pragma once

// Tailoring of an MLP for every query by itself, all queries at once.
//
// Where a query goes once through a linear layer, the gradient of its loss is of rank one there:
// delta a^T, with a the input and delta the gradient with respect to the pre-activation. A tailored
// layer is therefore W x + b - sum_j c_j delta_j (a_j . x + 1), with the 1 for the bias; no matrix
// of a single query is ever built. T predicted steps or K inner steps give rank T or K T. delta is
// read off a tape that runs back to the pre-activation alone, and stays differentiable to any
// order.

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

  // The weights after step.steps inner steps on the residuals [n, m] of the queries. Throws
  // UsageError for a rule whose steps have no low rank: adam.
  QueryMlp tailored(const Residuals& residuals, const Params& phi, const InnerStep& step) const;

  // The weights of one query as those of the plain network, from `first_layer` on.
  Params weights_of(std::int64_t query) const;

 private:
  // What one passage of all queries through one layer added to its weights: -c delta a^T.
  struct Update {
    Tensor delta;       // [n, out]
    Tensor input;       // a, [n, in]
    Tensor factor;      // -c, [n, 1]
    bool weight, bias;  // which of the two moved

    Tensor operator()(const Tensor& x) const;  // its share of the pre-activation of x
  };
  // Told of every pre-activation, which it may exchange.
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
