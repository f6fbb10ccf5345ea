#include "dataset/make/episodes/episode_recipe.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/random.h"
#include "dataset/make/provenance.h"
#include "dataset/store/schema.h"
#include "render/gym/pendulum_env.h"
#include "sim/policy.h"
#include "sim/sampling.h"

namespace noether::dataset {
namespace {

using Attributes = std::vector<Attribute>;

Attributes describe(std::string units, std::string description) {
  return {{"units", std::move(units)}, {"description", std::move(description)}};
}

std::string observation_space_json(const EpisodePlan& plan, const std::string& state_space) {
  return fmt::format(
      R"({{"type": "Dict", "subspaces": {{"pixels": {{"type": "Box", "dtype": "uint8", "shape": [{0}, {0}, 3], )"
      R"("low": 0, "high": 255}}, "state": {1}}}}})",
      plan.render_size_px, state_space);
}

Array pixel_array(const EpisodePlan& plan) {
  const std::int64_t size = plan.render_size_px;
  return {.path = "episodes/observations/pixels",
          .type = ElementType::u1,
          .shape = {plan.samples, plan.environment.max_episode_steps + 1, size, size, 3},
          .attributes = {{"channel_order", std::string("RGB")},
                         {"video_layout", std::string("E,T,H,W,C")},
                         {"units", std::string("1")},
                         {"description", std::string("frame after t steps, row 0 at the top")},
                         {"render_size", std::int64_t{render::gym_frame_px}},
                         {"downsample", std::string("area")}},
          .axes = {"episode", "time", "height", "width", "channel"},
          .streamed = true,
          .compressed = true};
}

std::vector<Array> streamed_arrays(const EpisodePlan& plan) {
  const std::int64_t e = plan.samples;
  const std::int64_t t = plan.environment.max_episode_steps;
  const std::vector<std::string> by_step{"episode", "step"};
  std::vector<Array> arrays{pixel_array(plan)};
  const auto add = [&](const char* name, ElementType type, Shape shape, Attributes attributes,
                       std::vector<std::string> axes) {
    arrays.push_back({.path = fmt::format("episodes/{}", name),
                      .type = type,
                      .shape = std::move(shape),
                      .attributes = std::move(attributes),
                      .axes = std::move(axes),
                      .streamed = true});
  };
  add("observations/state", ElementType::f4, {e, t + 1, 3},
      {{"units", std::vector<std::string>{"1", "1", "rad/s"}},
       {"description", std::string("cos(theta), sin(theta), theta_dot: Gymnasium's observation")}},
      {"episode", "time", "observation"});
  add("state", ElementType::f8, {e, t + 1, 2},
      {{"units", std::vector<std::string>{"rad", "rad/s"}},
       {"description",
        std::string("theta (unwrapped, 0 upright, counter-clockwise positive), theta_dot")}},
      {"episode", "time", "coordinate"});
  add("actions", ElementType::f4, {e, t, 1},
      describe("N m", "torque of step t, from time t to t + 1"), {"episode", "step", "action"});
  add("rewards", ElementType::f8, {e, t},
      describe("1", "-(theta^2 + 0.1 theta_dot^2 + 0.001 u^2) before step t"), by_step);
  add("terminations", ElementType::boolean, {e, t}, describe("1", "never"), by_step);
  add("truncations", ElementType::boolean, {e, t}, describe("1", "true at the last step"), by_step);
  return arrays;
}

std::string policy_name(const EpisodePlan& plan, std::int64_t episode) {
  if (plan.actions) return "given";
  return sim::make_policy(plan.policy, plan.environment, plan.seed, episode)->name();
}

std::vector<Array> per_episode_arrays(const EpisodePlan& plan) {
  const auto count = static_cast<std::size_t>(plan.samples);
  std::vector<std::uint64_t> seeds;
  std::vector<std::string> policies;
  for (std::int64_t i = 0; i < plan.samples; ++i) {
    seeds.push_back(plan.initial_states ? 0 : episode_seed(plan.seed, i));
    policies.push_back(policy_name(plan, i));
  }
  const std::vector<std::int64_t> lengths(count, plan.environment.max_episode_steps);
  const char* const seed_meaning =
      plan.initial_states ? "0: the start was given" : "what reset(seed=...) was given";
  const std::vector<std::string> by_episode{"episode"};
  return {{.path = "episodes/length",
           .type = ElementType::i8,
           .shape = {plan.samples},
           .attributes = describe("1", "number of steps"),
           .axes = by_episode,
           .content = to_bytes<std::int64_t>(lengths)},
          {.path = "episodes/seed",
           .type = ElementType::u8,
           .shape = {plan.samples},
           .attributes = describe("1", seed_meaning),
           .axes = by_episode,
           .content = to_bytes<std::uint64_t>(seeds)},
          {.path = "episodes/policy",
           .type = ElementType::text,
           .shape = {plan.samples},
           .attributes = describe("1", "what chose the actions"),
           .axes = by_episode,
           .text = policies}};
}

Attributes attributes_of(const EpisodePlan& plan) {
  const auto& gym = plan.environment;
  const sim::GymPendulum environment(gym);
  auto attributes = origin_attributes({.schema = std::string(episodes_schema),
                                       .dataset_name = plan.statement.dataset_name,
                                       .system = plan.system,
                                       .command_line = plan.statement.command_line,
                                       .seed = plan.seed});
  const Attributes own{
      {"env_id", std::string("Pendulum-v1")},
      {"dt", gym.dt},
      {"g", gym.g},
      {"m", gym.m},
      {"l", gym.l},
      {"max_speed", gym.max_speed},
      {"max_torque", gym.max_torque},
      {"max_episode_steps", std::int64_t{gym.max_episode_steps}},
      {"n_episodes", plan.samples},
      {"observation_space", observation_space_json(plan, environment.observation_space_json())},
      {"action_space", environment.action_space_json()},
      {"render_size", std::int64_t{plan.render_size_px}},
      {"downsample", std::string("area")}};
  attributes.insert(attributes.end(), own.begin(), own.end());
  return attributes;
}

Layout layout_of(const EpisodePlan& plan) {
  const int steps = plan.environment.max_episode_steps;
  const auto times = sim::time_grid(0, steps * plan.environment.dt, steps + 1);
  Layout layout{.attributes = attributes_of(plan), .arrays = {}};
  auto& arrays = layout.arrays;
  arrays.push_back(time_array(times, "s", "time after t steps"));
  for (const auto& more : {streamed_arrays(plan), per_episode_arrays(plan),
                           split_arrays(plan.samples, plan.train_share, plan.valid_share),
                           provenance_arrays(plan.statement.config_toml)}) {
    arrays.insert(arrays.end(), more.begin(), more.end());
  }
  return layout;
}

template <class T>
void append(Bytes& bytes, std::span<const T> values) {
  const auto raw = std::as_bytes(values);
  bytes.insert(bytes.end(), raw.begin(), raw.end());
}

template <class T>
void append_one(Bytes& bytes, T value) {
  append(bytes, std::span<const T>(&value, 1));
}

// the columns of a piece of one episode, in the order of streamed_arrays
struct Recorder {
  Bytes pixels, observation, state, actions, rewards, terminations, truncations;

