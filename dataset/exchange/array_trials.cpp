#include "dataset/exchange/array_trials.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/error.h"
#include "base/text.h"
#include "base/text_file.h"
#include "dataset/store/dataset_file.h"

namespace noether::dataset {
namespace {

class ArrayReader {
 public:
  ArrayReader(const std::string& source, const ArrayNames& names, const FindArray& find,
              const std::vector<std::string>& known)
      : source_(source), names_(names), find_(find), known_(known) {}

  Trials read() {
    NumberArray state = get(names_.state);
    if (state.shape.size() == 2) state.shape.insert(state.shape.begin(), 1);
    if (state.shape.size() != 3 || element_count(state.shape) == 0) {
      fail(fmt::format(
          "'{}' has shape {}; trials, times and coordinates were expected, or times and "
          "coordinates of one trial",
          names_.state, shape_text(state.shape)));
    }
    const auto n = state.shape[0], t = state.shape[1], d = state.shape[2];
    const std::vector<double> times = times_of(n, t), derivative = derivative_of(state);
    Trials trials{.source = source_, .coordinates = coordinates(d), .units = {}, .trials = {}};
    trials.units.resize(static_cast<std::size_t>(d));
    for (std::int64_t i = 0; i < n; ++i) {
      const auto rows = [&](const std::vector<double>& all, std::int64_t width) {
        if (all.empty()) return std::vector<double>{};
        const auto begin = all.begin() + i * t * width;
        return std::vector<double>(begin, begin + t * width);
      };
      trials.trials.push_back(
          {std::to_string(i), rows(times, 1), rows(state.values, d), rows(derivative, d)});
    }
    return trials;
  }

 private:
  [[noreturn]] void fail(const std::string& what) const {
    throw base::DataError(fmt::format("'{}': {}", source_, what));
  }

  NumberArray get(const std::string& name) const {
    auto found = find_(name);
    if (found) return *std::move(found);
    throw base::DataError(
        fmt::format("'{}': {}", source_, base::unknown_name("array", name, known_)));
  }

  // (N, T)
  std::vector<double> times_of(std::int64_t n, std::int64_t t) const {
    std::vector<double> times;
    if (!names_.time.empty() && names_.dt > 0)
      throw base::UsageError("--time and --dt state the same thing: give one of them");
    if (names_.time.empty()) {
      if (!(names_.dt > 0)) throw base::UsageError("say --time ARRAY, or --dt STEP");
      for (std::int64_t k = 0; k < t; ++k) times.push_back(static_cast<double>(k) * names_.dt);
    } else {
      const NumberArray given = get(names_.time);
      if (given.shape != Shape{t} && given.shape != Shape{n, t}) {
        fail(fmt::format("'{}' has shape {}; {} or {} was expected, as '{}' has {} times",
                         names_.time, shape_text(given.shape), shape_text(Shape{t}),
                         shape_text(Shape{n, t}), names_.state, t));
      }
      times = given.values;
    }
    const std::vector<double> one = times;
    while (std::ssize(times) < n * t) times.insert(times.end(), one.begin(), one.end());
    return times;
  }

  std::vector<double> derivative_of(const NumberArray& state) const {
    if (names_.derivative.empty()) return {};
    NumberArray given = get(names_.derivative);
    if (given.shape.size() == 2) given.shape.insert(given.shape.begin(), 1);
    if (given.shape == state.shape) return given.values;
    fail(fmt::format("'{}' has shape {}, '{}' has {}", names_.derivative, shape_text(given.shape),
                     names_.state, shape_text(state.shape)));
  }

  std::vector<std::string> coordinates(std::int64_t d) const {
    std::vector<std::string> given = names_.coordinates;
    if (given.empty())
      for (std::int64_t k = 0; k < d; ++k) given.push_back(fmt::format("x{}", k));
    if (std::ssize(given) == d) return given;
    throw base::UsageError(fmt::format("--names: {} names for the {} coordinates of '{}'",
                                       given.size(), d, names_.state));
  }

  const std::string& source_;
  const ArrayNames& names_;
  const FindArray& find_;
  const std::vector<std::string>& known_;
};

FindArray find_in(const H5File& file) {
  return [&file](std::string name) -> std::optional<NumberArray> {
    name.erase(0, name.find_first_not_of('/'));
    if (!file.contains(name)) return std::nullopt;
    return NumberArray{file.describe(name).shape, file.read_numbers(name)};
  };
}

}  // namespace

Trials trials_of_arrays(const std::string& source, const ArrayNames& names, const FindArray& find,
                        const std::vector<std::string>& known) {
  return ArrayReader(source, names, find, known).read();
}

Trials read_numpy_trials(const std::filesystem::path& path, const ArrayNames& names) {
  const std::string text = base::read_text(path);
  const auto bytes = std::as_bytes(std::span(text));
  const auto arrays = base::with_context(fmt::format("'{}'", path.string()), [&] {
    if (text.starts_with("PK")) return parse_npz(bytes);
    return std::map<std::string, NumberArray>{{names.state, parse_npy(bytes)}};
  });
  std::vector<std::string> known;
  for (const auto& [name, array] : arrays) known.push_back(name);
  const FindArray find = [&](const std::string& name) -> std::optional<NumberArray> {
    const auto found = arrays.find(name);
    if (found == arrays.end()) return std::nullopt;
    return found->second;
  };
  return trials_of_arrays(path.string(), names, find, known);
}

Trials read_hdf5_trials(const std::filesystem::path& path, const ArrayNames& names) {
  const H5File file = open_h5(path);
  return trials_of_arrays(path.string(), names, find_in(file), file.array_paths());
}

}  // namespace noether::dataset
