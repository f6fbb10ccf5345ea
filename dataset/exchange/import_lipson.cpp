#include "dataset/exchange/import_lipson.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <fstream>
#include <iterator>

#include "base/error.h"
#include "base/output_file.h"
#include "base/sha256.h"
#include "dataset/make/provenance.h"
#include "dataset/store/schema.h"
#include "dataset/store/writer.h"

namespace noether::dataset {
namespace {

namespace fs = std::filesystem;
using Attributes = std::vector<Attribute>;

constexpr double train_share = 0.8;

// forward differences over the real dt; the last row repeats the one before
std::vector<double> forward_differences(const LipsonRecord& record) {
  const std::size_t dimension = record.names.size();
  const std::size_t count = record.times.size();
  const auto& x = record.values;
  std::vector<double> rate(x.size());
  for (std::size_t first = 0; first < x.size(); first += count * dimension) {
    for (std::size_t n = 0; n < count; ++n) {
      const std::size_t from = std::min(n, count - 2);
      const double dt = record.times[from + 1] - record.times[from];
      for (std::size_t d = 0; d < dimension; ++d) {
        const std::size_t at = first + from * dimension + d;
        const double slope = (x[at + dimension] - x[at]) / dt;
        if (!std::isfinite(slope)) {
          throw base::DataError(fmt::format("the difference of '{}' from t = {} to {} overflows",
                                            record.names[d], record.times[from],
                                            record.times[from + 1]));
        }
        rate[first + n * dimension + d] = slope;
      }
    }
  }
  return rate;
}

std::vector<double> first_points(const LipsonRecord& record) {
  const std::size_t dimension = record.names.size();
  std::vector<double> starts;
  for (std::size_t first = 0; first < record.values.size();
       first += record.times.size() * dimension) {
    for (std::size_t d = 0; d < dimension; ++d) starts.push_back(record.values[first + d]);
  }
  return starts;
}

// units are those of the source, which does not state them
Attributes describe(std::string description) {
  return {{"units", std::string()}, {"description", std::move(description)}};
}

std::vector<Array> split_along_time_or_trials(const LipsonRecord& record) {
  const bool along_time = record.trials == 1;
  const std::int64_t count =
      along_time ? static_cast<std::int64_t>(record.times.size()) : record.trials;
  // of two, one is left for the test
  const double share =
      std::min(train_share, static_cast<double>(count - 1) / static_cast<double>(count));
  auto splits = split_arrays(count, share, 0);
  for (auto& split : splits) {
    if (!along_time) continue;
    std::ranges::find(split.attributes, "description", &Attribute::name)->value =
        "indices of points in time for " + split.path.substr(split.path.find('/') + 1);
    split.attributes.push_back({"axis", std::string("time")});
  }
  return splits;
}

Attributes attributes_of(const LipsonRecord& record, const std::string& source_sha256) {
  auto attributes = origin_attributes({.schema = std::string(trajectories_schema),
                                       .dataset_name = "imported/lipson",
                                       .system = std::string(imported_system),
                                       .command_line = "noether import lipson",
                                       .seed = 0,
                                       .license = "that of the source, which does not state it"});
  std::ranges::find(attributes, "rng", &Attribute::name)->value = std::string("none");
  const Attributes own{{"coordinate_names", record.names},
                       {"hamiltonian", std::string()},
                       {"integrator", std::string("none: measured")},
                       {"rtol", 0.0},
                       {"atol", 0.0},
                       {"n_trajectories", record.trials},
                       {"n_steps", static_cast<std::int64_t>(record.times.size())},
                       {"source_format", std::string("columns of Schmidt and Lipson, Science "
                                                     "324:81 (2009): trial, t, values")},
                       {"source_sha256", source_sha256}};
  attributes.insert(attributes.end(), own.begin(), own.end());
  return attributes;
}

}  // namespace

Layout lipson_layout(const LipsonRecord& record, const std::string& source_sha256) {
  const auto times = static_cast<std::int64_t>(record.times.size());
  const auto dimension = static_cast<std::int64_t>(record.names.size());
  Layout layout{.attributes = attributes_of(record, source_sha256), .arrays = {}};
  auto& arrays = layout.arrays;
  arrays.push_back(time_array(record.times, "", "time as recorded; steps may differ"));
  const auto add = [&](const char* name, const std::vector<double>& values,
                       const char* description) {
    arrays.push_back({.path = std::string("trajectories/") + name,
                      .shape = {record.trials, times, dimension},
                      .attributes = describe(description),
                      .axes = {"trajectory", "time", "coordinate"},
                      .content = to_bytes<double>(values)});
  };
  add("state", record.values, "values as measured, noise included");
  add("observation", record.values, "the same as state: nothing was added");
  arrays.back().attributes.push_back({"noise_std", 0.0});
  add("dstate_dt", forward_differences(record),
      "(x[n+1] - x[n]) / (t[n+1] - t[n]); the last row is that of the row before");
  arrays.push_back({.path = "trajectories/initial_state",
                    .shape = {record.trials, dimension},
                    .attributes = describe("state at the first time"),
                    .axes = {"trajectory", "coordinate"},
                    .content = to_bytes<double>(first_points(record))});
  const std::vector<std::uint64_t> seeds(static_cast<std::size_t>(record.trials), 0);
  arrays.push_back({.path = "trajectories/seed",
                    .type = ElementType::u8,
                    .shape = {record.trials},
                    .attributes = describe("0: measured, not generated"),
                    .content = to_bytes<std::uint64_t>(seeds)});
  const std::string config =
      fmt::format("import = \"lipson\"\nsource_sha256 = \"{}\"\n", source_sha256);
  for (const auto& more : {split_along_time_or_trials(record), provenance_arrays(config)})
    arrays.insert(arrays.end(), more.begin(), more.end());
  return layout;
}

LipsonRecord import_lipson(const fs::path& input, const fs::path& output, bool overwrite) {
  std::ifstream file(input, std::ios::binary);
  if (!file || fs::is_directory(input))
    throw base::DataError(fmt::format("'{}' cannot be read", input.string()));
  const std::string text{std::istreambuf_iterator<char>(file), {}};
  LipsonRecord record = parse_lipson(text, input.string());
  base::check_output_file(output, overwrite, input);
  const Layout layout = base::with_context(fmt::format("'{}'", input.string()), [&] {
    return lipson_layout(record, base::sha256_hex(text));
  });
  write_dataset(layout, output);
  return record;
}

}  // namespace noether::dataset
