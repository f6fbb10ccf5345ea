#include "dataset/make/rollout.h"

#include <fmt/format.h>

#include <span>

#include "base/error.h"
#include "base/sha256.h"
#include "dataset/make/catalogue.h"
#include "dataset/store/dataset_file.h"

namespace noether::dataset {
namespace {

constexpr std::string_view input_line = "initial_state_sha256";

std::string digest_of(const GivenStarts& given) {
  base::Sha256 sha;
  sha.update(std::as_bytes(std::span(given.initial_state)));
  sha.update(std::as_bytes(std::span(given.time)));
  sha.update(std::as_bytes(std::span(given.actions)));
  for (const auto& [name, values] : given.constants) {
    sha.update(std::as_bytes(std::span(name)));
    sha.update(std::as_bytes(std::span(values)));
  }
  return sha.hex();
}

// The rows of `values`, one of them a start, without those that are left out.
template <class T>
void leave_out(std::vector<T>& values, std::int64_t starts,
               const std::map<std::int64_t, std::string>& left_out) {
  const std::size_t row = values.size() / static_cast<std::size_t>(starts);
  std::vector<T> kept;
  for (std::int64_t i = 0; i < starts; ++i) {
    if (left_out.contains(i)) continue;
    const auto first = values.begin() + i * static_cast<std::int64_t>(row);
    kept.insert(kept.end(), first, first + static_cast<std::int64_t>(row));
  }
  values = std::move(kept);
}

Recipe recipe_of(const Making& making, const Config& config, const GivenStarts& given) {
  const std::string digest = digest_of(given);
  return making.rollout(
      config, given,
      {.dataset_name = fmt::format("noether/{}-rollout", config.name()),
       .command_line = fmt::format("noether rollout {}{} # input {}", config.name(),
                                   config.set_flags(making.decided), digest),
       .config_toml = config.to_toml() + fmt::format("{} = \"{}\"\n", input_line, digest)});
}

}  // namespace

Recipe rollout_recipe(std::string_view system, const std::filesystem::path& input,
                      Overrides overrides, const std::map<std::int64_t, std::string>& left_out) {
  const DatasetSpec& spec = find_dataset(system);
  const Making& making = making_of(spec);
  for (const auto& key : making.decided) {
    if (!overrides.contains(key)) continue;
    throw base::UsageError(
        fmt::format("rollout: '{}' comes from the input file and cannot be set", key));
  }
  const H5File file = open_h5(input);
  GivenStarts given = making.read_input(file, spec);
  if (!left_out.empty()) {
    leave_out(given.initial_state, given.samples, left_out);
    leave_out(given.actions, given.samples, left_out);
    for (auto& [name, values] : given.constants) leave_out(values, given.samples, left_out);
    given.samples -= std::ssize(left_out);
  }
  overrides = making.settings(given, std::move(overrides));
  overrides["n"] = fmt::format("{}", given.samples);
  overrides["steps"] = fmt::format("{}", given.steps);
  return recipe_of(making, make_config(system, overrides), given);
}

Recipe recipe_of_file(const DatasetFile& file) {
  const std::string source = file.h5().path().string();
  const auto toml = file.h5().read_text("provenance/config");
  TomlConfig config = parse_toml(toml.front(), source + ": provenance/config");
  const bool is_rollout = config.overrides.erase(std::string(input_line)) > 0;
  if (config.dataset.empty())
    throw base::DataError(
        fmt::format("'{}' was not generated: there is nothing to replay", source));
  const Config resolved = make_config(config.dataset, config.overrides);
  const Making& making = making_of(find_dataset(config.dataset));
  return is_rollout ? recipe_of(making, resolved, making.read_given(file)) : make_recipe(resolved);
}

}  // namespace noether::dataset
