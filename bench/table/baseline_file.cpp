#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>

#include "base/error.h"
#include "base/text_file.h"
#include "bench/table/baseline.h"

namespace noether::bench {
namespace {

using Json = nlohmann::ordered_json;

// Which of two words the field holds.
bool is_first(const Json& entry, const char* field, const std::string& first,
              const std::string& second) {
  const std::string word = entry.at(field);
  if (word != first && word != second) {
    throw base::DataError(
        fmt::format("'{}' is '{}', expected '{}' or '{}'", field, word, first, second));
  }
  return word == first;
}

// The words of an entry; every other field is a coordinate.
constexpr std::array fields{"row",    "against",   "metric",       "value",
                            "better", "tolerance", "tolerance_is", "reason"};

Coordinates coordinates_of(const Json& json) {
  Coordinates at;
  for (const auto& [name, value] : json.items()) {
    if (std::ranges::find(fields, name) == fields.end()) at[name] = value.get<double>();
  }
  return at;
}

BaselineEntry entry_of(const Json& json) {
  BaselineEntry entry{
      .statistic = {.row = json.at("row"),
                    .against = json.value("against", ""),
                    .at = coordinates_of(json),
                    .metric = json.at("metric")},
      .value = json.at("value"),
      .better = is_first(json, "better", "lower", "higher") ? Better::lower : Better::higher,
      .tolerance = json.at("tolerance"),
      .relative = is_first(json, "tolerance_is", "relative", "absolute"),
      .reason = json.at("reason")};
  if (!(entry.tolerance >= 0)) {
    throw base::DataError(fmt::format("the tolerance of {} is {}, expected at least 0",
                                      describe(entry.statistic), entry.tolerance));
  }
  return entry;
}

Json to_json(const BaselineEntry& entry) {
  Json json{{"row", entry.statistic.row}};
  if (!entry.statistic.against.empty()) json["against"] = entry.statistic.against;
  json["metric"] = entry.statistic.metric;
  for (const auto& [axis, value] : entry.statistic.at) json[axis] = value;
  json["value"] = entry.value;
  json["better"] = entry.better == Better::lower ? "lower" : "higher";
  json["tolerance"] = entry.tolerance;
  json["tolerance_is"] = entry.relative ? "relative" : "absolute";
  json["reason"] = entry.reason;
  return json;
}

Baseline baseline_of(const Json& json) {
  if (json.contains("flags")) {
    throw base::DataError(
        "is of an earlier version: remove it, and make it again with `noether check NAME "
        "--accept`");
  }
  Baseline baseline{.table = json.at("table"),
                    .settings = json.at("settings").get<dataset::Overrides>(),
                    .entries = {},
                    .version = json.at("version"),
                    .machine = json.at("machine"),
                    .history = {}};
  for (const Json& entry : json.at("entries")) baseline.entries.push_back(entry_of(entry));
  // one that guards nothing would pass for ever
  if (baseline.entries.empty()) throw base::DataError("holds no entries");
  for (const Json& one : json.at("history"))
    baseline.history.push_back({one.at("date"), one.at("version"), one.at("reason")});
  return baseline;
}

}  // namespace

Baseline read_baseline(const std::filesystem::path& path) {
  const std::string text = base::read_text(path);
  return base::with_context(fmt::format("'{}'", path.string()), [&] {
    try {
      return baseline_of(Json::parse(text));
    } catch (const Json::exception& error) {
      throw base::DataError(fmt::format("is no baseline: {}", error.what()));
    }
  });
}

void write_baseline(const Baseline& baseline, const std::filesystem::path& path) {
  Json entries = Json::array();
  for (const BaselineEntry& entry : baseline.entries) entries.push_back(to_json(entry));
  Json history = Json::array();
  for (const Acceptance& one : baseline.history)
    history.push_back({{"date", one.date}, {"version", one.version}, {"reason", one.reason}});
  const Json json{{"table", baseline.table},     {"settings", baseline.settings},
                  {"version", baseline.version}, {"machine", baseline.machine},
                  {"entries", entries},          {"history", history}};
  base::write_text(path, json.dump(2) + "\n");
}

}  // namespace noether::bench
