#include <fmt/format.h>

#include <algorithm>
#include <functional>
#include <memory>
#include <nlohmann/json.hpp>
#include <optional>

#include "base/error.h"
#include "base/text.h"
#include "bench/flow/flow_file.h"
#include "bench/model/training_settings.h"
#include "bench/tables/tables.h"
#include "bench/video/video_settings.h"
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
    "Lists what exists; with the name of a dataset, its settings and the shapes of its arrays; "
    "with that of a model, the settings of its training; with that of a table, its rows and "
    "settings. Datasets and tables of one name: `noether table NAME --help` has the table's.";

std::string interval_text(const dataset::SettingSpec& setting) {
  if (!setting.choices.empty()) return fmt::format("one of {}", base::join(setting.choices));
  if (setting.min == setting.max) return "";
  return fmt::format("[{:g}, {:g}]", setting.min, setting.max);
}

Json default_of(const dataset::SettingSpec& setting) {
  return std::visit(
      [&]<class T>(const T& value) -> Json {
        if constexpr (std::is_same_v<T, base::Uniform>) {
          if (value.is_number()) return value.low;
          return dataset::to_text(value);
        } else {
          return value;
        }
      },
      setting.default_value);
}

bool may_be_drawn(const dataset::SettingSpec& setting) {
  return std::holds_alternative<base::Uniform>(setting.default_value);
}

Json to_json(const std::vector<dataset::SettingSpec>& settings) {
  Json all = Json::array();
  for (const auto& s : settings) {
    Json entry{{"key", s.key}, {"unit", s.unit}, {"description", s.description}};
    entry["default"] = default_of(s);
    if (!s.choices.empty()) entry["choices"] = s.choices;
    if (s.min != s.max) entry["interval"] = {s.min, s.max};
    all.push_back(entry);
  }
  return all;
}

Json to_json(const dataset::DatasetSpec& spec) {
  Json arrays = Json::array();
  for (const auto& array :
       dataset::make_recipe(dataset::make_config(spec.name, {})).layout.arrays) {
    arrays.push_back({{"path", array.path},
                      {"dtype", dataset::element_name(array.type)},
                      {"shape", array.shape}});
  }
  return {{"name", spec.name},         {"title", spec.title},
          {"schema", spec.schema},     {"equations", spec.equations},
          {"citation", spec.citation}, {"settings", to_json(spec.settings)},
          {"arrays", arrays}};
}

void print_settings(const std::vector<dataset::SettingSpec>& settings) {
  fmt::print("settings (--set key=value)\n");
  for (const auto& s : settings) {
    const std::string unit = s.unit.empty() || s.unit == "1" ? "" : " " + s.unit;
    const std::string interval = interval_text(s);
    fmt::print("  {:<14} {:<10} {}{}{}\n", s.key, dataset::to_text(s.default_value) + unit,
               s.description, interval.empty() ? "" : "; ", interval);
  }
}

// Of `train`; nothing where no model has that name.
std::optional<std::vector<dataset::SettingSpec>> settings_of_model(const std::string& name) {
  const auto model = std::ranges::find(learn::all_models(), name, &learn::ModelKind::name);
  if (model == learn::all_models().end()) return std::nullopt;
  switch (model->predicts) {
    case learn::Predicts::states:
      break;
    case learn::Predicts::frames:
      return bench::settings_of_video();
    case learn::Predicts::densities:
      return bench::settings_of_flow();
  }
  return bench::settings_of_training();
}

void print_dataset(const dataset::DatasetSpec& spec) {
  fmt::print("{}: {}\n  equations  {}\n  source     {}\n  schema     {}\n\n", spec.name, spec.title,
             spec.equations, spec.citation, spec.schema);
  print_settings(spec.settings);
  const auto constant = std::ranges::find_if(spec.settings, may_be_drawn);
  if (constant != spec.settings.end()) {
    fmt::print(
        "{} and other constants of the system may be drawn for each trajectory: --set "
        "\"{}=U(low,high)\"\n",
        constant->key, constant->key);
  }
  fmt::print("\narrays, at the defaults\n");
  for (const auto& array :
       dataset::make_recipe(dataset::make_config(spec.name, {})).layout.arrays) {
    fmt::print("  {:<34} {:<8} {}\n", array.path, dataset::element_name(array.type),
               dataset::shape_text(array.shape));
  }
}

