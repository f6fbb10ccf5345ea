#include "dataset/make/view.h"

#include <fmt/format.h>

#include <algorithm>

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

render::Episode episode(const DatasetFile& file, std::int64_t index) {
  if (file.schema() != episodes_schema) throw base::UsageError("a trajectory file has no frames");
  if (index < 0 || index >= file.samples()) {
    throw base::UsageError(
        fmt::format("episode {} does not exist: the file has 0 to {}", index, file.samples() - 1));
  }
  const auto shape = file.h5().describe("episodes/observations/pixels").shape;
  const auto pixels = file.rows<std::uint8_t>("episodes/observations/pixels", index, 1);
  const auto policy = file.h5().read_text("episodes/policy").at(static_cast<std::size_t>(index));
  render::Episode result{
      .title = fmt::format("{}, episode {}, policy {}", file.text("system"), index, policy),
      .frames = {},
      .time = file.read<double>("dimensions/time"),
      .theta = {},
      .torque = {},
      .rewards = file.rows<double>("episodes/rewards", index, 1)};
  const auto frame_bytes = static_cast<std::size_t>(shape[2] * shape[3] * shape[4]);
  for (std::int64_t t = 0; t < shape[1]; ++t) {
    const auto first = pixels.begin() + t * static_cast<std::ptrdiff_t>(frame_bytes);
    result.frames.push_back({.width_px = static_cast<int>(shape[3]),
                             .height_px = static_cast<int>(shape[2]),
                             .rgb = {first, first + static_cast<std::ptrdiff_t>(frame_bytes)}});
  }
  const auto state = file.rows<double>("episodes/state", index, 1);
  for (std::size_t t = 0; t < state.size(); t += 2) result.theta.push_back(state[t]);
  for (const float action : file.rows<float>("episodes/actions", index, 1)) {
    result.torque.push_back(std::clamp(static_cast<double>(action), -file.number("max_torque"),
                                       file.number("max_torque")));
  }
  return result;
}

}  // namespace noether::dataset
