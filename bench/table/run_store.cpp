#include "bench/table/run_store.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>

#include "base/error.h"
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

bool is_ours(const fs::path& inside, bool is_folder) {
  if (is_folder) return inside == "runs";
  std::string name = inside.generic_string();
  if (name.ends_with(".partial")) name.resize(name.size() - std::string(".partial").size());
  return std::ranges::find(table_files, name) != table_files.end() ||
         (inside.parent_path() == "runs" && name.ends_with(".json"));
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
  throw base::DataError(
      fmt::format("was computed with other settings ({}): repeat that command, or use --overwrite",
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

RunKey run_key(const TableSpec& spec, const TableOptions& options, double noise,
               std::uint64_t seed) {
  const auto build = base::build_info();
  return {{"table", spec.name},
          {"noise", base::format_double(noise)},
          {"seed", std::to_string(seed)},
          {"scratch", options.scratch ? "yes" : "no"},
          {"quick", options.quick ? "yes" : "no"},
          {"weight decay", base::format_double(options.weight_decay)},
          {"rows", options.rows.empty() ? "all" : fmt::format("{}", fmt::join(options.rows, ","))},
          {"data", data_sha256(options)},
          {"float type", spec.float_type},
          {"version", build.git_describe},
          {"compiler", build.compiler},
          {"flags", build.flags},
          {"arch", build.arch},
          {"sanitizers", build.sanitizers}};
}

base::FileLock prepare_folder(const fs::path& folder, bool resume, bool overwrite) {
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
    fs::remove_all(target / "runs");
  }
  fs::create_directories(target / "runs");
  return lock;
}

fs::path run_path(const fs::path& folder, double noise, std::uint64_t seed) {
  return folder / "runs" / fmt::format("{}-{}.json", noise, seed);
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
    return {.result = RunResult{.records = parse_json(json.at("records").dump()),
                                .curves = parse_json(json.at("curves").dump())}};
  });
}

void write_run(const fs::path& path, const RunKey& key, const RunResult& result) {
  Json json{{"key", to_json(key)},
            {"records", Json::parse(bench::to_json(result.records))},
            {"curves", Json::parse(bench::to_json(result.curves))}};
  json["sha256"] = digest(json);
  base::write_text(path, json.dump(1) + "\n");
}

}  // namespace noether::bench
