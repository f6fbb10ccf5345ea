#include "dataset/exchange/import_trials.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "base/error.h"
#include "dataset/exchange/coordinate_names.h"
#include "dataset/make/provenance.h"
#include "dataset/store/schema.h"

namespace noether::dataset {
namespace {

using Attributes = std::vector<Attribute>;

Attributes describe(const AttributeValue& units, const std::string& description) {
  return {{"units", units}, {"description", description}};
}

std::vector<Array> splits_of(const RecordedArrays& recorded) {
  const bool along_time = recorded.count == 1;
  const std::int64_t count = along_time ? std::ssize(recorded.times) : recorded.count;
  // of two, one is left for the test
  const double share =
      std::min(recorded.train_share, static_cast<double>(count - 1) / static_cast<double>(count));
  auto splits = split_arrays(count, share, 0);
  for (auto& split : splits) {
    if (!along_time) continue;
    std::ranges::find(split.attributes, "description", &Attribute::name)->value =
        "indices of points in time for " + split.path.substr(split.path.find('/') + 1);
    split.attributes.push_back({"axis", std::string("time")});
  }
  return splits;
}

std::vector<double> first_points(const RecordedArrays& recorded) {
  const std::size_t d = recorded.coordinates.size(), row = recorded.times.size() * d;
  std::vector<double> starts;
  for (std::size_t first = 0; first < recorded.state.size(); first += row)
    starts.insert(starts.end(), recorded.state.begin() + static_cast<std::ptrdiff_t>(first),
                  recorded.state.begin() + static_cast<std::ptrdiff_t>(first + d));
  return starts;
}

// The state arrays have one axis of time.
void check_same_times(const Trials& trials) {
  const Trial& first = trials.trials.front();
  for (const Trial& trial : trials.trials) {
    const double span = first.times.back() - first.times.front();
    bool same = trial.times.size() == first.times.size();
    for (std::size_t n = 0; same && n < first.times.size(); ++n) {
      const double a = trial.times[n] - trial.times[0], b = first.times[n] - first.times[0];
      same = std::abs(a - b) <= 1e-9 * span;
    }
    if (same) continue;
    throw base::DataError(fmt::format(
        "'{}': trial {} has {} points up to {:g} after its first, trial {} has {} up to "
        "{:g}: trials measured at times of their own are not taken yet; cut them to "
        "the same times, or import them one by one",
        trials.source, trial.name, trial.times.size(), trial.times.back() - trial.times.front(),
        first.name, first.times.size(), span));
  }
}

std::vector<double> joined(const std::vector<std::vector<double>>& parts) {
  std::vector<double> all;
  for (const auto& part : parts) all.insert(all.end(), part.begin(), part.end());
  return all;
}

// "" where one of them is unknown.
std::string rate_unit(const std::string& unit, const std::string& time_unit) {
  if (unit.empty() || time_unit.empty()) return "";
  if (time_unit == "1") return unit;
  return unit == "1" ? "1/" + time_unit : unit + "/" + time_unit;
}

RecordedArrays arrays_of(const Trials& trials, const KnownMotion& known,
                         const ImportOptions& options) {
  std::vector<std::string> rate_units;
  for (const std::string& unit : trials.units)
    rate_units.push_back(rate_unit(unit, options.time_unit));
  RecordedArrays recorded{.coordinates = trials.coordinates,
                          .units = trials.units,
                          .rate_units = rate_units,
                          .times = trials.trials.front().times,
                          .time_unit = options.time_unit,
                          .time_description = "time as recorded",
                          .count = std::ssize(trials.trials),
                          .state = joined(known.states),
                          .observation = {},
                          .derivative = joined(known.derivatives),
                          .state_description = known.method == by_smoothing
                                                   ? "the smoothing spline of the values"
                                                   : "values as measured",
                          .observation_description = "values as measured",
                          .derivative_description = known.method,
                          .derivative_error = known.relative_error,
                          .noise_std = options.noise,
                          .parameters = trials.parameters,
                          .train_share = options.train_share};
  for (const Trial& trial : trials.trials)
    recorded.observation.insert(recorded.observation.end(), trial.values.begin(),
                                trial.values.end());
  return recorded;
}

}  // namespace

std::vector<Array> recorded_arrays(const RecordedArrays& recorded) {
  const auto times = std::ssize(recorded.times), d = std::ssize(recorded.coordinates);
  std::vector<Array> arrays{
      time_array(recorded.times, recorded.time_unit, recorded.time_description)};
  const auto add = [&](const char* name, const std::vector<double>& values,
                       const AttributeValue& units, const std::string& description) {
    arrays.push_back({.path = std::string("trajectories/") + name,
                      .shape = {recorded.count, times, d},
                      .attributes = describe(units, description),
                      .axes = {"trajectory", "time", "coordinate"},
                      .content = to_bytes<double>(values)});
  };
  add("state", recorded.state, recorded.units, recorded.state_description);
  add("observation", recorded.observation, recorded.units, recorded.observation_description);
  arrays.back().attributes.push_back({"noise_std", recorded.noise_std});
  add("dstate_dt", recorded.derivative, recorded.rate_units, recorded.derivative_description);
  if (recorded.derivative_error > 0)
    arrays.back().attributes.push_back({"relative_error", recorded.derivative_error});
  arrays.push_back({.path = "trajectories/initial_state",
                    .shape = {recorded.count, d},
                    .attributes = describe(recorded.units, "state at the first time"),
                    .axes = {"trajectory", "coordinate"},
                    .content = to_bytes<double>(first_points(recorded))});
  const std::vector<std::uint64_t> seeds(static_cast<std::size_t>(recorded.count), 0);
  arrays.push_back({.path = "trajectories/seed",
                    .type = ElementType::u8,
                    .shape = {recorded.count},
                    .attributes = describe(std::string(), "0: measured, not generated"),
                    .axes = {"trajectory"},
                    .content = to_bytes<std::uint64_t>(seeds)});
  for (const TrialParameter& parameter : recorded.parameters) {
    arrays.push_back({.path = "parameters/" + parameter.name,
                      .shape = {recorded.count},
                      .attributes = describe(std::string(), "constant along a trajectory"),
                      .axes = {"trajectory"},
                      .content = to_bytes<double>(parameter.values)});
  }
  for (Array& split : splits_of(recorded)) arrays.push_back(std::move(split));
  return arrays;
}

std::vector<Attribute> recorded_attributes(const RecordedArrays& recorded) {
  check_coordinate_names(recorded.coordinates);
  return {{"coordinate_names", recorded.coordinates},
          {"hamiltonian", std::string()},
          {"integrator", std::string("none: measured")},
          {"rtol", 0.0},
          {"atol", 0.0},
          {"n_trajectories", recorded.count},
          {"n_steps", static_cast<std::int64_t>(recorded.times.size())}};
}

ImportedFile imported_file(const Trials& trials, const ImportOptions& options) {
  check_trials(trials);
  check_same_times(trials);
  ImportedFile made{{}, known_motion(trials)};
  const RecordedArrays recorded = arrays_of(trials, made.known, options);
  auto& [attributes, arrays] = made.layout;
  attributes = origin_attributes({.schema = std::string(trajectories_schema),
                                  .dataset_name = "imported/" + options.format,
                                  .system = std::string(imported_system),
                                  .command_line = options.command_line,
                                  .seed = 0,
                                  .license = "that of the source, which does not state it"});
  std::ranges::find(attributes, "rng", &Attribute::name)->value = std::string("none");
  for (Attribute& attribute : recorded_attributes(recorded)) attributes.push_back(attribute);
  attributes.push_back({"derivatives", made.known.method});
  attributes.push_back({"source_sha256", options.source_sha256});
  arrays = recorded_arrays(recorded);
  const std::string config = fmt::format("import = \"{}\"\nsource_sha256 = \"{}\"\n",
                                         options.format, options.source_sha256);
  for (Array& array : provenance_arrays(config)) arrays.push_back(std::move(array));
  return made;
}

}  // namespace noether::dataset
