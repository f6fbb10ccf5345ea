#include "bench/tables/tables.h"

#include <algorithm>

#include "base/error.h"
#include "base/text.h"

namespace noether::bench {

// a line a table
Experiment spring_table();
Experiment pendulum_table();
Experiment spring_budgets_table();
Experiment pendulum_budgets_table();
Experiment spring_trajectories_table();
Experiment pendulum_trajectories_table();
Experiment spring_noise_table();
Experiment pendulum_noise_table();
Experiment steps_table();
Experiment damped_table();
Experiment real_table();
Experiment two_body_table();
Experiment double_pendulum_table();
Experiment discovery_table();
Experiment compare_table();
Experiment planets_table();
Experiment maps_table();
Experiment symmetries_table();
Experiment symmetries_2d_table();
Experiment depth_table();
Experiment spiral_table();
Experiment smoothness_table();
Experiment flow_table();
Experiment video_table();
Experiment video_steps_table();

const std::vector<Experiment>& all_tables() {
  static const std::vector<Experiment> tables{spring_table(),
                                              pendulum_table(),
                                              spring_budgets_table(),
                                              pendulum_budgets_table(),
                                              spring_trajectories_table(),
                                              pendulum_trajectories_table(),
                                              spring_noise_table(),
                                              pendulum_noise_table(),
                                              steps_table(),
                                              damped_table(),
                                              real_table(),
                                              two_body_table(),
                                              double_pendulum_table(),
                                              discovery_table(),
                                              compare_table(),
                                              planets_table(),
                                              maps_table(),
                                              symmetries_table(),
                                              symmetries_2d_table(),
                                              depth_table(),
                                              spiral_table(),
                                              smoothness_table(),
                                              flow_table(),
                                              video_table(),
                                              video_steps_table()};
  return tables;
}

const Experiment& find_table(std::string_view name) {
  const auto& tables = all_tables();
  const auto found = std::ranges::find(
      tables, name, [](const Experiment& e) -> std::string_view { return e.spec.name; });
  if (found == tables.end())
    throw base::UsageError(base::unknown_name("table", name, table_names()));
  return *found;
}

std::vector<std::string> table_names() {
  std::vector<std::string> names;
  for (const Experiment& experiment : all_tables()) names.push_back(experiment.spec.name);
  return names;
}

}  // namespace noether::bench
