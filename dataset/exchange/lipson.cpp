#include "dataset/exchange/lipson.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <set>

#include "base/error.h"

namespace noether::dataset {
namespace {

constexpr std::string_view blanks = " \t\r\v\f";

std::vector<std::string_view> fields_of(std::string_view line) {
  std::vector<std::string_view> fields;
  for (std::size_t at = line.find_first_not_of(blanks); at != std::string_view::npos;
       at = line.find_first_not_of(blanks)) {
    line.remove_prefix(at);
    const std::string_view field = line.substr(0, line.find_first_of(blanks));
    fields.push_back(field);
    line.remove_prefix(field.size());
  }
  return fields;
}

bool is_name(std::string_view word) {
  const auto is_letter = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
  };
  const auto is_digit = [](char c) { return c >= '0' && c <= '9'; };
  return !word.empty() && !is_digit(word[0]) &&
         std::ranges::all_of(word, [&](char c) { return is_letter(c) || is_digit(c); });
}

// as much of a word as a message can bear
std::string_view shown(std::string_view word) { return word.substr(0, 40); }

// Takes the lines one after the other.
class LipsonParser {
 public:
  explicit LipsonParser(std::string source) : source_(std::move(source)) {}

  void line(std::string_view text) {
    ++number_;
    const auto start = text.find_first_not_of(blanks);
    if (start == std::string_view::npos) return;
    if (text[start] == '%') {
      if (points_ == 0) header(text.substr(start + 1));
    } else {
      point(fields_of(text));
    }
  }

  LipsonRecord finish() {
    if (points_ == 0) throw base::DataError(fmt::format("'{}' holds no numbers", source_));
    end_trial();
    record_.trials = static_cast<std::int64_t>(finished_.size());
    return std::move(record_);
  }

 private:
  [[noreturn]] void fail(const std::string& what) const {
    throw base::DataError(fmt::format("'{}', line {}: {}", source_, number_, what));
  }

  void header(std::string_view text) {
    record_.names.clear();
    for (const auto word : fields_of(text)) {
      if (!is_name(word)) fail(fmt::format("'{}' is not the name of a variable", shown(word)));
      if (std::ranges::count(record_.names, word) > 0) fail(fmt::format("'{}' comes twice", word));
      record_.names.emplace_back(word);
    }
  }

  double number(std::string_view field) const {
    std::string_view digits = field;
    if (digits.size() > 1 && digits[0] == '+' && digits[1] != '-') digits.remove_prefix(1);
    double value = 0;
    const char* const end = digits.data() + digits.size();
    const auto [stop, error] = std::from_chars(digits.data(), end, value);
    if (error != std::errc{} || stop != end || !std::isfinite(value))
      fail(fmt::format("'{}' is not a finite number", shown(field)));
    return value;
  }

  void point(const std::vector<std::string_view>& fields) {
    if (record_.names.empty()) fail("the header '% names of the variables' is missing before it");
    const std::size_t expected = record_.names.size() + 2;
    if (fields.size() != expected) {
      fail(fmt::format("{} columns where {} were expected: trial, t and {} values", fields.size(),
                       expected, record_.names.size()));
    }
    const double trial = number(fields[0]);
    if (points_ == 0 || trial != trial_) begin_trial(trial);
    const double t = number(fields[1]);
    if (!times_.empty() && !(t > times_.back()))
      fail(fmt::format("t = {} does not come after t = {}", t, times_.back()));
    times_.push_back(t);
    for (std::size_t d = 2; d < fields.size(); ++d) record_.values.push_back(number(fields[d]));
    ++points_;
  }

  void begin_trial(double trial) {
    if (points_ > 0) end_trial();
    if (finished_.contains(trial)) fail(fmt::format("trial {} comes back", trial));
    trial_ = trial;
  }

  void end_trial() {
    if (times_.size() < 2) {
      throw base::DataError(
          fmt::format("'{}': trial {} has one point, at least two are needed", source_, trial_));
    }
    if (finished_.empty()) {
      record_.times = times_;
      first_trial_ = trial_;
    } else if (times_ != record_.times) {
      throw base::DataError(fmt::format(
          "'{}': trial {} ({} points) was not measured at the times of trial {} ({} points): "
          "import them one by one",
          source_, trial_, times_.size(), first_trial_, record_.times.size()));
    }
    finished_.insert(trial_);
    times_.clear();
  }

  std::string source_;
  LipsonRecord record_;
  std::int64_t number_ = 0;  // of the line
  std::int64_t points_ = 0;
  double trial_ = 0;
  double first_trial_ = 0;
  std::vector<double> times_;  // of this trial
  std::set<double> finished_;
};

}  // namespace

LipsonRecord parse_lipson(std::string_view text, const std::string& source) {
  LipsonParser parser(source);
  while (!text.empty()) {
    const std::string_view line = text.substr(0, text.find('\n'));
    parser.line(line);
    text.remove_prefix(std::min(line.size() + 1, text.size()));
  }
  return parser.finish();
}

}  // namespace noether::dataset
