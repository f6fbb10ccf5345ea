#include "bench/data/recording.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "base/error.h"
#include "base/text_file.h"
#include "dataset/exchange/lipson.h"
#include "dataset/store/schema.h"

namespace noether::bench {
namespace {

using learn::Tensor;

void check_one_trial(const std::string& source, std::int64_t trials) {
  if (trials == 1) return;
  throw base::DataError(
      fmt::format("'{}' holds {} trajectories where one trial was expected", source, trials));
}

Recording from_text(const std::filesystem::path& path, const std::string& text) {
  const auto record = dataset::parse_lipson(text, path.string());
  check_one_trial(path.string(), record.trials);
  return make_recording(path.string(), record.names, record.times, record.values);
}

double usual_step(const std::vector<double>& times) {
  std::vector<double> steps;
  for (std::size_t n = 1; n < times.size(); ++n) steps.push_back(times[n] - times[n - 1]);
  const auto middle = steps.begin() + static_cast<std::ptrdiff_t>((steps.size() - 1) / 2);
  std::ranges::nth_element(steps, middle);
  return *middle;
}

}  // namespace

Recording make_recording(const std::string& source, const std::vector<std::string>& coordinates,
                         const std::vector<double>& times, const std::vector<double>& states) {
  if (times.size() < 2)
    throw base::DataError(fmt::format("'{}' has fewer than two points in time", source));
  if (states.size() != times.size() * coordinates.size() ||
      !std::ranges::all_of(states, [](double value) { return std::isfinite(value); })) {
    throw base::DataError(
        fmt::format("'{}': {} finite numbers were expected, {} coordinates at each of {} times",
                    source, times.size() * coordinates.size(), coordinates.size(), times.size()));
  }
  Recording recording{
      .source = source, .coordinates = coordinates, .ticks = {0}, .times = times, .states = states};
  const double usual = usual_step(times);
  for (std::size_t n = 1; n < times.size(); ++n) {
    const double steps = (times[n] - times[n - 1]) / usual, whole = std::round(steps);
    // a tenth: times of three digits are off by less, a clock that drifts by more
    if (!(whole >= 1 && std::abs(steps - whole) <= 0.1)) {
      throw base::DataError(
          fmt::format("'{}': from t = {} to {} are {:.3g} of the usual time steps, {:.3g}: a whole "
                      "number was expected",
                      source, times[n - 1], times[n], steps, usual));
    }
    recording.ticks.push_back(recording.ticks.back() + static_cast<std::int64_t>(whole));
  }
  recording.dt = (times.back() - times.front()) / static_cast<double>(recording.ticks.back());
  return recording;
}

Recording read_recording(const std::filesystem::path& path) {
  const std::string text = base::read_text(path);
  // the signature of HDF5, behind the user block of a sealed file; no text has it
  const bool is_hdf5 = text.find("\x89HDF\r\n\x1a\n") != std::string::npos;
  return is_hdf5 ? read_recording(dataset::DatasetFile(path)) : from_text(path, text);
}

Recording read_recording(const dataset::DatasetFile& file) {
  const std::string source = file.h5().path().string();
  if (file.schema() != dataset::trajectories_schema)
    throw base::DataError(fmt::format("'{}' holds episodes, no measured trial", source));
  check_one_trial(source, file.samples());
  return make_recording(source, file.names("coordinate_names"),
                        file.read<double>("dimensions/time"),
                        file.read<double>("trajectories/state"));
}

Recording part(const Recording& recording, std::int64_t first, std::int64_t last) {
  const std::int64_t d = recording.dimension();
  Recording made = recording;
  made.ticks = {recording.ticks.begin() + first, recording.ticks.begin() + last};
  made.times = {recording.times.begin() + first, recording.times.begin() + last};
  made.states = {recording.states.begin() + first * d, recording.states.begin() + last * d};
  return made;
}

Slopes slopes(const Recording& recording, Differences differences) {
  const auto d = static_cast<std::size_t>(recording.dimension());
  const std::size_t before = differences == Differences::central ? 1 : 0;
  std::vector<double> x, dx_dt;
  std::int64_t points = 0;
  for (std::size_t n = before; n + 1 < recording.times.size(); ++n) {
    const std::size_t from = n - before, to = n + 1;
    const bool is_whole =
        recording.ticks[to] - recording.ticks[from] == static_cast<std::int64_t>(to - from);
    if (!is_whole) continue;
    ++points;
    const double time = recording.times[to] - recording.times[from];
    for (std::size_t k = 0; k < d; ++k) {
      x.push_back(recording.states[n * d + k]);
      dx_dt.push_back((recording.states[to * d + k] - recording.states[from * d + k]) / time);
    }
  }
  if (points == 0) return {};
  const learn::Shape shape{points, recording.dimension()};
  return {Tensor::from<double>(x, shape), Tensor::from<double>(dx_dt, shape)};
}

}  // namespace noether::bench
