#include "dataset/store/schema.h"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <cstdlib>
#include <map>

#include "base/error.h"

namespace noether::dataset {
namespace {

using enum ElementType;

std::vector<AttributeRule> common_attributes() {
  return {{"schema", "text"},       {"schema_version", "text"},    {"dataset_name", "text"},
          {"generator", "text"},    {"generator_version", "text"}, {"git_describe", "text"},
          {"command_line", "text"}, {"seed", "integer"},           {"rng", "text"},
          {"system", "text"},       {"license", "text"},           {"content_sha256", "text"},
          {"complete", "integer"}};
}

Schema trajectories() {
  Schema schema{.name = trajectories_schema,
                .version = schema_version,
                .samples = "trajectories/seed",
                .attributes = common_attributes(),
                .arrays = {{"dimensions/time", f8, "T"},
                           {"trajectories/state", f8, "NTD"},
                           {"trajectories/observation", f8, "NTD"},
                           {"trajectories/dstate_dt", f8, "NTD"},
                           {"trajectories/initial_state", f8, "ND"},
                           {"trajectories/seed", u8, "N"},
                           {"splits/train", i8, "a"},
                           {"splits/valid", i8, "b"},
                           {"splits/test", i8, "c"},
                           {"provenance/config", text, ""},
                           {"provenance/build", text, ""}},
                .families = {{"trajectories/invariants/", f8, "NT"}, {"parameters/", f8, "N"}},
                .optional = {{lengths_array, i8, "N"}, {own_times_array, f8, "NT"}}};
  for (const auto& rule : std::vector<AttributeRule>{{"coordinate_names", "names"},
                                                     {"hamiltonian", "text"},
                                                     {"integrator", "text"},
                                                     {"rtol", "number"},
                                                     {"atol", "number"},
                                                     {"n_trajectories", "integer"},
                                                     {"n_steps", "integer"}}) {
    schema.attributes.push_back(rule);
  }
  return schema;
}

Schema episodes() {
  Schema schema{.name = episodes_schema,
                .version = schema_version,
                .samples = "episodes/seed",
                .attributes = common_attributes(),
                .arrays = {{"dimensions/time", f8, "U"},
                           {"episodes/observations/pixels", u1, "EUHW3"},
                           {"episodes/observations/state", f4, "EU3"},
                           {"episodes/state", f8, "EU2"},
                           {"episodes/actions", f4, "ET1"},
                           {"episodes/rewards", f8, "ET"},
                           {"episodes/terminations", boolean, "ET"},
                           {"episodes/truncations", boolean, "ET"},
                           {"episodes/length", i8, "E"},
                           {"episodes/seed", u8, "E"},
                           {"episodes/policy", text, "E"},
                           {"splits/train", i8, "a"},
                           {"splits/valid", i8, "b"},
                           {"splits/test", i8, "c"},
                           {"provenance/config", text, ""},
                           {"provenance/build", text, ""}},
                .families = {}};
  for (const auto& rule : std::vector<AttributeRule>{{"env_id", "text"},
                                                     {"dt", "number"},
                                                     {"observation_space", "text"},
                                                     {"action_space", "text"},
                                                     {"render_size", "integer"}}) {
    schema.attributes.push_back(rule);
  }
  return schema;
}

Schema films() {
  Schema schema{.name = episodes_schema,
                .version = films_version,
                .samples = "episodes/seed",
                .attributes = common_attributes(),
                .arrays = {{"dimensions/time", f8, "T"},
                           {pixels_array, u1, "ETHWC"},
                           {"episodes/observations/state", f8, "ETD"},
                           {"episodes/state", f8, "ETD"},
                           {"episodes/dstate_dt", f8, "ETD"},
                           {"episodes/initial_state", f8, "ED"},
                           {"episodes/length", i8, "E"},
                           {"episodes/seed", u8, "E"},
                           {"splits/train", i8, "a"},
                           {"splits/valid", i8, "b"},
                           {"splits/test", i8, "c"},
                           {"provenance/config", text, ""},
                           {"provenance/build", text, ""}},
                .families = {{"episodes/invariants/", f8, "ET"}, {"parameters/", f8, "E"}}};
  for (const auto& rule : std::vector<AttributeRule>{{"coordinate_names", "names"},
                                                     {"hamiltonian", "text"},
                                                     {"dt", "number"},
                                                     {"observation_space", "text"},
                                                     {"render_size", "integer"}}) {
    schema.attributes.push_back(rule);
  }
  return schema;
}

bool fits(const AttributeValue& value, std::string_view type) {
  if (type == "text") return std::holds_alternative<std::string>(value);
  if (type == "names") return std::holds_alternative<std::vector<std::string>>(value);
  if (type == "number") return std::holds_alternative<double>(value);
  return std::holds_alternative<std::int8_t>(value) ||
         std::holds_alternative<std::int64_t>(value) ||
         std::holds_alternative<std::uint64_t>(value);
}

// binds axis letters to extents, array by array
class ExtentChecker {
 public:
  ExtentChecker(const H5File& file, std::vector<std::string>& violations)
      : file_(file), violations_(violations) {}

