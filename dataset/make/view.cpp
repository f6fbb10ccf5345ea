#include "dataset/make/view.h"

#include <fmt/format.h>

#include <algorithm>
#include <span>
#include <utility>

#include "base/error.h"
#include "dataset/store/schema.h"

namespace noether::dataset {

render::TrajectoryFigure trajectory_figure(const DatasetFile& file, std::int64_t most) {
  if (file.schema() != trajectories_schema)
    throw base::UsageError("an episode file has no phase portrait");
  const H5File& h5 = file.h5();
  const std::int64_t count = std::min(most, file.samples());
  const auto names = file.names("coordinate_names");
  const auto times = h5.describe("dimensions/time").shape.at(0);
  render::TrajectoryFigure figure{
      .title = fmt::format("{}: {} trajectories of {} points", file.text("system"), file.samples(),
                           times),
      .subtitle = h5.text_attribute("", "equations"),
      .time_name = h5.text_attribute("dimensions/time", "description"),
      .time_unit = h5.text_attribute("dimensions/time", "units"),
      .coordinate_names = names,
      .coordinate_units = {},
      .time = file.read<double>("dimensions/time"),
      .state = file.rows<double>("trajectories/state", 0, count),
      .observation = file.rows<double>("trajectories/observation", 0, count),
      .invariants = {}};
  for (std::size_t k = 0; k < names.size(); ++k)
    figure.coordinate_units.push_back(column_unit(h5, "trajectories/state", k));
  for (const auto& name : file.invariant_names()) {
    const std::string path = "trajectories/invariants/" + name;
    figure.invariants.push_back({.name = name,
                                 .unit = h5.text_attribute(path, "units"),
                                 .values = file.rows<double>(path, 0, count),
                                 .conserved = h5.text_attribute(path, "law") != "dissipated"});
  }
  return figure;
}

std::vector<render::Image> frames_of(const DatasetFile& file, std::int64_t index) {
  if (file.schema() != episodes_schema) throw base::UsageError("a trajectory file has no frames");
  if (index < 0 || index >= file.samples()) {
    throw base::UsageError(
        fmt::format("episode {} does not exist: the file has 0 to {}", index, file.samples() - 1));
  }
  const auto shape = file.h5().describe(pixels_array).shape;
  const auto pixels = file.rows<std::uint8_t>(pixels_array, index, 1);
  // a grey pixel is one number, three times
  const int copies = shape[4] == 1 ? 3 : 1;
  const auto frame_bytes = static_cast<std::size_t>(shape[2] * shape[3] * shape[4]);
  std::vector<render::Image> frames;
  for (std::size_t t = 0; t < static_cast<std::size_t>(shape[1]); ++t) {
    render::Image frame{static_cast<int>(shape[3]), static_cast<int>(shape[2]), {}};
    for (const std::uint8_t number : std::span(pixels).subspan(t * frame_bytes, frame_bytes))
      frame.rgb.insert(frame.rgb.end(), static_cast<std::size_t>(copies), number);
    frames.push_back(std::move(frame));
  }
  return frames;
}

render::Episode episode(const DatasetFile& file, std::int64_t index) {
  auto frames = frames_of(file, index);
  const auto policy = file.h5().read_text("episodes/policy").at(static_cast<std::size_t>(index));
  render::Episode result{
      .title = fmt::format("{}, episode {}, policy {}", file.text("system"), index, policy),
      .frames = std::move(frames),
      .time = file.read<double>("dimensions/time"),
      .theta = {},
      .torque = {},
      .rewards = file.rows<double>("episodes/rewards", index, 1)};
  const auto state = file.rows<double>("episodes/state", index, 1);
  for (std::size_t t = 0; t < state.size(); t += 2) result.theta.push_back(state[t]);
  for (const float action : file.rows<float>("episodes/actions", index, 1)) {
    result.torque.push_back(std::clamp(static_cast<double>(action), -file.number("max_torque"),
                                       file.number("max_torque")));
  }
  return result;
}

render::FilmedMotion filmed_motion(const DatasetFile& file, std::int64_t index) {
  render::FilmedMotion film{.title = fmt::format("{}, episode {}", file.text("system"), index),
                            .frames = frames_of(file, index),
                            .time = file.read<double>("dimensions/time"),
                            .time_unit = file.h5().text_attribute("dimensions/time", "units"),
                            .curves = {}};
  const auto names = file.names("coordinate_names");
  const auto state = file.rows<double>("episodes/state", index, 1);
  if (state.size() != names.size() * film.frames.size()) {
    throw base::DataError(fmt::format("'{}' names {} coordinates, not those of its states",
                                      file.h5().path().string(), names.size()));
  }
  for (std::size_t k = 0; k < names.size(); ++k) {
    film.curves.push_back({names[k], {}});
    for (std::size_t at = k; at < state.size(); at += names.size())
      film.curves.back().values.push_back(state[at]);
  }
  return film;
}

}  // namespace noether::dataset
