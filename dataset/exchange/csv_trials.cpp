#include "dataset/exchange/csv_trials.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <limits>
#include <map>
#include <set>

#include "base/error.h"
#include "base/interrupt.h"
#include "base/text.h"

namespace noether::dataset {
namespace {

constexpr double missing = std::numeric_limits<double>::quiet_NaN();

std::string_view trimmed(std::string_view text) {
  constexpr std::string_view blanks = " \t\r\"";
  const auto first = text.find_first_not_of(blanks);
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(blanks) - first + 1);
}

// The table as columns of numbers; NaN where a value is missing.
struct Table {
  std::vector<std::string> names;
  std::vector<std::vector<double>> columns;

  std::size_t rows() const { return columns.empty() ? 0 : columns.front().size(); }
};

class TableReader {
 public:
  TableReader(std::string_view text, std::string source) : text_(text), source_(std::move(source)) {
    if (text_.starts_with("\xEF\xBB\xBF")) text_.remove_prefix(3);
  }

  Table read() {
    for (std::string_view line; next(line);) {
      const std::string_view content = trimmed(line);
      if (content.empty()) continue;
      if (table_.names.empty()) {
        header(line);
      } else if (!content.starts_with('#')) {
        row(line);
      }
    }
    if (table_.names.empty()) fail("there is no header of names");
    if (table_.rows() == 0) fail("there are no numbers below the header");
    return std::move(table_);
  }

 private:
  [[noreturn]] void fail(const std::string& what) const {
    throw base::DataError(fmt::format("'{}', line {}: {}", source_, number_, what));
  }

  bool next(std::string_view& line) {
    if (text_.empty()) return false;
    const auto end = text_.find('\n');
    line = text_.substr(0, end);
    text_.remove_prefix(end == std::string_view::npos ? text_.size() : end + 1);
    ++number_;
    return true;
  }

  std::vector<std::string_view> fields(std::string_view line) const {
    std::vector<std::string_view> found;
    if (separator_ == ' ') {
      for (line = trimmed(line); !line.empty();) {
        const auto end = line.find_first_of(" \t");
        found.push_back(trimmed(line.substr(0, end)));
        line = end == std::string_view::npos ? "" : trimmed(line.substr(end));
      }
      return found;
    }
    for (std::size_t end = 0; end != std::string_view::npos;) {
      end = line.find(separator_);
      found.push_back(trimmed(line.substr(0, end)));
      if (end != std::string_view::npos) line.remove_prefix(end + 1);
    }
    return found;
  }

  void header(std::string_view line) {
    line = trimmed(line);
    while (line.starts_with('#') || line.starts_with(' ')) line.remove_prefix(1);
    for (const char separator : {';', '\t', ','}) {
      if (line.find(separator) == std::string_view::npos) continue;
      separator_ = separator;
      break;
    }
    for (const std::string_view name : fields(line)) {
      if (name.empty()) fail("a column has no name");
      if (std::ranges::count(table_.names, name) > 0) fail(fmt::format("'{}' comes twice", name));
      double unused = 0;
      if (parse(name, unused)) {
        fail(fmt::format("'{}' is a number: a header of names was expected", name));
      }
      table_.names.emplace_back(name);
    }
    table_.columns.resize(table_.names.size());
  }

  bool parse(std::string_view field, double& value) const {
    std::string digits(field);
    if (separator_ != ',') std::ranges::replace(digits, ',', '.');
    const char* begin = digits.data() + (digits.starts_with('+') ? 1 : 0);
    const char* const end = digits.data() + digits.size();
    const auto [stop, error] = std::from_chars(begin, end, value);
    return error == std::errc{} && stop == end;
  }

  double number(std::string_view field) const {
    static const std::set<std::string_view> nothing{"",     "NA",    "N/A",   "null",
                                                    "None", "train", "valid", "test"};
    if (nothing.contains(field)) return missing;
    double value = 0;
    if (!parse(field, value)) fail(fmt::format("'{:.40}' is not a number", field));
    if (std::isinf(value)) fail("infinity is no measurement");
    return value;
  }

  void row(std::string_view line) {
    base::check_interrupt();
    const auto found = fields(line);
    if (found.size() != table_.names.size()) {
      fail(fmt::format("{} columns where the header has {}", found.size(), table_.names.size()));
    }
    for (std::size_t k = 0; k < found.size(); ++k) table_.columns[k].push_back(number(found[k]));
  }

  std::string_view text_;
  std::string source_;
  std::size_t number_ = 0;
  char separator_ = ' ';
  Table table_;
};

// Which column of the table plays which part.
class Roles {
 public:
  Roles(const Table& table, const std::string& source, const CsvColumns& asked)
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

  const Table& table_;
  const std::string& source_;
};

// The rows of each trial, in the order in which trials begin.
std::vector<std::vector<std::size_t>> rows_of_trials(const Table& table, const Roles& roles,
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

// All columns that are no time, trial, derivative or observation; those that are constant along
// every trial are returned.
std::vector<std::string> choose_coordinates(const Table& table, Roles& roles) {
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
  const Table table = TableReader(text, source).read();
  Roles roles(table, source, columns);
  CsvTrials made{{.source = source, .coordinates = {}, .units = {}, .trials = {}}};
  std::vector<std::string> parameters;
  if (columns.only.empty()) parameters = choose_coordinates(table, roles);
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
