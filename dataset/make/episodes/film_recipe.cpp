#include "dataset/make/episodes/film_recipe.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstring>
#include <deque>
#include <limits>
#include <memory>
#include <mutex>
#include <span>
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
  array.rows_per_chunk = 0;  // a block is one episode
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

// The columns of a pack of trajectories: they are made together, because a trajectory has no bits
// of its own elsewhere.
struct Pack {
  std::int64_t first = 0;
  std::int64_t count = 0;
  std::once_flag made = {};
  Columns columns = {};

  std::span<const std::byte> row(std::size_t column, std::int64_t episode) const {
    const auto bytes = columns[column].size() / static_cast<std::size_t>(count);
    return std::span(columns[column])
        .subspan(static_cast<std::size_t>(episode - first) * bytes, bytes);
  }
};

// The packs that are being filmed, each made once, by the first thread that needs it. Threads ask
// for pieces in their order, so the two latest packs are enough.
class Packs {
 public:
  explicit Packs(const TrajectoryPlan& plan)
      : states_(trajectory_recipe(plan)),
        size_(sim::pack_size(*plan.system, plan.integration.method)) {}

  std::shared_ptr<const Pack> of(std::int64_t episode) {
    const std::shared_ptr<Pack> pack = find(episode / size_ * size_);
    std::call_once(pack->made, [&] { pack->columns = states_.make(pack->first, pack->count, 0); });
    return pack;
  }

 private:
  std::shared_ptr<Pack> find(std::int64_t first) {
    const std::lock_guard lock(mutex_);
    const auto found = std::ranges::find(latest_, first, &Pack::first);
    if (found != latest_.end()) return *found;
    if (latest_.size() == 2) latest_.pop_front();
    return latest_.emplace_back(
        new Pack{.first = first, .count = std::min(size_, states_.samples - first)});
  }

  Recipe states_;
  std::int64_t size_;
  std::mutex mutex_;
  std::deque<std::shared_ptr<Pack>> latest_;
};

std::vector<double> numbers_of(std::span<const std::byte> bytes) {
  std::vector<double> values(bytes.size() / sizeof(double));
  std::memcpy(values.data(), bytes.data(), bytes.size());
  return values;
}

// A piece of an episode: frames, and with the first of them the columns of its trajectory.
Columns make_piece(const TrajectoryPlan& plan, const Pack& pack, const FilmPieces& cut,
                   std::int64_t episode, std::int64_t piece) {
  const auto frames = static_cast<std::size_t>(cut.frames);
  Bytes pixels;  // at its size from the first, and not copied: it is most of what is held
  pixels.reserve(std::min(frames, plan.times.size()) *
                 static_cast<std::size_t>(row_bytes(pixel_array(plan)) / points_of(plan)));
  render::film_frames(*plan.scene, numbers_of(pack.row(0, episode)), plan.system->dimension(),
                      constants_at(plan, episode, 1), *plan.film, plan.seed,
                      static_cast<std::uint64_t>(episode),
                      {.first = static_cast<std::size_t>(piece) * frames, .count = frames},
                      [&](std::span<const std::uint8_t> frame) {
                        const auto bytes = std::as_bytes(frame);
                        pixels.insert(pixels.end(), bytes.begin(), bytes.end());
                      });
  Columns columns(1);
  columns.front() = std::move(pixels);
  columns.resize(1 + pack.columns.size());
  if (piece > 0) return columns;
  for (std::size_t k = 0; k < pack.columns.size(); ++k) {
    const auto row = pack.row(k, episode);
    columns[1 + k].assign(row.begin(), row.end());
  }
  return columns;
}

}  // namespace

Recipe film_recipe(const TrajectoryPlan& plan) {
  const Recipe states = trajectory_recipe(plan);
  const FilmPieces cut = film_pieces(pixel_array(plan));
  return {.config_toml = states.config_toml,
          .layout = layout_of(plan, states.layout),
          .samples = plan.samples,
          .samples_per_block = 1,
          .film = cut,
          .make = [plan, cut, packs = std::make_shared<Packs>(plan)](
                      std::int64_t episode, std::int64_t /*count*/, std::int64_t piece) {
            return make_piece(plan, *packs->of(episode), cut, episode, piece);
          }};
}

}  // namespace noether::dataset
