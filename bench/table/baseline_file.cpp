#include <fmt/format.h>
#include <fmt/ranges.h>

#include <nlohmann/json.hpp>
#include <set>

#include "base/error.h"
#include "base/text_file.h"
#include "bench/table/baseline.h"

namespace noether::bench {
namespace {

using Json = nlohmann::ordered_json;

Baseline baseline_of(const Json& json) {
  if (json.contains("entries")) {
    throw base::DataError(
        "is of an earlier version: remove it, and make it again with `noether check NAME "
        "--accept --reason \"...\"`");
  }
  Baseline baseline{.table = json.at("table"),
                    .settings = json.at("settings").get<dataset::Overrides>(),
                    .arithmetic = json.at("arithmetic")};
  for (const Json& one : json.at("history"))
    baseline.history.push_back({one.at("date"), one.at("version"), one.at("reason")});
  const auto lines = json.at("records").get<std::vector<std::string>>();
  baseline.records = parse_csv(fmt::format("{}", fmt::join(lines, "\n")));
  if (baseline.records.empty()) throw base::DataError("holds no records");
  return baseline;
}

// Every axis that a record has.
std::vector<std::string> axes_of(std::span<const Record> records) {
  std::set<std::string> axes;
  for (const Record& record : records) {
    for (const auto& [axis, value] : record.at) axes.insert(axis);
  }
  return {axes.begin(), axes.end()};
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
  Json history = Json::array();
  for (const Acceptance& one : baseline.history)
    history.push_back({{"date", one.date}, {"version", one.version}, {"reason", one.reason}});
  // a record a line, so that a change of the file shows which
  std::vector<std::string> lines;
  std::string text = to_csv(baseline.records, axes_of(baseline.records));
  for (std::size_t begin = 0; begin < text.size();) {
    const std::size_t end = text.find('\n', begin);
    lines.push_back(text.substr(begin, end - begin));
    begin = end + 1;
  }
  const Json json{{"table", baseline.table},
                  {"settings", baseline.settings},
                  {"arithmetic", baseline.arithmetic},
                  {"history", history},
                  {"records", lines}};
  base::write_text(path, json.dump(1) + "\n");
}

}  // namespace noether::bench