  void check(const std::string& path, const ArrayRule& rule) {
    const H5Array array = file_.describe(path);
    if (array.type != rule.type) {
      violations_.push_back(fmt::format("'{}' holds {} where {} was expected", path,
                                        array.type_name, element_name(rule.type)));
    }
    if (array.shape.size() != rule.axes.size()) {
      violations_.push_back(fmt::format("'{}' has shape {} where rank {} was expected", path,
                                        shape_text(array.shape), rule.axes.size()));
      return;
    }
    for (std::size_t i = 0; i < rule.axes.size(); ++i)
      check_extent(path, array.shape, i, rule.axes[i]);
  }

  // extent of an axis letter, or -1
  std::int64_t extent(char axis) const {
    const auto found = extents_.find(axis);
    return found == extents_.end() ? -1 : found->second.first;
  }

 private:
  void check_extent(const std::string& path, const Shape& shape, std::size_t i, char axis) {
    const bool fixed = std::isdigit(static_cast<unsigned char>(axis)) != 0;
    const auto [bound, is_new] = extents_.try_emplace(
        axis, fixed ? std::int64_t{axis - '0'} : shape[i], fixed ? "the schema" : "'" + path + "'");
    if (!is_new || fixed) {
      if (bound->second.first != shape[i]) {
        violations_.push_back(
            fmt::format("'{}' has shape {} whose axis {} does not agree with the {} of {}", path,
                        shape_text(shape), i, bound->second.first, bound->second.second));
      }
    }
  }

