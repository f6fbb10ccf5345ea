#include "dataset/exchange/import_lipson.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <fstream>
#include <iterator>

#include "base/error.h"
#include "base/output_file.h"
#include "base/sha256.h"
#include "dataset/exchange/import_trials.h"
#include "dataset/make/provenance.h"
#include "dataset/store/schema.h"
#include "dataset/store/writer.h"

namespace noether::dataset {
namespace {

namespace fs = std::filesystem;
using Attributes = std::vector<Attribute>;

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

RecordedArrays recorded_of(const LipsonRecord& record) {
  return {.coordinates = record.names,
          .units = std::string(),  // those of the source, which does not state them
          .rate_units = std::string(),
          .times = record.times,
          .time_unit = "",
          .time_description = "time as recorded; steps may differ",
          .count = record.trials,
          .state = record.values,
          .observation = record.values,
          .derivative = forward_differences(record),
          .state_description = "values as measured, noise included",
          .observation_description = "the same as state: nothing was added",
          .derivative_description =
              "(x[n+1] - x[n]) / (t[n+1] - t[n]); the last row is that of the row before"};
}

Attributes attributes_of(const RecordedArrays& recorded, const std::string& source_sha256) {
  auto attributes = origin_attributes({.schema = std::string(trajectories_schema),
                                       .dataset_name = "imported/lipson",
                                       .system = std::string(imported_system),
                                       .command_line = "noether import lipson",
                                       .seed = 0,
                                       .license = "that of the source, which does not state it"});
  std::ranges::find(attributes, "rng", &Attribute::name)->value = std::string("none");
  Attributes own = recorded_attributes(recorded);
  own.push_back({"source_format", std::string("columns of Schmidt and Lipson, Science "
                                              "324:81 (2009): trial, t, values")});
  own.push_back({"source_sha256", source_sha256});
  attributes.insert(attributes.end(), own.begin(), own.end());
  return attributes;
}

}  // namespace

Layout lipson_layout(const LipsonRecord& record, const std::string& source_sha256) {
  const RecordedArrays recorded = recorded_of(record);
  Layout layout{.attributes = attributes_of(recorded, source_sha256),
                .arrays = recorded_arrays(recorded)};
  const std::string config =
      fmt::format("import = \"lipson\"\nsource_sha256 = \"{}\"\n", source_sha256);
  for (Array& array : provenance_arrays(config)) layout.arrays.push_back(std::move(array));
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
  write_locked_dataset(layout, output, {overwrite, input});
  return record;
}

}  // namespace noether::dataset