Json to_json(const bench::TableSpec& spec) {
  Json rows = Json::array();
  for (const auto& row : spec.rows)
    rows.push_back(
        {{"name", row.name}, {"description", row.description}, {"by_default", row.by_default}});
  return {{"name", spec.name},
          {"title", spec.title},
          {"rows", rows},
          {"settings", to_json(bench::settings_of(spec, false))}};
}

void print_table(const bench::TableSpec& spec) {
  fmt::print("{}\n\nrows\n", spec.title);
  for (const auto& row : spec.rows) fmt::print("  {:<34} {}\n", row.name, row.description);
  fmt::print("\n");
  print_settings(bench::settings_of(spec, false));
}

// One thing that exists.
struct Entry {
  std::string name;
  std::string title;
  std::function<Json()> details;
};

// Everything of the kind `what`; nothing where there is no such kind.
std::optional<std::vector<Entry>> entries_of(const std::string& what) {
  std::vector<Entry> entries;
  const auto add = [&](const auto& spec) {
    entries.push_back({spec.name, spec.title, [&spec] { return to_json(spec); }});
  };
  if (what == "datasets") {
    for (const auto& spec : dataset::all_datasets()) add(spec);
  } else if (what == "tables") {
    for (const auto& experiment : bench::all_tables()) add(experiment.spec);
  } else if (what == "models") {
    for (const auto& model : learn::all_models()) {
      entries.push_back({std::string(model.name), std::string(model.description), [&model] {
                           return Json{{"name", model.name}, {"description", model.description}};
                         }});
    }
  } else {
    return std::nullopt;
  }
  return entries;
}

void print_list(const std::vector<Entry>& entries, bool json, bool names_only) {
  Json all = Json::array();
  for (const auto& [name, title, details] : entries) {
    if (json) {
      all.push_back(details());
    } else if (names_only) {
      fmt::print("{}\n", name);
    } else {
      fmt::print("{:<21} {}\n", name, title);
    }
  }
  if (json) fmt::print("{}\n", all.dump(2));
}

template <class Spec>
void show(const Spec& spec, bool json, void (*print)(const Spec&)) {
  if (json) {
    fmt::print("{}\n", to_json(spec).dump(2));
  } else {
    print(spec);
  }
}

// A dataset, a model or a table; the dataset where a table has its name.
void show_one(const std::string& name, bool json) {
  std::vector<std::string> known;
  if (const auto* spec = dataset::known_dataset(name)) return show(*spec, json, print_dataset);
  for (const auto& spec : dataset::all_datasets()) known.push_back(spec.name);
  if (const auto settings = settings_of_model(name)) return show(*settings, json, print_settings);
  for (const auto& model : learn::all_models()) known.emplace_back(model.name);
  for (const bench::Experiment& table : bench::all_tables()) {
    const bench::TableSpec& spec = table.spec;
    if (spec.name == name) return show(spec, json, print_table);
    if (std::ranges::find(known, spec.name) == known.end()) known.push_back(spec.name);
  }
  throw base::UsageError(base::unknown_name("dataset, model or table", name, known));
}

}  // namespace

void add_list(const Command& program) {
  struct Arguments {
    std::string what = "datasets";
    bool json = false;
    bool names_only = false;
  };
  const Command command = program.add_command("list", description);
  auto arguments = std::make_shared<Arguments>();
  command.add_option("WHAT", arguments->what, "'datasets', 'models', 'tables', or the name of one");
  command.add_flag("--names", arguments->names_only, "print names only");
  add_json(command, arguments->json);
  command.on_run([arguments] {
    if (const auto entries = entries_of(arguments->what)) {
      print_list(*entries, arguments->json, arguments->names_only);
      return;
    }
    show_one(arguments->what, arguments->json);
  });
}

}  // namespace noether::cli
