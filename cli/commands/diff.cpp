#include <fmt/format.h>

#include <algorithm>
#include <memory>
#include <nlohmann/json.hpp>
#include <utility>

#include "base/error.h"
#include "base/progress.h"
#include "base/text.h"
#include "cli/commands.h"
#include "cli/options.h"
#include "dataset/exchange/diff.h"

namespace noether::cli {
namespace {

using Json = nlohmann::ordered_json;

constexpr const char* description =
    "Example:\n"
    "  noether diff a.h5 b.h5 --tol 1e-12\n"
    "\n"
    "Compares the numbers of two HDF5 files. Numbers are equal where |a - b| <= tol; without "
    "--tol, "
    "where they\n"
    "have the same bits (NaN equals NaN). What only tells how a file was made is listed but does "
    "not count.\n"
    "Exit code 1 where they differ.";

struct Arguments {
  std::string first;
  std::string second;
  double tolerance = 0;
  bool json = false;
};

void print_json(const dataset::Diff& diff, double tolerance) {
  Json arrays = Json::array();
  for (const auto& array : diff.arrays) {
    Json entry{{"path", array.path}, {"status", dataset::status_text(array.status)}};
    entry["counts"] = array.counts;
    if (!array.type.empty()) {
      entry["dtype"] = array.type;
      entry["shape"] = array.shape;
      entry["differing"] = array.differing;
      entry["largest_difference"] = array.largest;  // null where infinite
    }
    if (!array.first.empty() || !array.second.empty()) {
      entry["at"] = array.at;
      entry["first"] = array.first;
      entry["second"] = array.second;
    }
    arrays.push_back(entry);
  }
  Json attributes = Json::array();
  for (const auto& attribute : diff.attributes) {
    attributes.push_back({{"object", attribute.object},
                          {"name", attribute.name},
                          {"counts", attribute.counts},
                          {"first", attribute.first},
                          {"second", attribute.second}});
  }
  const Json report{{"equal", diff.equal()},
                    {"tolerance", tolerance},
                    {"arrays", arrays},
                    {"attributes", attributes}};
  // a file may hold names that are not UTF-8
  fmt::print("{}\n", report.dump(2, ' ', false, Json::error_handler_t::replace));
}

// Two texts from the first line on in which they differ, each cut to one line of bearable length.
std::pair<std::string, std::string> shown(const std::string& a, const std::string& b) {
  const auto same = std::ranges::mismatch(a, b).in1 - a.begin();
  const std::size_t line = a.rfind('\n', static_cast<std::size_t>(same)) + 1;
  const auto cut = [&](const std::string& text) {
    constexpr std::size_t most = 60;
    const std::string rest = text.substr(std::min(line, text.size()));
    const std::string start = rest.substr(0, std::min(rest.find('\n'), most));
    return start.size() < rest.size() ? start + "..." : start;
  };
  return {cut(a), cut(b)};
}

std::string what_differs(const dataset::ArrayDifference& array) {
  using enum dataset::ArrayStatus;
  if (array.status == other_type || array.status == other_shape)
    return fmt::format("{} against {}", array.first, array.second);
  if (array.status == not_comparable) return array.type;
  if (array.first.empty() && array.second.empty()) return "";
  const auto [first, second] = shown(array.first, array.second);
  const bool is_text = array.type == dataset::element_name(dataset::ElementType::text);
  return fmt::format("{} of {}{}: {} against {}{}", array.differing,
                     dataset::element_count(array.shape),
                     is_text ? "" : ", largest difference " + base::format_double(array.largest),
                     first, second, array.at.empty() ? "" : " at " + dataset::shape_text(array.at));
}

void print_line(const std::string& status, bool counts, const std::string& name,
                const std::string& what) {
  fmt::print("{:<23} {}{}{}{}\n", status, name, what.empty() ? "" : "  ", what,
             counts ? "" : "  (does not count)");
}

void print_text(const dataset::Diff& diff) {
  std::int64_t equal = 0;
  for (const auto& array : diff.arrays) {
    const bool is_equal = array.status == dataset::ArrayStatus::equal;
    if (is_equal) ++equal;
    if (is_equal && array.first.empty()) continue;
    print_line(dataset::status_text(array.status), array.counts, array.path, what_differs(array));
  }
  for (const auto& attribute : diff.attributes) {
    const std::string object = attribute.object.empty() ? "" : attribute.object + "@";
    const auto [first, second] = shown(attribute.first, attribute.second);
    print_line("attribute differs", attribute.counts, object + attribute.name,
               fmt::format("{} against {}", first, second));
  }
  fmt::print("{} of {} arrays are equal\n", equal, diff.arrays.size());
}

void run(const Arguments& arguments) {
  std::unique_ptr<base::Progress> bar;
  const auto on_progress = [&](std::int64_t done, std::int64_t total) {
    if (!bar) bar = std::make_unique<base::Progress>("comparing", total);
    bar->update(done);
  };
  const auto diff = dataset::diff(arguments.first, arguments.second,
                                  {.tolerance = arguments.tolerance, .on_progress = on_progress});
  bar.reset();
  if (arguments.json) {
    print_json(diff, arguments.tolerance);
  } else {
    print_text(diff);
  }
  if (!diff.equal()) {
    throw base::Error(
        base::ExitCode::check_failed,
        fmt::format("'{}' and '{}' differ: arrays {}, attributes {}", arguments.first,
                    arguments.second, diff.array_differences(), diff.attribute_differences()));
  }
}

}  // namespace

void add_diff(const Command& program) {
  const Command command = program.add_command("diff", description);
  auto arguments = std::make_shared<Arguments>();
  command.add_option("A", arguments->first, "HDF5 file").required();
  command.add_option("B", arguments->second, "HDF5 file").required();
  command.add_option("--tol", arguments->tolerance, "largest difference of equal numbers")
      .check(number_from_zero("--tol"));
  add_json(command, arguments->json);
  command.on_run([arguments] { run(*arguments); });
}

}  // namespace noether::cli
