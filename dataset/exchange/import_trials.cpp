#include "dataset/exchange/import_trials.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>

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

// What is split: trials; of one, its pieces or its points in time.
std::int64_t parts_of(const RecordedArrays& recorded) {
  if (recorded.count == 1) return std::ssize(recorded.times);
  const std::int64_t trials =
      recorded.trial_of.empty() ? recorded.count : recorded.trial_of.back() + 1;
  return trials == 1 ? recorded.count : trials;
}

// The share of the trajectories that belong to the first `parts`.
double share_of(const RecordedArrays& recorded, std::int64_t parts) {
  const auto& trial_of = recorded.trial_of;
  std::int64_t first = parts;
  if (!trial_of.empty() && trial_of.back() > 0)
    first = std::ranges::lower_bound(trial_of, parts) - trial_of.begin();
  return static_cast<double>(first) / static_cast<double>(recorded.count);
}

std::vector<Array> splits_of(const RecordedArrays& recorded) {
  const bool along_time = recorded.count == 1;
  const std::int64_t parts = parts_of(recorded);
  const auto of = static_cast<double>(parts);
  // of two, one is left for the test
  double share = std::min(recorded.train_share, (of - 1) / of);
  if (!recorded.trial_of.empty()) share = share_of(recorded, std::llround(share * of));
  auto splits = split_arrays(along_time ? parts : recorded.count, share, 0);
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

const Trial& longest(const Trials& trials) {
  return *std::ranges::max_element(trials.trials, {},
                                   [](const Trial& t) { return t.times.size(); });
}

// Whether all trials were measured at the first times of the longest, counted from their first.
bool share_times(const Trials& trials) {
  const std::vector<double>& all = longest(trials).times;
  const double span = all.back() - all.front();
  return std::ranges::all_of(trials.trials, [&](const Trial& trial) {
    for (std::size_t n = 0; n < trial.times.size(); ++n) {
      const double a = trial.times[n] - trial.times[0], b = all[n] - all[0];
      if (!(std::abs(a - b) <= 1e-9 * span)) return false;
    }
    return true;
  });
}

// The numbers of all trials, each filled up with NaN to the longest.
template <class Of>
std::vector<double> filled_up(const Trials& trials, std::size_t row, Of of) {
  std::vector<double> all;
  for (std::size_t k = 0; k < trials.trials.size(); ++k) {
    const std::vector<double>& own = of(k);
    all.insert(all.end(), own.begin(), own.end());
    all.resize((k + 1) * row, std::numeric_limits<double>::quiet_NaN());
  }
  return all;
}

void add_own_times(const Trials& trials, RecordedArrays& recorded) {
  const std::size_t most = recorded.times.size();
  const bool are_equal = std::ranges::all_of(
      trials.trials, [&](const Trial& trial) { return trial.times.size() == most; });
  for (const Trial& trial : trials.trials) {
    if (!are_equal) recorded.lengths.push_back(std::ssize(trial.times));
    const std::int64_t last = recorded.trial_of.empty() ? -1 : recorded.trial_of.back();
    recorded.trial_of.push_back(trial.continues ? last : last + 1);
  }
  if (recorded.trial_of.back() + 1 == recorded.count) recorded.trial_of.clear();
  if (share_times(trials)) return;
  recorded.own_times = filled_up(
      trials, most, [&](std::size_t k) -> auto& { return trials.trials[k].times; });
}

// "" where one of them is unknown.
std::string rate_unit(const std::string& unit, const std::string& time_unit) {
  if (unit.empty() || time_unit.empty()) return "";
  if (time_unit == "1") return unit;
  return unit == "1" ? "1/" + time_unit : unit + "/" + time_unit;
}

// One number for all coordinates, which denoising by given derivatives takes.
double joint_noise(const KnownMotion& known) {
  double squares = 0;
  for (const double noise : known.noise) squares += noise * noise;
  return std::sqrt(squares / static_cast<double>(known.noise.size()));
}

RecordedArrays arrays_of(const Trials& trials, const KnownMotion& known,
                         const ImportOptions& options) {
  std::vector<std::string> rate_units;
  for (const std::string& unit : trials.units)
    rate_units.push_back(rate_unit(unit, options.time_unit));
  const std::vector<double>& times = longest(trials).times;
  const std::size_t row = times.size() * trials.coordinates.size();
  RecordedArrays recorded{
      .coordinates = trials.coordinates,
      .units = trials.units,
      .rate_units = rate_units,
      .times = times,
      .time_unit = options.time_unit,
      .time_description = "time as recorded",
      .count = std::ssize(trials.trials),
      .state = filled_up(
          trials, row, [&](std::size_t k) -> auto& { return known.states[k]; }),
      .observation = filled_up(
          trials, row, [&](std::size_t k) -> auto& { return trials.trials[k].values; }),
      .derivative = filled_up(
          trials, row, [&](std::size_t k) -> auto& { return known.derivatives[k]; }),
      .state_description = known.method == by_smoothing ? "the smoothing spline of the values"
                                                        : "values as measured",
      .observation_description = "values as measured",
      .derivative_description = known.method,
      .derivative_error = known.relative_error,
      .noise_std = known.method == as_given ? joint_noise(known) : 0,
      .parameters = trials.parameters,
      .train_share = options.train_share};
  add_own_times(trials, recorded);
  return recorded;
}

// What only files of trials of their own have.
void add_of_trajectories(const RecordedArrays& recorded, std::vector<Array>& arrays) {
  const auto add = [&](const char* name, const std::vector<std::int64_t>& values,
                       const std::string& description) {
    if (values.empty()) return;
    arrays.push_back({.path = std::string("trajectories/") + name,
                      .type = ElementType::i8,
                      .shape = {recorded.count},
                      .attributes = describe(std::string("1"), description),
                      .content = to_bytes<std::int64_t>(values)});
  };
  add("length", recorded.lengths, "points of the trajectory; what follows them is NaN");
  add("trial", recorded.trial_of, "the trial it is a piece of: gaps cut trials");
  if (recorded.own_times.empty()) return;
  arrays.push_back({.path = "trajectories/time",
                    .shape = {recorded.count, std::ssize(recorded.times)},
                    .attributes = describe(recorded.time_unit, "times of the trajectory's own"),
                    .axes = {"trajectory", "time"},
                    .content = to_bytes<double>(recorded.own_times)});
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
  add_of_trajectories(recorded, arrays);
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
  ImportedFile made{{}, known_motion(trials, options.noise)};
  const RecordedArrays recorded = arrays_of(trials, made.known, options);
  auto& [attributes, arrays] = made.layout;
  attributes = origin_attributes({.schema = std::string(trajectories_schema),
                                  .dataset_name = "imported/" + options.format,
                                  .system = std::string(imported_system),
                                  .command_line = options.command_line,
                                  .seed = 0,
                                  .license = "that of the source, which does not state it"});
  std::ranges::find(attributes, "rng", &Attribute::name)->value = std::string("none");
  if (!recorded.lengths.empty() || !recorded.own_times.empty()) {
    std::ranges::find(attributes, "schema_version", &Attribute::name)->value =
        std::string(own_times_version);
  }
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
