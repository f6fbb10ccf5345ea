#include "bench/model/tailoring.h"

#include <fmt/format.h>

#include <algorithm>

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

void check_depends_on_state(const Tailoring& tailoring, const std::vector<std::string>& coordinates,
                            const learn::Tensor& x) {
  if (tailoring.by_network()) return;
  const learn::Quantity g = quantity_of(tailoring, coordinates);
  const auto slopes =
      grad([&](const learn::Tensor& at) { return sum(g({}, at)); }, cast(x, learn::DType::f64))
          .to_vector();
  if (std::ranges::any_of(slopes, [](double slope) { return slope != 0; })) return;
  throw base::UsageError(
      fmt::format("formula '{}' does not depend on the state", tailoring.formula));
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
