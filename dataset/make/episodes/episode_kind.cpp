#include "dataset/make/episodes/episode_kind.h"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>

#include "base/error.h"
#include "dataset/make/episodes/episode_recipe.h"
#include "dataset/make/given_array.h"
#include "dataset/make/setting.h"
#include "dataset/make/view.h"
#include "dataset/store/schema.h"
#include "sim/gym_pendulum.h"
#include "sim/policy.h"

namespace noether::dataset {
namespace {

// seeds, splits and policies are held whole: tens of bytes a sample, below 1 GiB
constexpr double most_episodes = 1e6;

DatasetSpec pixel_pendulum() {
  DatasetSpec spec{
      "pixel-pendulum",
      "rendered, torque-controlled pendulum with the dynamics of Gymnasium's Pendulum-v1",
      std::string(episodes_schema),
      "theta_dot' = clip(theta_dot + (3g/(2l) sin theta + 3u/(m l^2)) dt), theta' = theta + "
      "theta_dot' dt; "
      "theta = 0 upright",
      "Towers et al., Gymnasium (arXiv:2407.17032), Pendulum-v1",
      {}};
  const sim::GymPendulumOptions gym;
  auto& settings = spec.settings;
  settings = size_settings({.n = 200,
                            .most_n = most_episodes,
                            .sample = "episodes",
                            .steps = gym.max_episode_steps,
                            .step = "steps of an episode, truncated at the last"});
  settings.push_back(
      choice_setting("policy", "mixed", names_of(sim::all_policies()), "what drives the pendulum"));
  settings.push_back(
      integer_setting("render_size", 64, 8, 500, "height and width of the stored frames, px"));
  settings.push_back(number_setting("dt", gym.dt, 1e-6, 10, "s", "time step"));
  settings.push_back(number_setting("g", gym.g, 1e-3, 1e3, "m/s^2", "gravity"));
  settings.push_back(number_setting("m", gym.m, 1e-3, 1e3, "kg", "mass"));
  settings.push_back(
      number_setting("l", gym.l, 1e-3, 1e3, "m", "length, in the dynamics; it is drawn 1 m long"));
  settings.push_back(
      number_setting("max_speed", gym.max_speed, 1e-3, 1e3, "rad/s", "bound of |theta_dot|"));
  settings.push_back(
      number_setting("max_torque", gym.max_torque, 1e-3, 1e3, "N m", "bound of |u|"));
  settings.push_back(number_setting("start_speed", sim::gym_start_speed, 0, 1e3, "rad/s",
                                    "largest |theta_dot| of a start, at most max_speed"));
  std::ranges::move(split_settings(0.8, 0.1), std::back_inserter(settings));
  return spec;
}

std::vector<DatasetSpec> datasets() { return {pixel_pendulum()}; }

Overrides settle(const DatasetSpec& spec, Overrides overrides) {
  if (overrides.contains("frames")) {
    throw base::UsageError(fmt::format(
        "frames: {} is always filmed; render_size is the size of its frames", spec.name));
  }
  return overrides;
}

void check(const Config& config) {
  const double start = config.number("start_speed");
  const double most = config.number("max_speed");
  // a default above a low max_speed stays allowed: the first step clips it, as Gymnasium does
  if (config.is_default("start_speed") || start <= most) return;
  throw base::UsageError(
      fmt::format("start_speed = {:g}: must be at most max_speed, {:g} rad/s", start, most));
}

// all of one episode but its frames, which are made in pieces
double bytes_at_a_time(const Config& config) {
  constexpr double of_a_step = 42;  // two doubles, three floats, action, reward, two flags
  return static_cast<double>(config.integer("steps")) * of_a_step;
}

Recipe recipe(const Config& config) { return episode_recipe(plan_episodes(config)); }

GivenStarts read_input(const H5File& input, const DatasetSpec& /*spec*/) {
  const Shape starts = expect_shape(input, "initial_state", "(E, 2)", 2, 2);
  const Shape played = expect_shape(input, "actions", "(E, T, 1)", 3, 1);
  if (starts[0] != played[0]) {
    throw base::DataError(fmt::format("'{}': {} starts, but actions for {} episodes",
                                      input.path().string(), starts[0], played[0]));
  }
  return {.initial_state = read_finite<double>(input, "initial_state"),
          .actions = read_finite<float>(input, "actions"),
          .samples = starts[0],
          .steps = played[1]};
}

// the first state of every episode, and all actions
GivenStarts read_given(const DatasetFile& file) {
  GivenStarts given{.actions = file.read<float>("episodes/actions")};
  for (std::int64_t i = 0; i < file.samples(); ++i) {
    const auto row = file.rows<double>("episodes/state", i, 1);
    given.initial_state.insert(given.initial_state.end(), row.begin(), row.begin() + 2);
  }
  return given;
}

Overrides settings(const GivenStarts& /*given*/, Overrides overrides) { return overrides; }

Recipe rollout(const Config& config, const GivenStarts& given, const Statement& statement) {
  EpisodePlan plan = plan_episodes(config);
  plan.statement = statement;
  plan.initial_states = given.initial_state;
  plan.actions = given.actions;
  return episode_recipe(plan);
}

render::Image image(const DatasetFile& file, std::int64_t sample) {
  return render::draw_film_strip(episode(file, sample));
}

std::vector<render::Image> animation(const DatasetFile& file, std::int64_t sample) {
  return render::draw_animation(episode(file, sample));
}

CsvTable csv(const DatasetFile& /*file*/) {
  return {.file = "episodes.csv",
          .columns = {{"episodes/state", {"theta", "theta_dot"}},
                      {"episodes/observations/state",
                       {"obs_cos_theta", "obs_sin_theta", "obs_theta_dot"}},
                      {"episodes/actions", {"action"}},
                      {"episodes/rewards", {"reward"}},
                      {"episodes/terminations", {"terminated"}},
                      {"episodes/truncations", {"truncated"}}},
          .once = {{"episodes/length", "", "length"},
                   {"episodes/seed", "", "seed"},
                   {"episodes/policy", "", "policy"}},
          .lengths = "episodes/length",
          .contents = "all but the pixels"};
}

}  // namespace

Kind episode_kind() {
  return {.schema = episodes_schema,
          .has_actions = true,
          .sample = "episode",
          .making = Making{.datasets = datasets,
                           .settle = settle,
                           .check = check,
                           .bytes_at_a_time = bytes_at_a_time,
                           .recipe = recipe,
                           .decided = {"n", "steps", "policy", "start_speed"},
                           .read_input = read_input,
                           .read_given = read_given,
                           .settings = settings,
                           .rollout = rollout},
          .image = image,
          .animation = animation,
          .csv = csv};
}

}  // namespace noether::dataset
