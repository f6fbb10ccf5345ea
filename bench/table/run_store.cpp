#include "bench/table/run_store.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>

#include "base/error.h"
#include "base/output_file.h"
#include "base/sha256.h"
#include "base/text.h"
#include "base/text_file.h"
#include "base/version.h"

namespace noether::bench {
namespace {

namespace fs = std::filesystem;
using Json = nlohmann::ordered_json;

constexpr std::array table_files{"table.md", "table.json", "table.png", "records.csv",
                                 "curves.csv"};

// FILE.h5 or what is beside it while it is made
bool is_kept_dataset(std::string name) {
  for (const std::string end :
       {".lock", ".assembling", ".unfinished", ".resuming", ".new", ".partial"}) {
    if (name.ends_with(end)) name.resize(name.size() - end.size());
  }
  return name.ends_with(".h5");
}

bool is_ours(const fs::path& inside, bool is_folder) {
  if (is_folder) return inside == "runs" || inside == "data" || inside == "pictures";
  std::string name = inside.generic_string();
  if (name.ends_with(".partial")) name.resize(name.size() - std::string(".partial").size());
  return std::ranges::find(table_files, name) != table_files.end() ||
         (inside.parent_path() == "runs" && name.ends_with(".json")) ||
         (inside.parent_path() == "pictures" &&
          (name.ends_with(".png") || name.ends_with(".webp"))) ||
         (inside.parent_path() == "data" && is_kept_dataset(name));
}

void check_replaceable(const fs::path& folder) {
  for (const auto& entry : fs::recursive_directory_iterator(folder)) {
    const fs::path inside = entry.path().lexically_relative(folder);
    const bool regular = entry.symlink_status().type() == fs::file_type::regular;
    if ((regular || entry.is_directory()) && is_ours(inside, entry.is_directory())) continue;
    throw base::DataError(fmt::format("'{}' holds '{}', which no table writes: it is not replaced",
                                      folder.string(), inside.generic_string()));
  }
}

Json to_json(const RunKey& key) {
  Json object = Json::object();
  for (const auto& [name, value] : key) object[name] = value;
  return object;
}

// throws unless the run in the file has that key
void check_key(const Json& kept, const RunKey& key) {
  std::vector<std::string> differences;
  for (const auto& [name, value] : key) {
    const std::string other = kept.value(name, "");
    if (other != value)
      differences.push_back(fmt::format("{} is '{}', not '{}'", name, other, value));
  }
  if (differences.empty() && kept.size() == key.size()) return;
  throw base::DataError(fmt::format(
      "was computed with other settings ({}): repeat that command with the program that "
      "ran it, or use --overwrite",
      base::join(differences)));
}

bool is_run(const Json& json) {
  return json.is_object() && json.contains("key") && json.at("key").is_object() &&
         json.contains("records") && json.contains("curves") &&
         std::ranges::all_of(json.at("key"), &Json::is_string);
}

// Of all that a run holds but its digest itself: as read, so that no blank counts.
std::string digest(Json run) {
  run.erase("sha256");
  return base::sha256_hex(run.dump(-1, ' ', false, Json::error_handler_t::replace));
}

}  // namespace

std::string data_sha256(const fs::path& data) {
  return data.empty() ? "" : base::sha256_hex(base::read_text(data));
}

RunKey run_key(const TableSpec& spec, const RunContext& run) {
  RunKey key{{"table", spec.name}};
  // a run is of one seed and one place, however many are asked for
  auto settings = run.settings.to_overrides();
  settings.erase("seeds");
  settings["seed"] = std::to_string(run.seed);
  for (const auto& [axis, value] : run.at) settings[axis] = base::format_double(value);
  for (const auto& [name, value] : settings) key.emplace_back(name, value);
  key.insert(key.end(), spec.inputs.begin(), spec.inputs.end());
  const auto build = base::build_info();
  key.insert(key.end(), {{"data", data_sha256(run.data)},
                         {"float type", spec.float_type},
                         {"version", build.git_describe},
                         {"compiler", build.compiler},
                         {"flags", build.flags},
                         {"arch", build.arch},
                         {"sanitizers", build.sanitizers}});
  return key;
}

base::FileLock prepare_folder(const fs::path& folder, bool resume, bool overwrite) {
  base::check_output_name(folder);
  const fs::path target = folder.has_filename() ? folder : folder.parent_path();
  const fs::path parent = target.has_parent_path() ? target.parent_path() : ".";
  if (!fs::is_directory(parent))
    throw base::DataError(fmt::format("the folder '{}' does not exist", parent.string()));
  if (fs::exists(target) && !fs::is_directory(target))
    throw base::DataError(fmt::format("'{}' is not a folder", target.string()));
  fs::create_directories(target);
  base::FileLock lock = base::FileLock::of_folder(target);
  if (!fs::is_empty(target) && !resume) {
    if (!overwrite) {
      throw base::DataError(
          fmt::format("'{}' exists: --resume continues what is in it, --overwrite replaces it",
                      target.string()));
    }
    check_replaceable(target);
    for (const char* made : {"runs", "data", "pictures"}) fs::remove_all(target / made);
  }
  fs::create_directories(target / "runs");
  return lock;
}

fs::path run_path(const fs::path& folder, const TableSpec& spec, const Coordinates& place,
                  std::uint64_t seed) {
  std::string name;
  for (const std::string& axis : axis_names(spec, true)) name += fmt::format("{}-", place.at(axis));
  return folder / "runs" / fmt::format("{}{}.json", name, seed);
}

KeptRun read_run(const fs::path& path, const RunKey& key) {
  if (!fs::exists(path)) return {};
  const std::string text = base::read_text(path);
  return base::with_context(fmt::format("'{}'", path.string()), [&]() -> KeptRun {
    Json json = Json::parse(text, nullptr, false);
    if (!is_run(json)) return {.is_damaged = true};
    const bool is_sealed = json.contains("sha256");
    if (is_sealed && json.at("sha256") != digest(json)) return {.is_damaged = true};
    // without a seal it is of an earlier version, and its key tells, or else it is damaged
    check_key(json.at("key"), key);
    if (!is_sealed) return {.is_damaged = true};
    return {.result = RunResult{.records = parse_csv(json.at("records").get<std::string>()),
                                .curves = parse_csv(json.at("curves").get<std::string>())}};
  });
}

void write_run(const fs::path& path, const RunKey& key, const RunResult& result,
               std::span<const std::string> axes) {
  Json json{{"key", to_json(key)},
            {"records", to_csv(result.records, axes)},
            {"curves", to_csv(result.curves, axes)}};
  json["sha256"] = digest(json);
  base::write_text(path, json.dump(1) + "\n");
}

}  // namespace noether::bench
