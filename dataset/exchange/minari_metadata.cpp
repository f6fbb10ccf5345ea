#include "dataset/exchange/minari_metadata.h"

#include <fmt/format.h>

#include <cmath>
#include <nlohmann/json.hpp>
#include <set>
#include <string_view>

#include "base/error.h"
#include "base/text.h"
#include "base/version.h"
#include "dataset/store/schema.h"

namespace noether::dataset {
namespace {

using Json = nlohmann::ordered_json;

// the release whose reader was the model, and which later ones list as supported
constexpr const char* minari_version = "0.5.3";

// `bound` once for each element, as gymnasium.spaces.Box wants it; ours may be one number for all
Json full_bound(const Json& bound, const Json& shape, std::size_t axis, bool is_float) {
  if (axis == shape.size()) return is_float ? Json(bound.get<double>()) : bound;
  Json list = Json::array();
  for (std::size_t i = 0; i < shape[axis].get<std::size_t>(); ++i)
    list.push_back(full_bound(bound.is_array() ? bound.at(i) : bound, shape, axis + 1, is_float));
  return list;
}

Json with_full_bounds(Json space) {
  if (space.at("type") == "Dict") {
    for (auto& [name, subspace] : space.at("subspaces").items())
      subspace = with_full_bounds(subspace);
  } else if (space.at("type") == "Box") {
    const bool is_float = space.at("dtype").get<std::string>().starts_with("float");
    for (const char* bound : {"low", "high"})
      space.at(bound) = full_bound(space.at(bound), space.at("shape"), 0, is_float);
  }
  return space;
}

// of no numbers
constexpr const char* empty_space =
    R"({"type": "Box", "dtype": "float32", "shape": [0], "low": [], "high": []})";

std::string space_json(const DatasetFile& file, const std::string& attribute) {
  if (attribute == "action_space" && !file.has_actions()) return empty_space;
  try {
    return with_full_bounds(Json::parse(file.text(attribute))).dump();
  } catch (const Json::exception&) {
    throw base::DataError(fmt::format("'{}': the attribute '{}' is no space in Minari's JSON",
                                      file.h5().path().string(), attribute));
  }
}

// Gymnasium's PendulumEnv takes g as an argument; the other constants it has built in
bool is_gymnasium(const DatasetFile& file) {
  if (!file.has_actions()) return false;
  const std::pair<const char*, double> built_in[] = {
      {"m", 1}, {"l", 1}, {"dt", 0.05}, {"max_speed", 8}, {"max_torque", 2}};
  for (const auto& [name, value] : built_in) {
    const auto stored = file.h5().attribute("", name);
    const auto* number = stored ? std::get_if<double>(&*stored) : nullptr;
    if (number == nullptr || *number != value) return false;
  }
  return file.text("env_id") == "Pendulum-v1";
}

// gymnasium.envs.registration.EnvSpec as its to_json writes it
std::string env_spec_json(const DatasetFile& file) {
  const auto steps = file.h5().describe("episodes/rewards").shape.at(1);
  const Json spec{{"id", "Pendulum-v1"},
                  {"entry_point", "gymnasium.envs.classic_control.pendulum:PendulumEnv"},
                  {"reward_threshold", nullptr},
                  {"nondeterministic", false},
                  {"max_episode_steps", steps},
                  {"disable_env_checker", false},
                  {"kwargs", {{"g", file.number("g")}}},
                  {"additional_wrappers", Json::array()},
                  {"vector_entry_point", nullptr}};
  return spec.dump();
}

bool is_word(std::string_view text) {
  constexpr std::string_view letters =
      "-_0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";
  return !text.empty() && text.find_first_not_of(letters) == std::string_view::npos;
}

// NAME-vN
bool is_versioned_name(std::string_view text) {
  constexpr std::string_view digits = "0123456789";
  const auto mark = text.rfind("-v");
  return is_word(text) && mark != std::string_view::npos && mark > 0 && mark + 2 < text.size() &&
         text.find_first_not_of(digits, mark + 2) == std::string_view::npos;
}

std::string policies(const DatasetFile& file) {
  if (!file.has_actions()) return "none";
  const auto names = file.h5().read_text("episodes/policy");
  const std::set<std::string> distinct(names.begin(), names.end());
  return base::join(std::vector<std::string>(distinct.begin(), distinct.end()));
}

}  // namespace

std::string minari_id(const std::string& folder_name, const std::string& system) {
  return is_versioned_name(folder_name) ? folder_name : system + "-v0";
}

void check_minari_id(const std::string& id) {
  std::string_view rest = id;
  bool fits = true;
  for (auto slash = rest.find('/'); slash != std::string_view::npos; slash = rest.find('/')) {
    fits = fits && is_word(rest.substr(0, slash));
    rest.remove_prefix(slash + 1);
  }
  if (fits && is_versioned_name(rest)) return;
  throw base::UsageError(
      fmt::format("--id: '{}' is not of the form NAME-vN or NAMESPACE/NAME-vN, with letters, "
                  "digits, - and _: my-lab/pixel-pendulum-v0",
                  id));
}

bool is_minari_image(const Shape& shape) {
  constexpr std::int64_t least_px = 32;
  // its decoder gives grey pictures an axis less than the space has
  return shape.at(2) >= least_px && shape.at(3) >= least_px && shape.at(4) == 3;
}

std::string minari_metadata(const DatasetFile& file, const MinariAbout& about,
                            const MinariSize& size) {
  constexpr double bytes_in_megabyte = 1e6;
  Json metadata{{"dataset_id", about.id},
                {"total_episodes", size.episodes},
                {"total_steps", size.steps},
                {"data_format", "hdf5"},
                {"jpeg_encoding", is_minari_image(file.h5().describe(pixels_array).shape)},
                {"observation_space", space_json(file, "observation_space")},
                {"action_space", space_json(file, "action_space")}};
  if (is_gymnasium(file)) metadata["env_spec"] = env_spec_json(file);
  metadata["minari_version"] = minari_version;
  metadata["algorithm_name"] = policies(file);
  if (!about.author.empty()) metadata["author"] = about.author;
  if (!about.author_email.empty()) metadata["author_email"] = about.author_email;
  if (!about.code.empty()) metadata["code_permalink"] = about.code;
  metadata["description"] = fmt::format(
      "{}: {}, exported by noether {} from a file made by: {}", file.text("dataset_name"),
      file.has_actions() ? "frames and states of Gymnasium's pendulum"
                         : "frames and states of a system that nothing drives: actions have no "
                           "numbers, rewards are 0",
      base::build_info().version, file.text("command_line"));
  metadata["dataset_size"] =
      std::round(10 * static_cast<double>(size.bytes) / bytes_in_megabyte) / 10;
  // not Minari's: where the numbers come from
  for (const char* name : {"generator", "generator_version", "git_describe", "command_line",
                           "license", "content_sha256"}) {
    metadata[std::string("source_") + name] = file.text(name);
  }
  return metadata.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

}  // namespace noether::dataset
