#include "dataset/make/provenance.h"

#include <cmath>
#include <nlohmann/json.hpp>
#include <numeric>
#include <utility>

#include "base/random.h"
#include "base/version.h"
#include "dataset/store/h5.h"
#include "dataset/store/schema.h"
#include "sim/integrator.h"

namespace noether::dataset {
namespace {

Array text_array(std::string path, std::string text) {
  return {.path = std::move(path),
          .type = ElementType::text,
          .shape = {},
          .attributes = {},
          .text = {std::move(text)}};
}

Array split_array(const std::string& name, std::int64_t start, std::int64_t stop) {
  std::vector<std::int64_t> indices(static_cast<std::size_t>(stop - start));
  std::iota(indices.begin(), indices.end(), start);
  return {.path = "splits/" + name,
          .type = ElementType::i8,
          .shape = {stop - start},
          .attributes = {{"units", std::string("1")},
                         {"description", "indices of whole samples for " + name},
                         {"start", start},
                         {"stop", stop}},
          .axes = {"split_" + name},
          .content = to_bytes<std::int64_t>(indices)};
}

}  // namespace

std::vector<Attribute> origin_attributes(const Origin& origin) {
  const auto build = base::build_info();
  return {{"schema", origin.schema},
          {"schema_version", std::string(schema_version)},
          {"dataset_name", origin.dataset_name},
          {"generator", std::string("noether")},
          {"generator_version", build.version},
          {"git_describe", build.git_describe},
          {"command_line", origin.command_line},
          {"seed", origin.seed},
          {"rng", std::string(base::random_description)},
          {"system", origin.system},
          {"license", origin.license}};
}

std::vector<Array> provenance_arrays(const std::string& config_toml) {
  return {text_array("provenance/config", config_toml),
          text_array("provenance/build", build_json())};
}

std::string build_json() {
  const auto build = base::build_info();
  const nlohmann::ordered_json json{
      {"version", build.version},   {"git_describe", build.git_describe},
      {"compiler", build.compiler}, {"flags", build.flags},
      {"arch", build.arch},         {"sanitizers", build.sanitizers},
      {"hdf5", hdf5_version()},     {"odeint", sim::odeint_version()}};
  return json.dump();
}

std::vector<Array> split_arrays(std::int64_t samples, double train_share, double valid_share) {
  const auto upto = [&](double share) {
    return std::llround(share * static_cast<double>(samples));
  };
  const std::int64_t train = upto(train_share);
  const std::int64_t valid = std::min<std::int64_t>(upto(train_share + valid_share), samples);
  return {split_array("train", 0, train), split_array("valid", train, valid),
          split_array("test", valid, samples)};
}

Array time_array(std::span<const double> times, const std::string& unit,
                 const std::string& description) {
  return {.path = "dimensions/time",
          .type = ElementType::f8,
          .shape = {static_cast<std::int64_t>(times.size())},
          .attributes = {{"units", unit}, {"description", description}},
          .content = to_bytes(times)};
}

}  // namespace noether::dataset
