#include "dataset/exchange/validate.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstring>
#include <functional>
#include <optional>
#include <span>

#include "base/error.h"
#include "base/sha256.h"
#include "dataset/exchange/replay.h"
#include "dataset/exchange/stated_moments.h"
#include "dataset/make/kind.h"
#include "dataset/store/dataset_file.h"
#include "dataset/store/examine.h"
#include "dataset/store/schema.h"
#include "dataset/store/seal.h"
#include "dataset/store/writer.h"
#include "sim/system.h"

namespace noether::dataset {
namespace {

// Where a file says that numbers end: NaN is expected from there on.
class Padding {
 public:
  explicit Padding(const H5File& file) {
    if (file.contains(lengths_array) && file.describe(lengths_array).type == ElementType::i8)
      lengths_ = read_array<std::int64_t>(file, lengths_array);
  }

  // Whether element `n` from row `first` on, of an array of this path and shape, is beyond them.
  bool holds(const std::string& path, const Shape& shape, std::int64_t first,
             std::int64_t n) const {
    if (lengths_.empty() || shape.size() < 2 || !path.starts_with("trajectories/") ||
        path == "trajectories/initial_state" || shape[0] != std::ssize(lengths_)) {
      return false;
    }
    const std::int64_t row = element_count(std::span(shape).subspan(1)), point = row / shape[1];
    return n % row / point >= lengths_[static_cast<std::size_t>(first + n / row)];
  }