  void record(const render::PendulumEnv& environment) {
    append<float>(observation, environment.observation());
    append_one(state, environment.state().theta);
    append_one(state, environment.state().theta_dot);
  }
  void record(float action, const sim::PendulumStep& step) {
    append_one(actions, action);
    append_one(rewards, step.reward);
    append_one(terminations, static_cast<std::int8_t>(step.terminated));
    append_one(truncations, static_cast<std::int8_t>(step.truncated));
  }
  Columns columns() && {
    Columns columns;
    for (Bytes* column :
         {&pixels, &observation, &state, &actions, &rewards, &terminations, &truncations}) {
      columns.push_back(std::move(*column));
    }
    return columns;
  }
};

// A piece has the frames [first, last); the first piece also has all other columns.
Columns run_episode(const EpisodePlan& plan, std::int64_t episode, std::int64_t first,
                    std::int64_t last) {
  render::PendulumEnv environment(plan.environment, plan.render_size_px);
  const int steps = plan.environment.max_episode_steps;
  auto observation = plan.initial_states
                         ? environment.reset(sim::PendulumState{
                               (*plan.initial_states)[static_cast<std::size_t>(2 * episode)],
                               (*plan.initial_states)[static_cast<std::size_t>(2 * episode + 1)]})
                         : environment.reset(episode_seed(plan.seed, episode), plan.start_speed);
  const auto policy =
      plan.actions ? nullptr : sim::make_policy(plan.policy, plan.environment, plan.seed, episode);
  Recorder recorder;
  const std::int64_t frames = std::min<std::int64_t>(last, steps + 1) - first;
  recorder.pixels.reserve(static_cast<std::size_t>(frames * 3 * plan.render_size_px) *
                          static_cast<std::size_t>(plan.render_size_px));
  const auto see = [&](std::int64_t time) {
    if (first <= time && time < last) append(recorder.pixels, environment.render());
    if (first == 0) recorder.record(environment);
  };
  see(0);
  const std::int64_t stop = first == 0 ? steps : std::min<std::int64_t>(steps, last - 1);
  for (std::int64_t t = 0; t < stop; ++t) {
    const float action = plan.actions
                             ? (*plan.actions)[static_cast<std::size_t>(episode * steps + t)]
                             : policy->act(observation);
    const auto step = environment.step(action);
    observation = step.observation;
    if (first == 0) recorder.record(action, step);
    see(t + 1);
  }
  return std::move(recorder).columns();
}

}  // namespace

std::uint64_t episode_seed(std::uint64_t seed, std::int64_t episode) {
  return base::RandomStream(seed, base::Purpose::episode_seed, static_cast<std::uint64_t>(episode))
             .bits() >>
         1U;
}

EpisodePlan plan_episodes(const Config& config) {
  return {.system = config.name(),
          .environment = {.g = config.number("g"),
                          .m = config.number("m"),
                          .l = config.number("l"),
                          .dt = config.number("dt"),
                          .max_speed = config.number("max_speed"),
                          .max_torque = config.number("max_torque"),
                          .max_episode_steps = static_cast<int>(config.integer("steps"))},
          .policy = config.text("policy"),
          .start_speed = config.number("start_speed"),
          .render_size_px = static_cast<int>(config.integer("render_size")),
          .seed = config.seed(),
          .samples = config.integer("n"),
          .train_share = config.number("train_share"),
          .valid_share = config.number("valid_share"),
          .statement = generated(config),
          .initial_states = {},
          .actions = {}};
}

Recipe episode_recipe(const EpisodePlan& plan) {
  const FilmPieces cut = film_pieces(pixel_array(plan));
  return {.config_toml = plan.statement.config_toml,
          .layout = layout_of(plan),
          .samples = plan.samples,
          .samples_per_block = 1,
          .film = cut,
          .make = [plan, cut](std::int64_t episode, std::int64_t /*count*/, std::int64_t piece) {
            return run_episode(plan, episode, piece * cut.frames, (piece + 1) * cut.frames);
          }};
}

}  // namespace noether::dataset
