#include "dataset/exchange/csv_trials.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <set>

#include "base/error.h"
#include "base/interrupt.h"
#include "base/text.h"
#include "dataset/exchange/text_table.h"

namespace noether::dataset {
namespace {

// Which column of the table plays which part.
class Roles {
 public:
  Roles(const TextTable& table, const std::string& source, const CsvColumns& asked)
      : table_(table), source_(source) {
    time = found(asked.time, {"t", "time", "Time", "T"});
    if (!time) {
      throw base::UsageError(
          fmt::format("'{}' has no column t or time; its columns are {}: say "
                      "--time NAME",
                      source, base::join(table.names)));
    }
    trial = found(asked.trial, {"trial", "trajectory", "run", "episode"});
    for (const std::string& name : asked.without) left_out.insert(index(name));
    for (const std::string& name : asked.only) coordinates.push_back(index(name));
  }

  std::size_t index(const std::string& name) const {
    const auto at = std::ranges::find(table_.names, name);
    if (at == table_.names.end())
      throw base::UsageError(base::unknown_name("column", name, table_.names));
    return static_cast<std::size_t>(at - table_.names.begin());
  }
  std::optional<std::size_t> maybe(const std::string& name) const {
    const auto at = std::ranges::find(table_.names, name);
    if (at == table_.names.end()) return std::nullopt;
    return static_cast<std::size_t>(at - table_.names.begin());
  }

  std::optional<std::size_t> time, trial;
  std::vector<std::size_t> coordinates;
  std::set<std::size_t> left_out;

 private:
  std::optional<std::size_t> found(const std::string& asked,
                                   const std::vector<std::string>& usual) const {
    if (!asked.empty()) return index(asked);
    for (const std::string& name : usual)
      if (const auto at = maybe(name)) return at;
    return std::nullopt;
  }

  const TextTable& table_;
  const std::string& source_;
};

// The rows of each trial, in the order in which trials begin.
std::vector<std::vector<std::size_t>> rows_of_trials(const TextTable& table, const Roles& roles,
                                                     std::size_t& dropped) {
  std::vector<std::vector<std::size_t>> trials;
  std::map<double, std::size_t> number_of;
  for (std::size_t row = 0; row < table.rows(); ++row) {
    base::check_interrupt();
    bool is_whole = !std::isnan(table.columns[*roles.time][row]);
    for (const std::size_t k : roles.coordinates)
      is_whole = is_whole && !std::isnan(table.columns[k][row]);
    const double trial = roles.trial ? table.columns[*roles.trial][row] : 0;
    if (!is_whole || std::isnan(trial)) {
      ++dropped;
      continue;
    }
    const auto [at, is_new] = number_of.try_emplace(trial, trials.size());
    if (is_new) trials.emplace_back();
    trials[at->second].push_back(row);
  }
  return trials;
}

bool is_constant(const std::vector<double>& column,
                 const std::vector<std::vector<std::size_t>>& trials) {
  double size = 0;
  for (const double value : column)
    if (!std::isnan(value)) size = std::max(size, std::abs(value));
  return std::ranges::all_of(trials, [&](const std::vector<std::size_t>& rows) {
    return std::ranges::all_of(rows, [&](std::size_t row) {
      // as an invariant that was computed from states of 15 digits
      return std::abs(column[row] - column[rows.front()]) <= 1e-12 * size;
    });
  });
}

// A column that looks like the derivative of one that is not there is no coordinate.
void check_no_derivative(const TextTable& table, const std::string& source, std::size_t k) {
  const std::string& name = table.names[k];
  if (!name.starts_with('d') || !name.ends_with("_dt")) return;
  throw base::DataError(fmt::format(
      "'{0}': '{1}' is the derivative of no column, as there is no '{2}': --without {1} leaves it "
      "out",
      source, name, name.substr(1, name.size() - 4)));
}

// Derivatives are those of all coordinates or of none.
void check_all_derivatives(const std::string& source, const std::vector<std::string>& coordinates,
                           const std::vector<std::string>& given) {
  if (given.empty() || given.size() == coordinates.size()) return;
  throw base::DataError(fmt::format(
      "'{}' has {}, but not the derivatives of all of {}: add these, or leave it out with "
      "--without {}",
      source, base::join(given), base::join(coordinates), fmt::join(given, ",")));
}

// All columns that are no time, trial, derivative or observation; those that are constant along
// every trial are returned.
std::vector<std::string> choose_coordinates(const TextTable& table, const std::string& source,
                                            Roles& roles) {
  std::size_t unused = 0;
  const auto trials = rows_of_trials(table, roles, unused);
  std::vector<std::string> parameters;
  std::set<std::size_t> taken = roles.left_out;
  taken.insert(*roles.time);
  if (roles.trial) taken.insert(*roles.trial);
  // of our own export: words
  if (const auto split = roles.maybe("split")) taken.insert(*split);
  for (const std::string& name : table.names) {
    for (const std::string& other : {"d" + name + "_dt", name + "_obs"})
      if (const auto at = roles.maybe(other)) taken.insert(*at);
  }
  for (std::size_t k = 0; k < table.names.size(); ++k) {
    if (taken.contains(k)) continue;
    check_no_derivative(table, source, k);
    if (is_constant(table.columns[k], trials)) {
      parameters.push_back(table.names[k]);
    } else {
      roles.coordinates.push_back(k);
    }
  }
  return parameters;
}

}  // namespace

CsvTrials parse_csv_trials(std::string_view text, const std::string& source,
                           const CsvColumns& columns) {
  const TextTable table = read_text_table(text, source);
  Roles roles(table, source, columns);
  CsvTrials made{{.source = source, .coordinates = {}, .units = {}, .trials = {}}};
  std::vector<std::string> parameters;
  if (columns.only.empty()) parameters = choose_coordinates(table, source, roles);
  if (roles.coordinates.empty())
    throw base::DataError(fmt::format("'{}' has no column that changes along a trial", source));

  std::vector<std::size_t> values, slopes;
  for (const std::size_t k : roles.coordinates) {
    const std::string& name = table.names[k];
    made.trials.coordinates.push_back(name);
    values.push_back(roles.maybe(name + "_obs").value_or(k));
    if (const auto slope = roles.maybe("d" + name + "_dt");
        slope && !roles.left_out.contains(*slope))
      slopes.push_back(*slope);
  }
  std::vector<std::string> given;
  for (const std::size_t k : slopes) given.push_back(table.names[k]);
  check_all_derivatives(source, made.trials.coordinates, given);
  made.trials.units.resize(values.size());
  const bool has_slopes = slopes.size() == values.size();
  const auto trials = rows_of_trials(table, roles, made.missing);
  for (const auto& rows : trials) {
    Trial trial{.name = fmt::format("{:g}", roles.trial ? table.columns[*roles.trial][rows[0]] : 0),
                .times = {},
                .values = {},
                .derivatives = {}};
    for (const std::size_t row : rows) {
      trial.times.push_back(table.columns[*roles.time][row]);
      for (const std::size_t k : values) trial.values.push_back(table.columns[k][row]);
      if (!has_slopes) continue;
      for (const std::size_t k : slopes) trial.derivatives.push_back(table.columns[k][row]);
    }
    made.trials.trials.push_back(std::move(trial));
  }
  for (const std::string& name : parameters) {
    TrialParameter parameter{name, {}};
    for (const auto& rows : trials)
      parameter.values.push_back(table.columns[roles.index(name)][rows[0]]);
    made.trials.parameters.push_back(std::move(parameter));
  }
  return made;
}

}  // namespace noether::dataset
