#include "dataset/make/trajectories/trajectory_constants.h"

#include <algorithm>
#include <span>

#include "sim/sampling.h"

namespace noether::dataset {
namespace {

bool is_number(const TrajectoryPlan& plan, std::size_t k) {
  return plan.constants[k].is_number() &&
         !plan.given_constants.contains(plan.system->constants[k].name);
}

bool is_default(const TrajectoryPlan& plan, std::size_t k) {
  return is_number(plan, k) && plan.constants[k].low == plan.system->constants[k].value;
}

bool is_left_out(const TrajectoryPlan& plan, std::size_t k) {
  return plan.system->constants[k].is_silent && is_default(plan, k);
}

Array constant_array(const TrajectoryPlan& plan, std::size_t k) {
  const auto& constant = plan.system->constants[k];
  std::vector<double> values(static_cast<std::size_t>(plan.samples), plan.constants[k].low);
  if (!is_number(plan, k)) {
    for (std::int64_t i = 0; i < plan.samples; ++i)
      values[static_cast<std::size_t>(i)] = constants_at(plan, i, 1)[k];
  }
  Array array{.path = "parameters/" + constant.name,
              .shape = {plan.samples},
              .attributes = {{"units", constant.unit}, {"description", constant.description}},
              .axes = {"trajectory"},
              .content = to_bytes<double>(values)};
  if (plan.given_constants.contains(constant.name))
    array.attributes.push_back({origin_attribute, std::string(given_origin)});
  return array;
}

}  // namespace

std::vector<double> constants_at(const TrajectoryPlan& plan, std::int64_t first,
                                 std::int64_t count) {
  const auto& constants = plan.system->constants;
  std::vector<double> values;
  bool are_numbers = true;
  for (std::size_t k = 0; k < constants.size(); ++k) {
    are_numbers = are_numbers && is_number(plan, k);
    values.push_back(plan.constants[k].low);
  }
  if (are_numbers) return values;
  values = sim::draw_constants(*plan.system, plan.constants, plan.seed, first, count);
  for (std::size_t k = 0; k < constants.size(); ++k) {
    const auto given = plan.given_constants.find(constants[k].name);
    if (given == plan.given_constants.end()) continue;
    for (std::size_t i = 0; i < static_cast<std::size_t>(count); ++i)
      values[i * constants.size() + k] = given->second.at(static_cast<std::size_t>(first) + i);
  }
  return values;
}

bool are_defaults(const TrajectoryPlan& plan) {
  for (std::size_t k = 0; k < plan.constants.size(); ++k) {
    if (!is_default(plan, k)) return false;
  }
  return true;
}

bool has_friction(const TrajectoryPlan& plan) {
  std::vector<double> highest;
  for (std::size_t k = 0; k < plan.constants.size(); ++k) {
    const auto given = plan.given_constants.find(plan.system->constants[k].name);
    highest.push_back(given == plan.given_constants.end() ? plan.constants[k].high
                                                          : std::ranges::max(given->second));
  }
  return sim::has_friction(*plan.system, highest);
}

std::vector<Array> constant_arrays(const TrajectoryPlan& plan) {
  std::vector<Array> arrays;
  for (std::size_t k = 0; k < plan.constants.size(); ++k) {
    if (!is_left_out(plan, k)) arrays.push_back(constant_array(plan, k));
  }
  return arrays;
}

std::vector<Attribute> constant_attributes(const TrajectoryPlan& plan) {
  std::vector<Attribute> attributes;
  for (std::size_t k = 0; k < plan.constants.size(); ++k) {
    const std::string& name = plan.system->constants[k].name;
    if (is_left_out(plan, k)) continue;
    if (is_number(plan, k)) {
      attributes.push_back({name, plan.constants[k].low});
    } else {
      const bool is_given = plan.given_constants.contains(name);
      attributes.push_back(
          {name, is_given ? std::string(given_origin) : to_text(plan.constants[k])});
    }
  }
  return attributes;
}

void check_given_constants(const TrajectoryPlan& plan) {
  sim::check_all_constants(*plan.system, constants_at(plan, 0, plan.samples),
                           static_cast<std::size_t>(plan.samples));
}

}  // namespace noether::dataset
