#include "dataset/make/catalogue.h"

#include <fmt/format.h>

#include <cmath>

#include "base/error.h"
#include "base/text.h"
#include "dataset/store/schema.h"
#include "sim/gym_pendulum.h"
#include "sim/integrator.h"
#include "sim/policy.h"
#include "sim/system.h"

namespace noether::dataset {
namespace {

// seeds, splits and policies are held whole: tens of bytes a sample, below 1 GiB
constexpr double most_trajectories = 1e7;
constexpr double most_episodes = 1e6;
constexpr double most_steps = 1e7;
constexpr double longest_time = 1e6;

SettingSpec integer(std::string key, std::int64_t value, double min, double max,
                    std::string description) {
  return {std::move(key), value, min, max, "1", std::move(description)};
}

SettingSpec number(std::string key, double value, double min, double max, std::string unit,
                   std::string description) {
  return {std::move(key), value, min, max, std::move(unit), std::move(description)};
}

SettingSpec choice(std::string key, std::string value, std::vector<std::string> choices,
                   std::string description) {
  return {std::move(key), std::move(value), 0, 0, "", std::move(description), std::move(choices)};
}

template <class Infos>
std::vector<std::string> names_of(const Infos& infos) {
  std::vector<std::string> names;
  for (const auto& info : infos) names.push_back(info.name);
  return names;
}

void add_common(std::vector<SettingSpec>& settings, std::int64_t n, double most,
                const std::string& sample, std::int64_t steps, const std::string& step) {
  settings.push_back(integer("n", n, 1, most, "number of " + sample));
  settings.push_back(integer("steps", steps, 2, most_steps, step));
  settings.push_back({"seed", std::uint64_t{0}, 0, 0, "", "seed of every random number"});
}

void add_splits(std::vector<SettingSpec>& settings, double train, double valid) {
  settings.push_back(number("train_share", train, 0, 1, "1",
                            "share of samples in splits/train, from the first on"));
  settings.push_back(number("valid_share", valid, 0, 1, "1",
                            "share in splits/valid, after those; the rest is test"));
}

DatasetSpec of_system(const sim::System& system) {
  DatasetSpec spec{system.name,      system.title,    std::string(trajectories_schema),
                   system.equations, system.citation, {}};
  auto& settings = spec.settings;
  add_common(settings, 50, most_trajectories, "trajectories", system.steps,
             "stored points of a trajectory, both ends included");
  settings.push_back(number("t_start", 0, -longest_time, longest_time, system.time_unit,
                            "first " + system.time_name));
  settings.push_back(number("t_end", system.t_end, -longest_time, longest_time, system.time_unit,
                            "last " + system.time_name));
  for (const auto* constants : {&system.constants, &system.sampling}) {
    for (const auto& c : *constants)
      settings.push_back(number(c.name, c.value, c.min, c.max, c.unit, c.description));
  }
  settings.push_back(number("noise_std", system.noise_std, 0, 1e3, "1",
                            "standard deviation of the observation noise"));
  const sim::Integration defaults;
  settings.push_back(choice("integrator", system.integrator, names_of(sim::all_integrators()),
                            "integration method"));
  // below 1e-15 an adaptive step asks for digits that a double does not have
  settings.push_back(number("rtol", defaults.rtol, 1e-15, 1, "1", "relative tolerance of a step"));
  settings.push_back(number("atol", defaults.atol, 1e-15, 1, "1", "absolute tolerance of a step"));
  settings.push_back(number("max_step", 0, 0, longest_time, system.time_unit,
                            "largest step of a fixed-step method; 0: the sampling interval"));
  add_splits(settings, 0.5, 0);
  return spec;
}

DatasetSpec pixel_pendulum_spec() {
  DatasetSpec spec{
      std::string(pixel_pendulum),
      "rendered, torque-controlled pendulum with the dynamics of Gymnasium's Pendulum-v1",
      std::string(episodes_schema),
      "theta_dot' = clip(theta_dot + (3g/(2l) sin theta + 3u/(m l^2)) dt), theta' = theta + "
      "theta_dot' dt; "
      "theta = 0 upright",
      "Towers et al., Gymnasium (arXiv:2407.17032), Pendulum-v1",
      {}};
  const sim::GymPendulumOptions gym;
  auto& settings = spec.settings;
  add_common(settings, 200, most_episodes, "episodes", gym.max_episode_steps,
             "steps of an episode, truncated at the last");
  settings.push_back(
      choice("policy", "mixed", names_of(sim::all_policies()), "what drives the pendulum"));
  settings.push_back(
      integer("render_size", 64, 8, 500, "height and width of the stored frames, px"));
  settings.push_back(number("dt", gym.dt, 1e-6, 10, "s", "time step"));
  settings.push_back(number("g", gym.g, 1e-3, 1e3, "m/s^2", "gravity"));
  settings.push_back(number("m", gym.m, 1e-3, 1e3, "kg", "mass"));
  settings.push_back(
      number("l", gym.l, 1e-3, 1e3, "m", "length, in the dynamics; it is drawn 1 m long"));
  settings.push_back(
      number("max_speed", gym.max_speed, 1e-3, 1e3, "rad/s", "bound of |theta_dot|"));
  settings.push_back(number("max_torque", gym.max_torque, 1e-3, 1e3, "N m", "bound of |u|"));
  add_splits(settings, 0.8, 0.1);
  return spec;
}

// dt in place of t_end, for a dataset that has a t_end
Overrides with_end_from_dt(const DatasetSpec& spec, Overrides overrides) {
  const auto dt = overrides.find("dt");
  if (dt == overrides.end() || spec.name == pixel_pendulum) return overrides;
  if (overrides.contains("t_end"))
    throw base::UsageError("dt and t_end state the same thing: give one of them");
  const double interval = base::parse_double(dt->second, "dt");
  if (!std::isfinite(interval) || interval <= 0) {
    throw base::UsageError(fmt::format("dt = {}: must be finite and greater than 0", dt->second));
  }
  overrides.erase(dt);
  const Config partial(spec.name, spec.settings, overrides);
  const double end =
      partial.number("t_start") + interval * static_cast<double>(partial.integer("steps") - 1);
  overrides["t_end"] = base::format_double(end);
  return overrides;
}

// what is made at a time, one episode or one pack of trajectories, is held in memory
void check_memory(const Config& config) {
  constexpr double most = 256 << 20;
  const auto steps = static_cast<double>(config.integer("steps"));
  double bytes = 0;
  if (config.name() == pixel_pendulum) {
    bytes = (steps + 1) * 3 * std::pow(static_cast<double>(config.integer("render_size")), 2);
  } else {
    const auto& system = sim::find_system(config.name());
    bytes = steps * static_cast<double>(system.dimension() * sizeof(double)) *
            sim::pack_size(system, config.text("integrator"));
  }
  if (bytes > most) {
    throw base::UsageError(
        fmt::format("steps = {}: would need {} at a time, at most {} are held in memory",
                    config.integer("steps"), base::format_bytes(bytes), base::format_bytes(most)));
  }
}

void check_together(const Config& config) {
  if (config.number("train_share") + config.number("valid_share") > 1) {
    throw base::UsageError("train_share and valid_share add up to more than 1");
  }
  check_memory(config);
  if (config.name() == pixel_pendulum) return;
  if (config.number("t_end") <= config.number("t_start")) {
    throw base::UsageError(fmt::format("t_end = {}: must be after t_start = {}",
                                       base::format_double(config.number("t_end")),
                                       base::format_double(config.number("t_start"))));
  }
  const auto& system = sim::find_system(config.name());
  for (const auto& constant : system.sampling) {
    const auto stem = constant.name.substr(0, constant.name.size() - 4);
    if (!constant.name.ends_with("_min")) continue;
    if (config.number(constant.name) > config.number(stem + "_max")) {
      throw base::UsageError(fmt::format("{} is greater than {}_max", constant.name, stem));
    }
  }
}

}  // namespace

const std::vector<DatasetSpec>& all_datasets() {
  static const std::vector<DatasetSpec> specs = [] {
    std::vector<DatasetSpec> all;
    for (const auto& system : sim::all_systems()) all.push_back(of_system(system));
    all.push_back(pixel_pendulum_spec());
    return all;
  }();
  return specs;
}

const DatasetSpec& find_dataset(std::string_view name) {
  for (const auto& spec : all_datasets()) {
    if (spec.name == name) return spec;
  }
  throw base::UsageError(base::unknown_name("dataset", name, names_of(all_datasets())));
}

Config make_config(std::string_view name, const Overrides& overrides) {
  const DatasetSpec& spec = find_dataset(name);
  Config config(spec.name, spec.settings, with_end_from_dt(spec, overrides));
  check_together(config);
  return config;
}

}  // namespace noether::dataset
