#include "learn/models/standardisation.h"

#include <cmath>

#include "learn/autodiff/ops.h"

namespace noether::learn {
namespace {

struct Moments {
  std::vector<double> mean, deviation;
};

Moments moments_of(const Tensor& values) {
  const auto n = static_cast<std::size_t>(values.shape()[0]),
             d = static_cast<std::size_t>(values.shape()[1]);
  const std::vector<double> all = values.to_vector();
  Moments moments;
  for (std::size_t j = 0; j < d; ++j) {
    double sum = 0, squares = 0;
    for (std::size_t i = 0; i < n; ++i) sum += all[i * d + j];
    const double mean = sum / static_cast<double>(n);
    for (std::size_t i = 0; i < n; ++i)
      squares += (all[i * d + j] - mean) * (all[i * d + j] - mean);
    const double deviation = std::sqrt(squares / static_cast<double>(n));
    moments.mean.push_back(mean);
    moments.deviation.push_back(deviation > 0 ? deviation : 1);
  }
  return moments;
}

// dq/dt = dH/dp and dp/dt = -dH/dq have the spreads of the rates where H has the unit rate times
// spread of the partner; one number stands for all coordinates.
double energy_unit(const Standardisation& units) {
  const std::size_t d = units.spread.size(), half = d / 2;
  double logarithms = 0;
  for (std::size_t i = 0; i < d; ++i)
    logarithms += std::log(units.rate_spread[i] * units.spread[(i + half) % d]);
  return std::exp(logarithms / static_cast<double>(d));
}

// How many linear layers the network has.
int layers_of(const Params& params) {
  int layers = 0;
  while (params.contains(weight_name(layers + 1))) ++layers;
  return layers;
}

Tensor row_of(const std::vector<double>& values, DType dtype) {
  return cast(Tensor::from<double>(values, {1, static_cast<std::int64_t>(values.size())}), dtype);
}

struct Units {
  Tensor mean, spread;  // [1, d]
  Tensor outputs;       // [1, o]
};

Units units_of(const Params& params, const Standardisation& units) {
  const Tensor& last = params[weight_name(layers_of(params))];
  const bool is_energy = last.shape()[0] == 1 && units.spread.size() > 1;
  const auto outputs = is_energy ? std::vector<double>{energy_unit(units)} : units.rate_spread;
  return {row_of(units.mean, last.dtype()), row_of(units.spread, last.dtype()),
          row_of(outputs, last.dtype())};
}

}  // namespace

Standardisation standardisation_of(const Tensor& x, const Tensor& dx_dt) {
  const Moments points = moments_of(x), rates = moments_of(dx_dt);
  return {points.mean, points.deviation, rates.deviation};
}

Params folded(const Params& standardised, const Standardisation& data) {
  const auto [mean, spread, outputs] = units_of(standardised, data);
  const std::string last = weight_name(layers_of(standardised)),
                    bias = bias_name(layers_of(standardised));
  const Tensor first = standardised["W1"] / spread;
  Params made = standardised.with("W1", first);
  made =
      made.with("b1", made["b1"] - reshape(matmul(first, mean, false, true), made["b1"].shape()));
  made = made.with(last, made[last] * transpose(outputs));
  if (made.contains(bias))
    made = made.with(bias, made[bias] * reshape(outputs, made[bias].shape()));
  return made;
}

Params unfolded(const Params& params, const Standardisation& data) {
  const auto [mean, spread, outputs] = units_of(params, data);
  const std::string last = weight_name(layers_of(params)), bias = bias_name(layers_of(params));
  Params made = params.with(
      "b1", params["b1"] + reshape(matmul(params["W1"], mean, false, true), params["b1"].shape()));
  made = made.with("W1", made["W1"] * spread);
  made = made.with(last, made[last] / transpose(outputs));
  if (made.contains(bias))
    made = made.with(bias, made[bias] / reshape(outputs, made[bias].shape()));
  return made;
}

Field folded_field(const Field& field, const Standardisation& units) {
  return [field, units](const Params& params, const Tensor& x) {
    return field(folded(params, units), x);
  };
}

Field standardised_field(const Field& field, const Standardisation& units) {
  return [field, units](const Params& params, const Tensor& x) {
    return field(folded(params, units), x) / row_of(units.rate_spread, x.dtype());
  };
}

Tensor standardised_rates(const Tensor& dx_dt, const Standardisation& units) {
  return dx_dt / row_of(units.rate_spread, dx_dt.dtype());
}

}  // namespace noether::learn
