// The tables `spring-budgets` and `pendulum-budgets`: the rows of `spring` and `pendulum`, trained
// as well as the budget allows, because the published protocol trains too little to say what
// conservation is worth; and `spring-trajectories` and `pendulum-trajectories`, the same of little
// data.

#include "bench/tables/fields/state_rows.h"

namespace noether::bench {
namespace {

Axis steps_axis(std::vector<double> values, std::vector<double> quick_values) {
  return {.name = "steps",
          .description = "steps of training from scratch; a tenth as many from trained weights",
          .min = 10,
          .max = 1e8,
          .values = std::move(values),
          .quick_values = std::move(quick_values),
          .is_swept = true,
          .is_whole = true};
}

Axis trajectories_axis() {
  return {.name = "trajectories",
          .description = "train trajectories, the first of the dataset",
          .min = 1,
          .max = 25,
          .values = {3, 6, 12, 25},
          .quick_values = {3},
          .is_swept = true,
          .is_whole = true};
}

// No decay unless it is asked for.
std::vector<dataset::SettingSpec> settings() {
  auto all = training_settings();
  for (dataset::SettingSpec& setting : all) {
    if (setting.key == "weight_decay") setting.default_value = 0.0;
  }
  return all;
}

std::vector<std::string> method(const std::string& name, const std::string& of_data = "") {
  return {"Data and networks are those of table `" + name +
              R"(`, and so are the rows. The training is another one. Adam takes minibatches of 225
points, and its rate falls from 1e-3 to zero along half a cosine; there is no weight decay unless it is
asked for. `control`, `hnn-control` and the `meta` rows then train on, a tenth as many steps with a
fresh Adam, whose rate falls linearly from 1e-3 to zero. With `--scratch` they start from the initial
weights instead, with one step less than `steps`, and the rate falls in the last tenth of them. Schedule
and batch were chosen by the training error of the pendulum on seeds 100 and 101. `seconds` is the time
of a row's own training. In the last picture it is that of all rows it needs, so for `meta-neural` that
of `meta-neural-frozen` too, whose g it starts from.)" +
              of_data,
          tailoring_method, rivals_method, discovery_method};
}

Experiment budget_table(const std::string& name) {
  TableSpec spec{.name = name + "-budgets",
                 .title = "Ideal " + name + ": what conservation is worth when training is longer",
                 .axes = {steps_axis({2000, 10000, 50000}, {200, 400}), noise_axis({0}),
                          horizon_axis({3, 10})},
                 .budget_axis = "steps",
                 .settings = settings(),
                 .method = method(name),
                 .seed_decides = "the data, the initial weights and the minibatches"};
  return state_experiment(name, std::move(spec));
}

Experiment trajectories_table(const std::string& name) {
  TableSpec spec{.name = name + "-trajectories",
                 .title = "Ideal " + name + ": what conservation is worth with little data",
                 .axes = {trajectories_axis(), steps_axis({10000}, {200}), noise_axis({0}),
                          horizon_axis({3, 10})},
                 .settings = settings(),
                 .method = method(name, R"( All is learned from the first `trajectories`
trajectories alone: models, formulas and g. The test trajectories are the same for every number.)"),
                 .seed_decides = "the data, the initial weights and the minibatches",
                 .quick_seeds = 1};
  auto rows = state_rows();
  std::erase_if(rows, [](const FieldRow& row) { return row.spec.name == "vanilla-2x-data"; });
  return state_experiment(name, std::move(spec), rows);
}

}  // namespace

Experiment spring_budgets_table() { return budget_table("spring"); }
Experiment pendulum_budgets_table() { return budget_table("pendulum"); }
Experiment spring_trajectories_table() { return trajectories_table("spring"); }
Experiment pendulum_trajectories_table() { return trajectories_table("pendulum"); }

}  // namespace noether::bench
