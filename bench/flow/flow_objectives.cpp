#include "bench/flow/flow_objectives.h"

#include <cmath>
#include <functional>

#include "base/random.h"
#include "bench/flow/circles.h"
#include "learn/autodiff/ops.h"
#include "learn/autodiff/transforms.h"

namespace noether::bench {
namespace {

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

// (z, t) and z1 - z0 of each pair, [n, 3] and [n, 2]
struct Matches {
  Tensor inputs, rates;
};

Matches drawn_matches(std::int64_t n, base::RandomStream& random) {
  const std::vector<double> ends = noisy_circles(n, random);
  std::vector<float> inputs, rates;
  for (std::size_t i = 0; i < ends.size(); i += 2) {
    const double t = std::sqrt(random.uniform());
    for (const double end : {ends[i], ends[i + 1]}) {
      const double start = std::sqrt(base_variance) * random.normal();
      inputs.push_back(static_cast<float>((1 - t) * start + t * end));
      rates.push_back(static_cast<float>(end - start));
    }
    inputs.push_back(static_cast<float>(t));
  }
  return {Tensor::from<float>(inputs, {n, 3}), Tensor::from<float>(rates, {n, 2})};
}

}  // namespace

learn::Objective likelihood_objective(const PlaneFlow& flow, std::int64_t batch,
                                      const learn::OdeSolver& solver) {
  return objective_of([=](const Params& params, const TrainingStep& at) {
    base::RandomStream random = stream_of(at);
    const Tensor points = Tensor::from<double>(noisy_circles(batch, random), {batch, 2});
    return neg(mean(log_density(flow, params, cast(points, params["W1"].dtype()), solver)));
  });
}

learn::Objective matching_objective(const PlaneFlow& flow, std::int64_t batch) {
  return objective_of([=](const Params& params, const TrainingStep& at) {
    base::RandomStream random = stream_of(at);
    const Matches matches = drawn_matches(batch, random);
    return mean(square(flow.mlp(params, matches.inputs) - matches.rates));
  });
}

}  // namespace noether::bench
