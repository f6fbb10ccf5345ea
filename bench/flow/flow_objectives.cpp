#include "bench/flow/flow_objectives.h"

#include <cmath>
#include <functional>

#include "learn/autodiff/ops.h"
#include "learn/autodiff/transforms.h"

namespace noether::bench {
namespace {

using learn::Flow;
using learn::Params;
using learn::Tensor;
using learn::TrainingStep;

base::RandomStream stream_of(const TrainingStep& at) {
  return {at.seed, base::Purpose::minibatch, static_cast<std::uint64_t>(at.step)};
}

learn::Objective objective_of(std::function<Tensor(const Params&, const TrainingStep&)> loss) {
  learn::Objective objective;
  objective.value_and_gradient = [loss](const Params& params, const TrainingStep& at) {
    return learn::value_and_grad([&](const Params& p) { return loss(p, at); }, params);
  };
  objective.value = std::move(loss);
  return objective;
}

// (z, t) [n, d + 1] and z1 - z0 [n, d] of each pair
struct Matches {
  Tensor inputs, rates;
};

Matches drawn_matches(const DrawPoints& draw, std::int64_t n, std::int64_t d,
                      base::RandomStream& random) {
  const std::vector<double> ends = draw(n, random);
  std::vector<float> inputs, rates;
  for (auto end = ends.begin(); end != ends.end(); end += d) {
    const double t = std::sqrt(random.uniform());
    for (std::int64_t k = 0; k < d; ++k) {
      const double start = std::sqrt(Flow::base_variance) * random.normal();
      inputs.push_back(static_cast<float>((1 - t) * start + t * end[k]));
      rates.push_back(static_cast<float>(end[k] - start));
    }
    inputs.push_back(static_cast<float>(t));
  }
  return {Tensor::from<float>(inputs, {n, d + 1}), Tensor::from<float>(rates, {n, d})};
}

}  // namespace

learn::Objective likelihood_objective(const Flow& flow, const DrawPoints& draw, std::int64_t batch,
                                      const learn::OdeSolver& solver) {
  return objective_of([=](const Params& params, const TrainingStep& at) {
    base::RandomStream random = stream_of(at);
    const Tensor z = Tensor::from<double>(draw(batch, random), {batch, flow.dimension()});
    return neg(mean(flow.log_density_of_z(params, cast(z, params["W1"].dtype()), solver)));
  });
}

learn::Objective matching_objective(const Flow& flow, const DrawPoints& draw, std::int64_t batch) {
  return objective_of([=](const Params& params, const TrainingStep& at) {
    base::RandomStream random = stream_of(at);
    const Matches matches = drawn_matches(draw, batch, flow.dimension(), random);
    return mean(square(flow.rate(params, matches.inputs) - matches.rates));
  });
}

}  // namespace noether::bench
