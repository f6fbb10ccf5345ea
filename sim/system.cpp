#include "sim/system.h"

#include <fmt/format.h>

#include "base/error.h"
#include "base/text.h"
#include "sim/damped_pendulum.h"
#include "sim/double_pendulum.h"
#include "sim/light_ray.h"
#include "sim/pendulum.h"
#include "sim/spring.h"
#include "sim/two_body.h"

namespace noether::sim {

const std::vector<System>& all_systems() {
  static const std::vector<System> systems = {
      spring(), pendulum(), damped_pendulum(), two_body(), double_pendulum(), light_ray(),
  };
  return systems;
}

const System& find_system(std::string_view name) {
  std::vector<std::string> known;
  for (const System& system : all_systems()) {
    if (system.name == name) return system;
    known.push_back(system.name);
  }
  throw base::UsageError(base::unknown_name("system", name, known));
}

std::vector<double> default_values(const std::vector<Constant>& constants) {
  std::vector<double> values;
  for (const Constant& constant : constants) values.push_back(constant.value);
  return values;
}

void check_values(std::string_view owner, const std::vector<Constant>& declared,
                  std::span<const double> values) {
  if (values.size() != declared.size()) {
    throw base::UsageError(
        fmt::format("{}: expected {} constants, got {}", owner, declared.size(), values.size()));
  }
  for (std::size_t i = 0; i < values.size(); ++i) {
    const Constant& constant = declared[i];
    // written so that a NaN fails too
    if (values[i] >= constant.min && values[i] <= constant.max) continue;
    throw base::UsageError(fmt::format(
        "{}: {} = {} lies outside [{}, {}]", owner, constant.name, base::format_double(values[i]),
        base::format_double(constant.min), base::format_double(constant.max)));
  }
}

}  // namespace noether::sim
