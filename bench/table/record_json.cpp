#include <array>
#include <cmath>
#include <limits>
#include <nlohmann/json.hpp>
#include <utility>

#include "base/error.h"
#include "bench/table/record.h"

namespace noether::bench {
namespace {

using Json = nlohmann::ordered_json;

constexpr double infinity = std::numeric_limits<double>::infinity();

// JSON has no word for these
constexpr std::array<std::pair<const char*, double>, 2> infinities{
    {{"inf", infinity}, {"-inf", -infinity}}};

Json number(double value) {
  if (std::isnan(value)) return "nan";
  for (const auto& [word, infinite] : infinities) {
    if (value == infinite) return word;
  }
  return value;
}

double number_of(const Json& json) {
  if (!json.is_string()) return json.get<double>();
  for (const auto& [word, infinite] : infinities) {
    if (json == word) return infinite;
  }
  if (json == "nan") return std::numeric_limits<double>::quiet_NaN();
  throw base::DataError("records: '" + json.get<std::string>() + "' is not a number");
}

}  // namespace

std::string to_json(std::span<const Record> records) {
  Json list = Json::array();
  for (const Record& r : records) {
    list.push_back({{"table", r.table},
                    {"row", r.row},
                    {"noise", number(r.noise)},
                    {"horizon", number(r.horizon)},
                    {"seed", r.seed},
                    {"metric", r.metric},
                    {"value", number(r.value)}});
  }
  return list.dump();
}

std::vector<Record> parse_json(std::string_view text) {
  std::vector<Record> records;
  try {
    for (const Json& entry : Json::parse(text)) {
      records.push_back({.table = entry.at("table"),
                         .row = entry.at("row"),
                         .noise = number_of(entry.at("noise")),
                         .horizon = number_of(entry.at("horizon")),
                         .seed = entry.at("seed"),
                         .metric = entry.at("metric"),
                         .value = number_of(entry.at("value"))});
    }
  } catch (const Json::exception& error) {
    throw base::DataError(std::string("records: ") + error.what());
  }
  return records;
}

}  // namespace noether::bench
