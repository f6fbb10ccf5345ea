#include "bench/model/tailoring.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "base/error.h"
#include "base/text.h"
#include "learn/autodiff/ops.h"
#include "learn/autodiff/transforms.h"

namespace noether::bench {

namespace {

std::string energy_of(const Task& task) {
  const Followed& followed = task.followed;
  if (followed.name != "energy")
    throw base::UsageError(fmt::format("'{}' holds no energy", task.source));
  if (!followed.is_conserved)
    throw base::UsageError(fmt::format("the energy in '{}' is not conserved", task.source));
  if (!followed.formula.empty()) return followed.formula;
  throw base::UsageError(
      fmt::format("the energy in '{}' is not described by a formula of its coordinates that gives "
                  "its values: --conserve takes a formula, too",
                  task.source));
}

}  // namespace

Tailoring make_tailoring(const std::string& conserve, const Task& task) {
  Tailoring tailoring{.conserve = conserve};
  if (tailoring.by_network()) {
    tailoring.network = {{task.dimension(), 32, 1}};
  } else if (conserve == "energy") {
    tailoring.formula = energy_of(task);
  } else {
    static_cast<void>(learn::formula_quantity(conserve, task.coordinates));
    tailoring.formula = conserve;
  }
  return tailoring;
}

void check_can_tailor(const learn::FieldModel& model, const std::string& source) {
  if (model.network() != nullptr && !model.own().empty()) return;
  throw base::UsageError(
      fmt::format("{} is {}, which has no layer that gives dx/dt: it cannot be tailored", source,
                  model.text()));
}

learn::Quantity quantity_of(const Tailoring& tailoring,
                            const std::vector<std::string>& coordinates) {
  return tailoring.by_network() ? learn::network_quantity(tailoring.network)
                                : learn::formula_quantity(tailoring.formula, coordinates);
}

double usual_scale(const learn::Quantity& g, const learn::Tensor& x) {
  constexpr double usual = 1e2;  // at most, and at least its inverse
  const auto slopes =
      grad([&](const learn::Tensor& at) { return sum(g({}, at)); }, cast(x, learn::DType::f64))
          .to_vector();
  double greatest = 0, squares = 0;
  for (const double slope : slopes) {
    if (!std::isfinite(slope)) throw base::UsageError("its gradient is not finite at some state");
    greatest = std::max(greatest, std::abs(slope));
  }
  if (greatest == 0) throw base::UsageError("it does not depend on the state");
  // divided first: squares of 1e-200 are 0
  for (const double slope : slopes) squares += slope / greatest * (slope / greatest);
  const double rms = greatest * std::sqrt(squares / static_cast<double>(x.shape()[0]));
  if (rms >= 1 / usual && rms <= usual) return 1;
  // as far as doubles reach
  return std::pow(10, std::clamp(-std::round(std::log10(rms)), -300.0, 300.0));
}

Tailoring at_usual_scale(Tailoring tailoring, const std::vector<std::string>& coordinates,
                         const learn::Tensor& x) {
  if (tailoring.by_network()) return tailoring;
  const double scale = base::with_context(fmt::format("formula '{}'", tailoring.formula), [&] {
    return usual_scale(quantity_of(tailoring, coordinates), x);
  });
  if (scale != 1) tailoring.formula = fmt::format("{:g} ({})", scale, tailoring.formula);
  return tailoring;
}

learn::InnerStep inner_step_of(const Tailoring& tailoring, const learn::FieldModel& model,
                               learn::DType dtype) {
  learn::InnerStep step{.rule = tailoring.rule, .steps = static_cast<int>(tailoring.steps)};
  if (has_rate(tailoring.rule)) step.rate = learn::Tensor::scalar(tailoring.rate, dtype);
  if (!tailoring.all_layers) step.weights = model.own();
  return step;
}

void check_step_by_query(const Tailoring& tailoring) {
  if (keeps_low_rank(tailoring.rule)) return;
  throw base::UsageError(fmt::format(
      "--inner-step {} tailors one set of weights alone (--setting transductive): it "
      "gives every weight a length of its own, which the weights of single queries, kept "
      "as updates of low rank, cannot hold",
      to_string(tailoring.rule)));
}

learn::Params pretrained_on(const Task& task, const learn::Mlp& network,
                            const learn::Pretraining& options, std::uint64_t seed) {
  return pretrained_quantity(network, options, initial_quantity_weights(network, seed),
                             cast(task.x, learn::DType::f64), cast(task.dx_dt, learn::DType::f64),
                             lengths_of(task));
}

std::string describe_step(const Tailoring& tailoring) {
  const bool rate = has_rate(tailoring.rule);
  return fmt::format("{}{}{}, K = {}, {}", to_string(tailoring.rule), rate ? " " : "",
                     rate ? base::format_double(tailoring.rate) : "", tailoring.steps,
                     tailoring.all_layers ? "all layers" : "last layer");
}

}  // namespace noether::bench
