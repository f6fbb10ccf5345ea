#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "base/text.h"
#include "dataset/exchange/inspect.h"

namespace noether::dataset {
namespace {

using Json = nlohmann::ordered_json;

Json to_json(const AttributeValue& value) {
  return std::visit(
      [](const auto& typed) -> Json {
        if constexpr (std::is_same_v<std::decay_t<decltype(typed)>, std::monostate>) {
          return nullptr;
        } else {
          return typed;
        }
      },
      value);
}

Json to_json(const std::vector<Attribute>& attributes) {
  Json object = Json::object();
  for (const auto& attribute : attributes) object[attribute.name] = to_json(attribute.value);
  return object;
}

std::string dump(const Json& json, int indent) {
  return json.dump(indent, ' ', false, Json::error_handler_t::replace);
}

// attributes that HDF5 keeps for itself, or that nobody reads
bool is_furniture(const std::string& name) {
  static const std::vector<std::string> furniture{
      "DIMENSION_LIST", "DIMENSION_LABELS", "REFERENCE_LIST", "CLASS", "NAME", "sha256"};
  return std::ranges::find(furniture, name) != furniture.end();
}

std::string array_text(const ArraySummary& array) {
  const auto& form = array.form;
  std::string filters;
  for (const auto& filter : form.filters) filters += " " + filter;
  std::string text = fmt::format("\n{}  {} {}", array.path, form.type_name, shape_text(form.shape));
  text += form.chunk.empty()
              ? "\n"
              : fmt::format("  chunks {}{}, {}\n", shape_text(form.chunk), filters,
                            base::format_bytes(static_cast<double>(form.stored_bytes)));
  for (const auto& attribute : array.attributes) {
    if (!is_furniture(attribute.name))
      text += fmt::format("    {} = {}\n", attribute.name, attribute_json(attribute.value));
  }
  if (array.statistics) {
    const auto& s = *array.statistics;
    text += fmt::format("    min {:.6g}  mean {:.6g}  max {:.6g}  sd {:.6g}", s.min, s.mean, s.max,
                        s.standard_deviation);
    text += s.non_finite == 0 ? "\n" : fmt::format("  non-finite {}\n", s.non_finite);
  }
  for (const auto& line : array.text) {
    std::string indented = "    " + line;
    for (std::size_t at = 0; (at = indented.find('\n', at)) != std::string::npos; at += 5)
      indented.replace(at, 1, "\n    ");
    text += indented + "\n";
  }
  return text;
}

}  // namespace

std::string attribute_json(const AttributeValue& value) { return dump(to_json(value), -1); }

std::string inspect_text(const FileSummary& summary) {
  std::string text = fmt::format("{}  {}, {}\n", summary.path,
                                 base::format_bytes(static_cast<double>(summary.bytes)),
                                 summary.sealed ? "sealed" : "not sealed");
  for (const auto& attribute : summary.attributes) {
    text += fmt::format("  {:<20} {}\n", attribute.name, attribute_json(attribute.value));
  }
  for (const auto& array : summary.arrays) text += array_text(array);
  return text;
}

std::string inspect_json(const FileSummary& summary) {
  Json arrays = Json::array();
  for (const auto& array : summary.arrays) {
    Json entry{{"path", array.path},
               {"dtype", array.form.type_name},
               {"shape", array.form.shape},
               {"chunk", array.form.chunk},
               {"filters", array.form.filters},
               {"stored_bytes", array.form.stored_bytes},
               {"attributes", to_json(array.attributes)}};
    if (array.statistics) {
      const auto& s = *array.statistics;
      entry["statistics"] = {{"min", s.min},
                             {"max", s.max},
                             {"mean", s.mean},
                             {"sd", s.standard_deviation},
                             {"non_finite", s.non_finite}};
    }
    if (!array.text.empty()) entry["text"] = array.text;
    arrays.push_back(entry);
  }
  return dump({{"path", summary.path},
               {"bytes", summary.bytes},
               {"sealed", summary.sealed},
               {"attributes", to_json(summary.attributes)},
               {"arrays", arrays}},
              2);
}

}  // namespace noether::dataset
