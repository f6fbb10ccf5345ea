// The tables `spring-budgets` and `pendulum-budgets`: the rows of `spring` and `pendulum`, trained
// as well as the budget allows, because the published protocol trains too little to say what
// conservation is worth.

#include "bench/tables/state_rows.h"

namespace noether::bench {
namespace {

Axis steps_axis() {
  return {.name = "steps",
          .description = "steps of training from scratch; a tenth as many from trained weights",
          .min = 10,
          .max = 1e8,
          .values = {2000, 10000, 50000},
          .quick_values = {200, 400},
          .is_swept = true};
}

// No decay unless it is asked for.
std::vector<dataset::SettingSpec> settings() {
  auto all = training_settings();
  for (dataset::SettingSpec& setting : all) {
    if (setting.key == "weight_decay") setting.default_value = 0.0;
  }
  return all;
}

std::vector<std::string> method(const std::string& name) {
  return {"Data and networks are those of table `" + name +
              R"(`, and so are the rows. The training is another one. Adam takes minibatches of 225
points, and its rate falls from 1e-3 to zero along half a cosine; there is no weight decay unless it is
asked for. `control`, `hnn-control` and the `meta` rows then train on, a tenth as many steps with a
fresh Adam, whose rate falls linearly from 1e-3 to zero. With `--scratch` they start from the initial
weights instead, with one step less than `steps`, and the rate falls in the last tenth of them. Schedule
and batch were chosen by the training error of the pendulum on seeds 100 and 101. `seconds` is the time
of a row's own training. In the last picture it is that of all rows it needs, so for `meta-neural` that
of `meta-neural-frozen` too, whose g it starts from.)",
          tailoring_method, rivals_method, discovery_method};
}

Experiment budget_table(const std::string& name) {
  TableSpec spec{.name = name + "-budgets",
                 .title = "Ideal " + name + ": what conservation is worth when training is longer",
                 .axes = {steps_axis(), noise_axis({0}), horizon_axis({3, 10})},
                 .budget_axis = "steps",
                 .settings = settings(),
                 .method = method(name),
                 .seed_decides = "the data, the initial weights and the minibatches"};
  return state_experiment(name, std::move(spec));
}

}  // namespace

Experiment spring_budgets_table() { return budget_table("spring"); }
Experiment pendulum_budgets_table() { return budget_table("pendulum"); }

}  // namespace noether::bench
