#include "dataset/make/episodes/film_recipe.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstring>
#include <limits>
#include <utility>

#include "base/text.h"
#include "dataset/make/trajectories/trajectory_constants.h"
#include "dataset/store/schema.h"

namespace noether::dataset {
namespace {

std::int64_t points_of(const TrajectoryPlan& plan) { return std::ssize(plan.times); }

// seconds between frames; the mean where the times of a rollout are not even
double interval_of(const TrajectoryPlan& plan) {
  return (plan.times.back() - plan.times.front()) / static_cast<double>(points_of(plan) - 1);
}

Array pixel_array(const TrajectoryPlan& plan) {
  const std::int64_t size = plan.film->size_px;
  const bool is_grey = plan.film->channels == 1;
  Array array{
      .path = pixels_array,
      .type = ElementType::u1,
      .shape = {plan.samples, points_of(plan), size, size, plan.film->channels},
      .attributes = {{"channel_order", std::string(is_grey ? "grey" : "RGB")},
                     {"video_layout", std::string("E,T,H,W,C")},
                     {"units", std::string("1")},
                     {"description", std::string("frame at dimensions/time, row 0 at the top: ") +
                                         std::string(plan.scene->shows)}},
      .axes = {"episode", "time", "height", "width", "channel"},
      .streamed = true,
      .compressed = true};
  return array;
}

Array length_array(const TrajectoryPlan& plan) {
  const std::vector<std::int64_t> lengths(static_cast<std::size_t>(plan.samples),
                                          points_of(plan) - 1);
  return {.path = "episodes/length",
          .type = ElementType::i8,
          .shape = {plan.samples},
          .attributes = {{"units", std::string("1")},
                         {"description", std::string("number of steps, one less than frames")}},
          .axes = {"episode"},
          .content = to_bytes<std::int64_t>(lengths)};
}

// An array of trajectories as one of episodes.
Array of_episodes(Array array) {
  const std::string group = "trajectories/";
  if (array.path == group + "observation") array.path = group + "observations/state";
  if (array.path.starts_with(group)) array.path.replace(0, group.size(), "episodes/");
  std::ranges::replace(array.axes, "trajectory", "episode");
  return array;
}

std::string observation_space(const TrajectoryPlan& plan) {
  return fmt::format(
      R"({{"type": "Dict", "subspaces": {{"pixels": {{"type": "Box", "dtype": "uint8", "shape": [{0}, {0}, {1}], )"
      R"("low": 0, "high": 255}}, "state": {{"type": "Box", "dtype": "float64", "shape": [{2}], )"
      R"("low": -{3}, "high": {3}}}}}}})",
      plan.film->size_px, plan.film->channels, plan.system->dimension(),
      base::format_double(std::numeric_limits<double>::max()));
}

std::vector<Attribute> attributes_of(const TrajectoryPlan& plan, std::vector<Attribute> of_states) {
  for (auto& [name, value] : of_states) {
    if (name == "schema") value = std::string(episodes_schema);
    if (name == "schema_version") value = std::string(films_version);
    if (name == "n_trajectories") name = "n_episodes";
  }
  const std::vector<Attribute> own{{"dt", interval_of(plan)},
                                   {"render_size", std::int64_t{plan.film->size_px}},
                                   {"observation_space", observation_space(plan)}};
  of_states.insert(of_states.end(), own.begin(), own.end());
  return of_states;
}

Layout layout_of(const TrajectoryPlan& plan, const Layout& states) {
  Layout layout{.attributes = attributes_of(plan, states.attributes), .arrays = {}};
  for (const Array& array : states.arrays) {
    if (array.path == "trajectories/state") layout.arrays.push_back(pixel_array(plan));
    if (array.path == "trajectories/seed") layout.arrays.push_back(length_array(plan));
    layout.arrays.push_back(of_episodes(array));
  }
  return layout;
}

// Row `row` of columns of `rows` rows.
Columns row_of(const Columns& columns, std::int64_t row, std::int64_t rows) {
  Columns one;
  for (const Bytes& column : columns) {
    const std::int64_t bytes = std::ssize(column) / rows;
    one.emplace_back(column.begin() + row * bytes, column.begin() + (row + 1) * bytes);
  }
  return one;
}

std::vector<double> numbers_of(const Bytes& bytes) {
  std::vector<double> values(bytes.size() / sizeof(double));
  std::memcpy(values.data(), bytes.data(), bytes.size());
  return values;
}

// The columns of one episode: its frames, then those of its trajectory, which is made with its
// whole pack, because it has no bits of its own elsewhere.
Columns make_episode(const TrajectoryPlan& plan, const Recipe& states, std::int64_t episode) {
  const std::int64_t pack = sim::pack_size(*plan.system, plan.integration.method);
  const std::int64_t first = episode / pack * pack;
  const std::int64_t count = std::min(pack, plan.samples - first);
  Columns row = row_of(states.make(first, count), episode - first, count);
  const auto constants = constants_at(plan, episode, 1);
  Bytes frames = to_bytes<std::uint8_t>(
      render::film(*plan.scene, numbers_of(row.front()), plan.system->dimension(), constants,
                   *plan.film, plan.seed, static_cast<std::uint64_t>(episode)));
  row.insert(row.begin(), std::move(frames));
  return row;
}

}  // namespace

Recipe film_recipe(const TrajectoryPlan& plan) {
  const Recipe states = trajectory_recipe(plan);
  return {.config_toml = states.config_toml,
          .layout = layout_of(plan, states.layout),
          .samples = plan.samples,
          .samples_per_block = 1,
          .make = [plan, states](std::int64_t first, std::int64_t count) {
            Columns columns = make_episode(plan, states, first);
            for (std::int64_t i = first + 1; i < first + count; ++i) {
              const Columns next = make_episode(plan, states, i);
              for (std::size_t k = 0; k < columns.size(); ++k)
                columns[k].insert(columns[k].end(), next[k].begin(), next[k].end());
            }
            return columns;
          }};
}

}  // namespace noether::dataset
