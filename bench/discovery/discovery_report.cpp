#include "bench/discovery/discovery_report.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <iterator>
#include <nlohmann/json.hpp>
#include <set>

#include "base/text.h"
#include "base/text_file.h"
#include "dataset/exchange/export_folder.h"
#include "dataset/exchange/import_lipson.h"
#include "dataset/make/provenance.h"

namespace noether::bench {
namespace {

using Json = nlohmann::ordered_json;
using learn::symbolic::Change;
using learn::symbolic::Expression;
using learn::symbolic::Law;
using learn::symbolic::OffsetSize;

const std::set<std::string> files{"discovery.json", "discovery.png"};

std::string print_with_values(const Law& law, const std::vector<std::string>& names) {
  return learn::symbolic::print(learn::symbolic::with_values(law.formula, law.parameters), names);
}

// "c0 = 3.0003 (3.0001 to 3.0006)"
std::string parameters_text(const Law& law) {
  std::string text;
  for (std::size_t i = 0; i < law.parameters.size(); ++i) {
    fmt::format_to(std::back_inserter(text), "{}c{} = {:.7g}", i == 0 ? "" : ", ", i,
                   law.parameters[i]);
    if (i < law.intervals.size()) {
      fmt::format_to(std::back_inserter(text), " ({:.7g} to {:.7g})", law.intervals[i].low,
                     law.intervals[i].high);
    }
  }
  return text;
}

// "changes by 0.0002 %, may hide 9 % of its spread", or nothing
std::string change_text(const std::optional<Change>& change) {
  if (!change || std::isnan(change->seen)) return "";
  return fmt::format("changes by {:.2g} %, may hide {:.2g} % of its spread", 100 * change->seen,
                     100 * change->hidden);
}

void add_change(Json& json, const std::optional<Change>& change, const OffsetSize& size) {
  if (!change) return;
  json["change"] = {{"seen", change->seen}, {"hidden", change->hidden}};
  json["offsets"] = {{"chi_square", size.chi_square},
                     {"degrees", size.degrees},
                     {"excess", learn::symbolic::excess(size)}};
}

std::string data_text(const Discovery& d) {
  std::vector<std::string> columns;
  for (std::size_t k = 0; k < d.task.coordinates.size(); ++k) {
    const auto& unit = d.language.inputs[k];
    columns.push_back(
        fmt::format("{} ({})", d.task.coordinates[k], unit ? to_string(*unit) : "unit unknown"));
  }
  std::string text =
      fmt::format("{}: {} train trajector{} of {}{} points in {}", d.task.source, d.data.count,
                  d.data.count == 1 ? "y" : "ies", d.data.lengths.empty() ? "" : "up to ",
                  d.data.samples, base::join(columns));
  if (d.task.noise_std > 0)
    fmt::format_to(std::back_inserter(text), "; noise {:g}{}", d.task.noise_std,
                   d.data.offset_variance > 0 ? ", denoised" : "");
  if (d.task.coordinates.size() > static_cast<std::size_t>(d.task.x.shape()[1])) {
    text += "; those that never change along a trajectory are known, and no laws";
  } else if (!d.task.parameters.empty()) {
    std::vector<std::string> names;
    for (const TaskParameter& parameter : d.task.parameters) names.push_back(parameter.name);
    fmt::format_to(std::back_inserter(text),
                   "\nleft out where states are noisy, but different between trajectories: {}",
                   base::join(names));
  }
  if (!d.still.empty()) {
    fmt::format_to(std::back_inserter(text), "\nnothing moves {}: {}", base::join(d.still),
                   d.still.size() == 1 ? "a law of its own" : "each is a law of its own");
  }
  if (d.task.is_recorded)
    text += "\nderivatives are central differences of the recorded points, none over a gap";
  else if (d.task.derivative_error > 0)
    fmt::format_to(std::back_inserter(text),
                   "\nderivatives are estimated, by {}: relative error about {:.1g}{}",
                   d.task.derivatives, d.task.derivative_error,
                   d.task.observed.defined() ? "; constants are fitted to the observations" : "");
  else if (d.task.system == dataset::imported_system && d.task.derivatives.empty())
    text += "\nderivatives are the forward differences of the file: exact laws do not pass either";
  return text;
}

// What was published of the search of the same system (Alet et al. 2021, section 4.1).
std::string published(const Discovery& d) {
  if (d.language.max_nodes != 7) return "";
  for (std::size_t k = 0; k < d.task.units.size(); ++k)
    if (learn::symbolic::parse_unit(d.task.units[k]) != d.language.inputs[k]) return "";
  if (d.task.system == "pendulum") return " (published: 41,460 valid, 210 kept)";
  if (d.task.system == "spring") return " (published: 72,372 valid, 219 kept)";
  return "";
}

std::string search_text(const Discovery& d) {
  return fmt::format(
      "formulas up to {} nodes: {:.0f} valid, {} different, {} that may be laws of their own, {} "
      "kept in {} class{}{}",
      d.language.max_nodes, d.candidates.valid, d.candidates.distinct, d.candidates.laws.size(),
      d.found.kept, d.found.classes.size(), d.found.classes.size() == 1 ? "" : "es", published(d));
}

std::string formulas_text(const ReportedSearch& search) {
  const Discovery& d = search.discovery;
  if (d.found.classes.empty()) return "no formula varies 100 times less than by chance\n";
  std::string text = fmt::format("\n     {:<30} {:>9}  {:<11} {}\n", "formula", "rms sine", "",
                                 "constants (95 %)");
  const auto add = [&](const std::string& mark, const Law& law) {
    fmt::format_to(std::back_inserter(text), "{:>3}  {:<30} {:>9.1e}  {:<11} {}\n", mark,
                   learn::symbolic::print(law.formula, d.task.coordinates), std::sqrt(law.score),
                   law.conserved ? "conserved" : "",
                   law.one_value ? "one value in all trajectories" : parameters_text(law));
  };
  for (std::size_t i = 0; i < d.found.classes.size(); ++i) {
    if (static_cast<int>(i) == search.top) {
      fmt::format_to(std::back_inserter(text), "     and {} more\n", d.found.classes.size() - i);
      break;
    }
    const Law& law = d.found.classes[i];
    add(std::to_string(i + 1), law);
    if (law.one_value) continue;  // any function of it is another form
    const std::string change = law.conserved ? change_text(law.change) : "";
    if (!change.empty()) fmt::format_to(std::back_inserter(text), "     {}\n", change);
    if (!law.other_forms.empty()) add("or", law.other_forms.front());
    if (law.other_forms.size() > 1) {
      fmt::format_to(std::back_inserter(text), "     and {} more forms of it\n",
                     law.other_forms.size() - 1);
    }
  }
  return text;
}

std::string laws_text(const Discovery& d) {
  if (d.formulas_alone)
    return "combinations of functions are not sought in a model: they fit its errors\n";
  const auto& [laws, constants, features, least_rms_sine] = d.independent;
  std::string text = fmt::format("independent laws among the combinations of {} functions: {}\n",
                                 features, laws.size());
  for (const auto& law : laws) {
    fmt::format_to(std::back_inserter(text), "     {}   rms sine {:.1e}\n",
                   readable(law.formula, d.task.coordinates), law.rms_sine);
    const std::string change = change_text(law.change);
    if (!change.empty()) fmt::format_to(std::back_inserter(text), "       {}\n", change);
  }
  if (laws.empty() && features > 0) {
    fmt::format_to(std::back_inserter(text),
                   "     the nearest to one has an rms sine of {:.1e}{}\n", least_rms_sine,
                   d.data.offset_variance > 0 ? "" : " on trajectories that it was not fitted to");
  }
  for (const auto& constant : constants) {
    fmt::format_to(std::back_inserter(text), "     {}   has one value in all trajectories\n",
                   readable(constant, d.task.coordinates));
  }
  return text;
}

// The coordinates that a formula depends on, in their order.
std::vector<std::string> inputs_of(const Expression& formula,
                                   const std::vector<std::string>& names) {
  std::vector<std::string> inputs;
  for (std::size_t k = 0; k < names.size(); ++k) {
    const auto is_it = [k](const learn::symbolic::Node& n) {
      return n.op == learn::symbolic::Op::input && static_cast<std::size_t>(n.index) == k;
    };
    if (std::ranges::any_of(formula.nodes(), is_it)) inputs.push_back(names[k]);
  }
  return inputs;
}

Json json_of(const Law& law, const std::vector<std::string>& names) {
  Json parameters = Json::array();
  for (std::size_t i = 0; i < law.parameters.size(); ++i) {
    Json entry{{"name", fmt::format("c{}", i)}, {"value", law.parameters[i]}};
    if (i < law.intervals.size()) {
      entry["low"] = law.intervals[i].low;
      entry["high"] = law.intervals[i].high;
    }
    parameters.push_back(entry);
  }
  Json other_forms = Json::array();
  for (const Law& form : law.other_forms) other_forms.push_back(json_of(form, names));
  Json json{{"formula", learn::symbolic::print(law.formula, names)},
            {"with_values", print_with_values(law, names)},
            {"functions_of", inputs_of(law.formula, names)},
            {"nodes", law.formula.size()},
            {"parameters", parameters},
            {"score", law.score},
            {"rms_sine", std::sqrt(law.score)},
            {"conserved", law.conserved},
            {"one_value", law.one_value}};
  add_change(json, law.change, law.offset_size);
  json["other_forms"] = other_forms;
  return json;
}

Json json_of(const Discovery& d) {
  const auto& names = d.task.coordinates;
  Json laws = Json::array(), independent = Json::array(), constants = Json::array();
  for (const Law& law : d.found.classes) laws.push_back(json_of(law, names));
  for (const auto& law : d.independent.laws) {
    independent.push_back(
        {{"formula", learn::symbolic::print(law.formula, names)}, {"rms_sine", law.rms_sine}});
    add_change(independent.back(), law.change, law.offset_size);
  }
  for (const auto& e : d.independent.constants)
    constants.push_back(learn::symbolic::print(e, names));
  return {{"verdict", verdict(d)},
          {"formulas",
           {{"max_nodes", d.language.max_nodes},
            {"valid", std::llround(d.candidates.valid)},
            {"distinct", d.candidates.distinct},
            {"candidates", d.candidates.laws.size()},
            {"kept", d.found.kept},
            {"laws", laws}}},
          {"independent",
           {{"features", d.independent.features},
            {"laws", independent},
            {"constants", constants},
            {"least_rms_sine", d.independent.least_rms_sine}}}};
}

}  // namespace

std::string to_text(const ReportedSearch& search) {
  const Discovery& d = search.discovery;
  std::string text = data_text(d) + "\n" + search_text(d) + "\n" + formulas_text(search) + "\n" +
                     laws_text(d) + "\n" + verdict(d);
  if (d.data.count == 1) {
    text +=
        "\none trajectory: a formula of its path alone looks like a law; more trajectories tell "
        "them apart";
  }
  return text + fmt::format("\n{:.1f} s", search.seconds);
}

std::string to_json(const ReportedSearch& search) {
  const Discovery& d = search.discovery;
  Json units = Json::array();
  for (const auto& unit : d.language.inputs) units.push_back(unit ? to_string(*unit) : "");
  Json json{{"system", d.task.system},
            {"coordinates", d.task.coordinates},
            {"units", units},
            {"trajectories", d.data.count},
            {"points", d.data.samples},
            {"nothing_moves", d.still},
            {"noise_std", d.task.noise_std},
            {"derivatives", d.task.is_recorded            ? "central differences"
                            : d.task.derivative_error > 0 ? d.task.derivatives
                                                          : "as in the file"},
            {"derivative_error", d.task.derivative_error}};
  json.update(json_of(d));
  json["provenance"] = {{"command", search.command_line},
                        {"data_sha256", d.task.content_sha256},
                        {"build", Json::parse(dataset::build_json())}};
  // names of a file made elsewhere may not be UTF-8
  return json.dump(2, ' ', false, Json::error_handler_t::replace);
}

void check_discovery_folder(const std::filesystem::path& folder, bool overwrite) {
  dataset::check_folder(folder, overwrite, files);
}

void write_discovery(const ReportedSearch& search, const std::filesystem::path& folder,
                     bool overwrite) {
  const auto picture = draw_discovery(search.discovery);
  dataset::write_folder(folder, overwrite, files, [&](const std::filesystem::path& into) {
    base::write_text(into / "discovery.json", to_json(search) + "\n");
    render::write_png(picture, into / "discovery.png");
  });
}

}  // namespace noether::bench
