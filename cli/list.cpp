#include <fmt/format.h>

#include <memory>
#include <nlohmann/json.hpp>

#include "base/error.h"
#include "base/text.h"
#include "bench/tables/tables.h"
#include "cli/commands.h"
#include "cli/options.h"
#include "dataset/make/catalogue.h"
#include "dataset/make/recipe.h"
#include "learn/models/model.h"

namespace noether::cli {
namespace {

using Json = nlohmann::ordered_json;

constexpr const char* description =
    "Examples:\n"
    "  noether list datasets\n"
    "  noether list pendulum\n"
    "\n"
    "Lists what exists; with the name of a dataset, its settings and the shapes of its arrays.";

std::string value_text(const dataset::SettingValue& value) {
  return std::visit(
      [](const auto& typed) {
        if constexpr (std::is_same_v<std::decay_t<decltype(typed)>, double>) {
          return base::format_double(typed);
        } else {
          return fmt::format("{}", typed);
        }
      },
      value);
}

std::string interval_text(const dataset::SettingSpec& setting) {
  if (!setting.choices.empty()) return fmt::format("one of {}", base::join(setting.choices));
  if (setting.min == setting.max) return "";
  return fmt::format("[{:g}, {:g}]", setting.min, setting.max);
}

Json to_json(const dataset::DatasetSpec& spec) {
  Json settings = Json::array();
  for (const auto& s : spec.settings) {
    Json entry{{"key", s.key}, {"unit", s.unit}, {"description", s.description}};
    std::visit([&](const auto& value) { entry["default"] = value; }, s.default_value);
    if (!s.choices.empty()) entry["choices"] = s.choices;
    if (s.min != s.max) entry["interval"] = {s.min, s.max};
    settings.push_back(entry);
  }
  Json arrays = Json::array();
  for (const auto& array :
       dataset::make_recipe(dataset::make_config(spec.name, {})).layout.arrays) {
    arrays.push_back({{"path", array.path},
                      {"dtype", dataset::element_name(array.type)},
                      {"shape", array.shape}});
  }
  return {{"name", spec.name},         {"title", spec.title},
          {"schema", spec.schema},     {"equations", spec.equations},
          {"citation", spec.citation}, {"settings", settings},
          {"arrays", arrays}};
}

void print_dataset(const dataset::DatasetSpec& spec) {
  fmt::print(
      "{}: {}\n  equations  {}\n  source     {}\n  schema     {}\n\nsettings (--set key=value)\n",
      spec.name, spec.title, spec.equations, spec.citation, spec.schema);
  for (const auto& s : spec.settings) {
    const std::string unit = s.unit.empty() || s.unit == "1" ? "" : " " + s.unit;
    fmt::print("  {:<14} {:<10} {}; {}\n", s.key, value_text(s.default_value) + unit, s.description,
               interval_text(s));
  }
  fmt::print("\narrays, at the defaults\n");
  for (const auto& array :
       dataset::make_recipe(dataset::make_config(spec.name, {})).layout.arrays) {
    fmt::print("  {:<34} {:<8} {}\n", array.path, dataset::element_name(array.type),
               dataset::shape_text(array.shape));
  }
}

void list_datasets(bool json, bool names_only) {
  if (json) {
    Json all = Json::array();
    for (const auto& spec : dataset::all_datasets()) all.push_back(to_json(spec));
    fmt::print("{}\n", all.dump(2));
    return;
  }
  for (const auto& spec : dataset::all_datasets()) {
    if (names_only) {
      fmt::print("{}\n", spec.name);
    } else {
      fmt::print("{:<18} {}\n", spec.name, spec.title);
    }
  }
}

void list_tables(bool json, bool names_only) {
  Json all = Json::array();
  for (const auto& experiment : bench::all_tables()) {
    const bench::TableSpec& spec = experiment.spec;
    Json rows = Json::array();
    for (const auto& row : spec.rows)
      rows.push_back({{"name", row.name}, {"description", row.description}});
    all.push_back({{"name", spec.name}, {"title", spec.title}, {"rows", rows}});
    if (json) continue;
    if (names_only) {
      fmt::print("{}\n", spec.name);
    } else {
      fmt::print("{:<18} {}\n", spec.name, spec.title);
    }
  }
  if (json) fmt::print("{}\n", all.dump(2));
}

void list_models(bool json, bool names_only) {
  Json all = Json::array();
  for (const auto& model : learn::all_models()) {
    all.push_back({{"name", model.name}, {"description", model.description}});
    if (json) continue;
    if (names_only) {
      fmt::print("{}\n", model.name);
    } else {
      fmt::print("{:<18} {}\n", model.name, model.description);
    }
  }
  if (json) fmt::print("{}\n", all.dump(2));
}

}  // namespace

void add_list(CLI::App& app) {
  struct Arguments {
    std::string what = "datasets";
    bool json = false;
    bool names_only = false;
  };
  auto* command = app.add_subcommand("list", description);
  auto arguments = std::make_shared<Arguments>();
  command->add_option("WHAT", arguments->what,
                      "'datasets', 'models', 'tables', or the name of a dataset");
  command->add_flag("--names", arguments->names_only, "print names only");
  add_json(*command, arguments->json);
  command->callback([arguments] {
    if (arguments->what == "datasets") {
      list_datasets(arguments->json, arguments->names_only);
      return;
    }
    if (arguments->what == "tables") {
      list_tables(arguments->json, arguments->names_only);
      return;
    }
    if (arguments->what == "models") {
      list_models(arguments->json, arguments->names_only);
      return;
    }
    const auto& spec = dataset::find_dataset(arguments->what);
    if (arguments->json) {
      fmt::print("{}\n", to_json(spec).dump(2));
    } else {
      print_dataset(spec);
    }
  });
}

}  // namespace noether::cli