  const H5File& file_;
  std::vector<std::string>& violations_;
  std::map<char, std::pair<std::int64_t, std::string>> extents_;
};

void check_attributes(const H5File& file, const Schema& schema,
                      std::vector<std::string>& violations) {
  for (const auto& rule : schema.attributes) {
    const auto value = file.attribute("", rule.name);
    if (!value) {
      violations.push_back(fmt::format("the attribute '{}' is missing", rule.name));
    } else if (!fits(*value, rule.type)) {
      violations.push_back(
          fmt::format("the attribute '{}' is not {} as expected", rule.name, rule.type));
    }
  }
}

const std::vector<Schema>& all_schemas() {
  static const std::vector<Schema> schemas{trajectories(), episodes(), films()};
  return schemas;
}

const Schema* first_schema(const auto& is_it) {
  const auto found = std::ranges::find_if(all_schemas(), is_it);
  return found == all_schemas().end() ? nullptr : &*found;
}

const Schema* schema_of_version(std::string_view name, std::string_view version) {
  return first_schema(
      [&](const Schema& schema) { return schema.name == name && schema.version == version; });
}

const Schema* known_schema(const H5File& file) {
  const std::string name = file.text_attribute("", "schema");
  const auto is_whole = [&](const Schema& schema) {
    const auto is_there = [&](const ArrayRule& rule) { return file.contains(rule.path); };
    return schema.name == name && std::ranges::all_of(schema.arrays, is_there);
  };
  if (const Schema* same = schema_of_version(name, file.text_attribute("", "schema_version")))
    return same;
  if (const Schema* whole = first_schema(is_whole)) return whole;
  return schema_of_version(name, schema_version);
}

std::string unknown_schema(std::string_view name) {
  std::vector<std::string> known;
  for (const auto& schema : all_schemas()) {
    if (schema.version == schema_version) known.push_back(fmt::format("'{}'", schema.name));
  }
  return fmt::format("the schema is '{}'; known are {}", name, fmt::join(known, " and "));
}

int major_of(std::string_view version) { return std::atoi(std::string(version).c_str()); }

// why a file of this version is not read, and what to do
std::string other_version(const H5File& file, const std::string& version) {
  const std::string why =
      fmt::format("the schema version is '{}'; this program reads {}", version, schema_version);
  if (major_of(version) > major_of(schema_version))
    return why + ": a newer version of noether reads it";
  const std::string command = file.text_attribute("", "command_line");
  if (command.empty()) return why + ": make the file again";
  return fmt::format("{}: make the file again, by `{}`", why, command);
}

}  // namespace

const Schema& find_schema(std::string_view name, std::string_view version) {
  const Schema* schema = schema_of_version(name, version);
  if (schema == nullptr) schema = schema_of_version(name, schema_version);
  if (schema == nullptr) throw base::DataError(unknown_schema(name));
  return *schema;
}

const Schema& schema_of(const H5File& file) {
  const Schema* schema = known_schema(file);
  if (schema == nullptr) throw base::DataError(unknown_schema(file.text_attribute("", "schema")));
  return *schema;
}

std::vector<std::string> form_violations(const H5File& file) {
  if (!file.attribute("", "schema")) {
    return {"the attribute 'schema' is missing: this is no dataset of this suite"};
  }
  const std::string name = file.text_attribute("", "schema");
  const std::string version = file.text_attribute("", "schema_version");
  const Schema* known = known_schema(file);
  if (known == nullptr) return {unknown_schema(name)};
  if (major_of(version) != major_of(schema_version)) return {other_version(file, version)};
  std::vector<std::string> violations;
  const auto complete = file.attribute("", "complete");
  if (complete && std::holds_alternative<std::int8_t>(*complete) &&
      std::get<std::int8_t>(*complete) != 1) {
    violations.emplace_back("the attribute 'complete' is not 1: the file was never finished");
  }
  const Schema& schema = *known;
  check_attributes(file, schema, violations);
  ExtentChecker checker(file, violations);
  for (const auto& rule : schema.arrays) {
    if (file.contains(rule.path)) {
      checker.check(rule.path, rule);
    } else {
      violations.push_back(fmt::format("the array '{}' is missing", rule.path));
    }
  }
  for (const auto& rule : schema.optional) {
    if (file.contains(rule.path)) checker.check(rule.path, rule);
  }
  for (const auto& family : schema.families) {
    for (const auto& path : file.array_paths()) {
      if (path.starts_with(family.path)) checker.check(path, family);
    }
  }
  if (checker.extent('T') >= 0 && checker.extent('U') >= 0 &&
      checker.extent('U') != checker.extent('T') + 1) {
    violations.push_back(fmt::format("{} steps need {} times, not {}", checker.extent('T'),
                                     checker.extent('T') + 1, checker.extent('U')));
  }
  // of films: grey, or red, green and blue
  if (const auto c = checker.extent('C'); c >= 0 && c != 1 && c != 3)
    violations.push_back(fmt::format("frames have {} channels, not 1 or 3", c));
  return violations;
}

}  // namespace noether::dataset
