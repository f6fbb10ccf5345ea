#include <cmath>
#include <nlohmann/json.hpp>

#include "bench/table/record.h"

namespace noether::bench {
namespace {

using Json = nlohmann::ordered_json;

// JSON has no word for what is not finite
Json number(double value) {
  if (std::isnan(value)) return "nan";
  if (std::isinf(value)) return value > 0 ? "inf" : "-inf";
  return value;
}

}  // namespace

std::string to_json(std::span<const Record> records) {
  std::string text;
  for (const Record& r : records) {
    Json json{{"table", r.table}, {"row", r.row}};
    for (const auto& [axis, value] : r.at) json[axis] = number(value);
    json["seed"] = r.seed;
    if (r.sample) json["sample"] = *r.sample;
    json["metric"] = r.metric;
    json["value"] = number(r.value);
    text += (text.empty() ? "\n  " : ",\n  ") + json.dump();
  }
  return "[" + text + "\n ]";
}

}  // namespace noether::bench