 private:
  std::vector<std::int64_t> lengths_;
};

// The first element that is finite where it should be NaN, or else the other way round; -1: none.
template <class T>
std::int64_t first_unexpected(const Bytes& bytes, const auto& is_padding) {
  for (std::size_t at = 0; at < bytes.size(); at += sizeof(T)) {
    T value{};
    std::memcpy(&value, bytes.data() + at, sizeof value);
    const auto n = static_cast<std::int64_t>(at / sizeof(T));
    if (std::isfinite(value) == is_padding(n)) return n;
  }
  return -1;
}

// checksums, moments and finiteness in one pass over the numbers
void check_content(const H5File& file, Check& checksums, Check& finite) {
  const Padding padding(file);
  std::vector<std::string> lines;
  std::int64_t arrays = 0;
  for (const auto& path : file.array_paths()) {
    const H5Array array = file.describe(path);
    if (!array.type || *array.type == ElementType::text) continue;
    ++arrays;
    try {
      base::Sha256 sha;
      StatedMoments moments(file, path, array);
      bool reported = false;
      file.for_each_piece(path, [&](std::int64_t first, const Bytes& bytes) {
        sha.update(bytes);
        moments.add(bytes);
        const auto is_padding = [&](std::int64_t n) {
          return padding.holds(path, array.shape, first, n);
        };
        const std::int64_t at =
            *array.type == ElementType::f8   ? first_unexpected<double>(bytes, is_padding)
            : *array.type == ElementType::f4 ? first_unexpected<float>(bytes, is_padding)
                                             : -1;
        if (at >= 0 && !reported) {
          reported = true;
          finite.violations.push_back(fmt::format(
              "'{}' holds a {}, element {} from row {} on", path,
              is_padding(at) ? "number beyond the end of its trajectory" : "non-finite number", at,
              first));
        }
      });
      const std::string stated = file.text_attribute(path, "sha256");
      if (stated != sha.hex())
        checksums.violations.push_back(
            fmt::format("'{}' does not have the SHA-256 that is stated", path));
      for (const std::string& name : moments.wrong())
        checksums.violations.push_back(
            fmt::format("'{}' does not have the attribute '{}' of its numbers", path, name));
      lines.push_back(path + "\t" + stated);
    } catch (const base::DataError& error) {
      checksums.violations.emplace_back(error.what());
    }
  }
  if (content_digest(lines) != file.text_attribute("", "content_sha256")) {
    checksums.violations.emplace_back("content_sha256 does not follow from the arrays' checksums");
  }
  checksums.what = finite.what = fmt::format("{} arrays", arrays);
}

Check check_splits(const DatasetFile& file) {
  Check check{.name = "splits", .what = "train, valid, test", .violations = {}};
  const auto axis = file.h5().text_attribute("splits/train", "axis");
  const std::int64_t count =
      axis == "time" ? file.h5().describe("dimensions/time").shape.at(0) : file.samples();
  std::vector<int> owners(static_cast<std::size_t>(count), 0);
  for (const std::string name : {"train", "valid", "test"}) {
    for (const auto index : file.read<std::int64_t>("splits/" + name)) {
      if (index < 0 || index >= count) {
        check.violations.push_back(
            fmt::format("'splits/{}' holds {}, which is no sample of {}", name, index, count));
      } else if (++owners[static_cast<std::size_t>(index)] == 2) {
        check.violations.push_back(fmt::format("sample {} is in two splits", index));
      }
    }
  }
  const auto missing = std::ranges::find(owners, 0);
  if (missing != owners.end()) {
    check.violations.push_back(fmt::format("sample {} is in no split", missing - owners.begin()));
  }
  return check;
}

Check check_times(const DatasetFile& file) {
  Check check{.name = "times", .what = "", .violations = {}};
  const auto lengths = file.lengths();
  check.what = fmt::format("{} to {} points of a trajectory", std::ranges::min(lengths),
                           std::ranges::max(lengths));
  for (std::int64_t i = 0; i < file.samples(); ++i) {
    const auto times = file.times_of(i);
    if (std::ranges::adjacent_find(times, std::greater_equal<>()) == times.end()) continue;
    check.violations.push_back(fmt::format("the times of trajectory {} do not grow", i));
  }
  return check;
}

struct Excess {
  double amount = 0;  // in units of max(1, |I(0)|)
  std::int64_t sample = 0;
};

// by how much the worst trajectory breaks the law of an invariant
Excess worst_excess(const H5File& file, const std::string& path, bool conserved) {
  const H5Array array = file.describe(path);
  const auto times = static_cast<std::size_t>(array.shape.at(1));
  Excess worst;
  file.for_each_piece(path, [&](std::int64_t first, const Bytes& bytes) {
    std::vector<double> values(bytes.size() / sizeof(double));
    std::memcpy(values.data(), bytes.data(), bytes.size());
    for (std::size_t n = 0; n < values.size(); ++n) {
      if (n % times == 0) continue;
      const double start = values[n / times * times];
      const double change = conserved ? std::abs(values[n] - start) : values[n] - values[n - 1];
      const double amount = change / std::max(1.0, std::abs(start));
      if (!(amount <= worst.amount)) worst = {amount, first + static_cast<std::int64_t>(n / times)};
    }
  });
  return worst;
}

// runs a check that reads the file; what it throws is a violation
template <class Run>
void add_check(std::vector<Check>& checks, const std::string& name, Run run) {
  try {
    checks.push_back(run());
  } catch (const base::DataError& error) {
    checks.push_back({name, "", {error.what()}});
  }
}

// Whether the file can be read.
bool check_seal_of(const std::filesystem::path& path, std::vector<Check>& checks) {
  Check check{.name = "seal", .what = "length and SHA-256 of the file", .violations = {}};
  FileReport report = examine(path);
  const bool sealed_once = report.state == FileState::damaged && has_seal(path);
  if (report.state == FileState::foreign) check.what = "none: written by another program";
  if (report.state == FileState::rewritten) {
    check.what = "intact, rewritten: the file " + report.reason;
    report.state = FileState::foreign;
  } else if (!report.reason.empty()) {
    check.violations.push_back("the file " + report.reason);
  }
  if (sealed_once) {
    // what is left of it? HDF5 gets to see it only after a child process has survived it
    const Probe probed = probe(path);
    report.state = probed.state;
    if (!probed.reason.empty()) check.violations.push_back(probed.reason);
  }
  checks.push_back(check);
  return report.state == FileState::intact || report.state == FileState::foreign;
}

}  // namespace

Check check_invariants(const DatasetFile& file) {
  Check check{.name = "invariants", .what = "", .violations = {}};
  const auto names = file.invariant_names();
  for (const auto& name : names) {
    const std::string path = fmt::format("{}/invariants/{}", file.group(), name);
    const Excess worst =
        worst_excess(file.h5(), path, file.h5().text_attribute(path, "law") != "dissipated");
    const auto stated = file.h5().attribute(path, "tolerance");
    const auto* tolerance = stated ? std::get_if<double>(&*stated) : nullptr;
    const std::string bound =
        tolerance == nullptr ? "no tolerance stated" : fmt::format("of {:.0e}", *tolerance);
    check.what +=
        fmt::format("{}{} {:.1e} {}", check.what.empty() ? "" : ", ", name, worst.amount, bound);
    if (tolerance != nullptr && !(worst.amount <= *tolerance)) {
      check.violations.push_back(
          fmt::format("'{}' breaks its law by {:.3g} in {} {}; at most {:g} is allowed", name,
                      worst.amount, kind_of(file).sample, worst.sample, *tolerance));
    }
  }
  if (names.empty()) check.what = "none stated";
  return check;
}

std::vector<Check> validate(const std::filesystem::path& path, const ValidateOptions& options) {
  std::vector<Check> checks;
  if (!check_seal_of(path, checks)) return checks;
  std::optional<H5File> file(H5File::open(path));
  const auto other = options.others.find(file->text_attribute("", "schema"));
  const bool is_dataset = other == options.others.end();
  const auto form = is_dataset ? form_violations(*file) : std::vector<std::string>{};
  if (is_dataset) {
    checks.push_back({"form", "schema, arrays, attributes", form});
  } else {
    add_check(checks, "form", [&] { return other->second(path); });
  }
  if (!file->attribute("", "schema")) return checks;
  Check checksums{.name = "checksums", .what = "", .violations = {}};
  Check finite{.name = "finite", .what = "", .violations = {}};
  check_content(*file, checksums, finite);
  checks.push_back(checksums);
  checks.push_back(finite);
  if (!is_dataset || !form.empty()) return checks;
  const DatasetFile dataset(std::move(*file));
  if (dataset.has_own_times()) add_check(checks, "times", [&] { return check_times(dataset); });
  add_check(checks, "splits", [&] { return check_splits(dataset); });
  add_check(checks, "invariants", [&] { return check_invariants(dataset); });
  add_check(checks, "replay", [&] { return replay_check(dataset, options); });
  return checks;
}

std::int64_t violation_count(const std::vector<Check>& checks) {
  std::int64_t count = 0;
  for (const auto& check : checks) count += static_cast<std::int64_t>(check.violations.size());
  return count;
}

}  // namespace noether::dataset
