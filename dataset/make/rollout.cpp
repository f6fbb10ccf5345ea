#include "dataset/make/rollout.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <set>

#include "base/error.h"
#include "base/sha256.h"
#include "base/text.h"
#include "dataset/make/catalogue.h"
#include "dataset/make/episode_recipe.h"
#include "dataset/make/trajectory_recipe.h"
#include "dataset/store/dataset_file.h"

namespace noether::dataset {
namespace {

// what a rollout takes from its input; `source` names the file in errors
struct Given {
  std::string source;
  std::vector<double> initial_state;  // (N, D)
  std::vector<double> time;           // (T), of a system
  std::vector<float> actions;         // (E, T, 1), of pixel-pendulum
  std::int64_t samples = 0;
  std::int64_t steps = 0;
};

// settings that the input decides, so that nobody may state them
const std::set<std::string> decided{"n", "steps", "t_start", "t_end", "policy"};
constexpr std::string_view input_line = "initial_state_sha256";

template <class T>
std::vector<T> read_finite(const H5File& file, const std::string& array) {
  auto values = read_array<T>(file, array);
  const auto bad = std::ranges::find_if(values, [](T value) { return !std::isfinite(value); });
  if (bad != values.end()) {
    throw base::DataError(fmt::format("'{}': '{}' holds a non-finite number at element {}",
                                      file.path().string(), array, bad - values.begin()));
  }
  return values;
}

Shape expect_shape(const H5File& file, const std::string& array, const std::string& expected,
                   std::size_t rank, std::int64_t last) {
  const Shape shape = file.describe(array).shape;
  const bool fits =
      shape.size() == rank && (last < 0 || shape.back() == last) && element_count(shape) > 0;
  if (!fits) {
    throw base::DataError(fmt::format("'{}': '{}' has shape {} where {} was expected",
                                      file.path().string(), array, shape_text(shape), expected));
  }
  return shape;
}

Given read_episode_input(const H5File& file, const std::string& state, const std::string& actions) {
  const Shape starts = expect_shape(file, state, "(E, 2)", 2, 2);
  const Shape played = expect_shape(file, actions, "(E, T, 1)", 3, 1);
  if (starts[0] != played[0]) {
    throw base::DataError(fmt::format("'{}': {} starts, but actions for {} episodes",
                                      file.path().string(), starts[0], played[0]));
  }
  return {.source = file.path().string(),
          .initial_state = read_finite<double>(file, state),
          .time = {},
          .actions = read_finite<float>(file, actions),
          .samples = starts[0],
          .steps = played[1]};
}

Given read_system_input(const H5File& file, const sim::System& system, const std::string& state,
                        const std::string& time) {
  const auto dimension = static_cast<std::int64_t>(system.dimension());
  const Shape starts = expect_shape(file, state, fmt::format("(N, {})", dimension), 2, dimension);
  const Shape times = expect_shape(file, time, "(T)", 1, -1);
  Given given{.source = file.path().string(),
              .initial_state = read_finite<double>(file, state),
              .time = read_finite<double>(file, time),
              .actions = {},
              .samples = starts[0],
              .steps = times[0]};
  if (given.steps < 2 ||
      std::ranges::adjacent_find(given.time, std::greater_equal<>()) != given.time.end()) {
    throw base::DataError(fmt::format(
        "'{}': '{}' must hold at least two strictly increasing numbers", given.source, time));
  }
  return given;
}

std::string digest_of(const Given& given) {
  base::Sha256 sha;
  sha.update(std::as_bytes(std::span(given.initial_state)));
  sha.update(std::as_bytes(std::span(given.time)));
  sha.update(std::as_bytes(std::span(given.actions)));
  return sha.hex();
}

Config config_of(std::string_view system, const Given& given, Overrides overrides) {
  if (system != pixel_pendulum) overrides.try_emplace("noise_std", "0");
  overrides["n"] = fmt::format("{}", given.samples);
  overrides["steps"] = fmt::format("{}", given.steps);
  if (system != pixel_pendulum) {
    overrides["t_start"] = base::format_double(given.time.front());
    overrides["t_end"] = base::format_double(given.time.back());
  }
  return make_config(system, overrides);
}

Recipe recipe_of(const Config& config, const Given& given) {
  const std::string toml =
      config.to_toml() + fmt::format("{} = \"{}\"\n", input_line, digest_of(given));
  const std::string command = fmt::format("noether rollout {}{} # input {}", config.name(),
                                          config.set_flags(decided), digest_of(given));
  const std::string name = fmt::format("noether/{}-rollout", config.name());
  if (config.name() == pixel_pendulum) {
    EpisodePlan plan = plan_episodes(config);
    plan.dataset_name = name;
    plan.command_line = command;
    plan.config_toml = toml;
    plan.initial_states = given.initial_state;
    plan.actions = given.actions;
    return episode_recipe(plan);
  }
  TrajectoryPlan plan = plan_trajectories(config);
  plan.dataset_name = name;
  plan.command_line = command;
  plan.config_toml = toml;
  plan.times = given.time;
  plan.initial_states = given.initial_state;
  return trajectory_recipe(plan);
}

// the first state of every episode, (E, 2)
std::vector<double> first_states(const DatasetFile& file) {
  const Shape shape = file.h5().describe("episodes/state").shape;
  std::vector<double> starts;
  for (std::int64_t i = 0; i < shape.at(0); ++i) {
    const auto row = file.rows<double>("episodes/state", i, 1);
    starts.insert(starts.end(), row.begin(), row.begin() + 2);
  }
  return starts;
}

}  // namespace

Recipe rollout_recipe(std::string_view system, const std::filesystem::path& input,
                      Overrides overrides) {
  static_cast<void>(find_dataset(system));
  std::set<std::string> fixed = decided;
  if (system != pixel_pendulum) fixed.insert("dt");
  for (const auto& key : fixed) {
    if (!overrides.contains(key)) continue;
    throw base::UsageError(
        fmt::format("rollout: '{}' comes from the input file and cannot be set", key));
  }
  const H5File file = open_h5(input);
  const Given given =
      system == pixel_pendulum
          ? read_episode_input(file, "initial_state", "actions")
          : read_system_input(file, sim::find_system(system), "initial_state", "time");
  return recipe_of(config_of(system, given, std::move(overrides)), given);
}

Recipe recipe_of_file(const DatasetFile& file) {
  const std::string source = file.h5().path().string();
  const auto toml = file.h5().read_text("provenance/config");
  TomlConfig config = parse_toml(toml.front(), source + ": provenance/config");
  const bool is_rollout = config.overrides.erase(std::string(input_line)) > 0;
  if (config.dataset.empty())
    throw base::DataError(
        fmt::format("'{}' was not generated: there is nothing to replay", source));
  const Config resolved = make_config(config.dataset, config.overrides);
  if (!is_rollout) return make_recipe(resolved);
  Given given;
  given.source = source;
  if (file.has_episodes()) {
    given.initial_state = first_states(file);
    given.actions = file.read<float>("episodes/actions");
  } else {
    given.initial_state = file.read<double>("trajectories/initial_state");
    given.time = file.read<double>("dimensions/time");
  }
  return recipe_of(resolved, given);
}

}  // namespace noether::dataset
