#include "dataset/exchange/text_table.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <limits>
#include <set>

#include "base/error.h"
#include "base/interrupt.h"

namespace noether::dataset {
namespace {

constexpr double missing = std::numeric_limits<double>::quiet_NaN();

std::string_view trimmed(std::string_view text) {
  constexpr std::string_view blanks = " \t\r\"";
  const auto first = text.find_first_not_of(blanks);
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(blanks) - first + 1);
}

class TableReader {
 public:
  TableReader(std::string_view text, std::string source) : text_(text), source_(std::move(source)) {
    if (text_.starts_with("\xEF\xBB\xBF")) text_.remove_prefix(3);
  }

  TextTable read() {
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
  TextTable table_;
};

}  // namespace

TextTable read_text_table(std::string_view text, const std::string& source) {
  return TableReader(text, source).read();
}

}  // namespace noether::dataset
