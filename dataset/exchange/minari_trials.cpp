#include <fmt/format.h>

#include <charconv>
#include <set>
#include <string_view>
#include <utility>

#include "base/error.h"
#include "base/text.h"
#include "dataset/exchange/array_trials.h"
#include "dataset/store/dataset_file.h"

namespace noether::dataset {
namespace {

namespace fs = std::filesystem;

// The numbers k of the groups episode_k, in order.
std::set<std::int64_t> episodes_of(const H5File& file) {
  constexpr std::string_view start = "episode_";
  std::set<std::int64_t> numbers;
  for (const std::string& array : file.array_paths()) {
    if (!array.starts_with(start)) continue;
    std::int64_t k = 0;
    const char* const first = array.data() + start.size();
    const auto [stop, error] = std::from_chars(first, array.data() + array.size(), k);
    if (error == std::errc{} && *stop == '/') numbers.insert(k);
  }
  return numbers;
}

// The one array (T, D) of numbers among the observations of an episode.
std::string only_observation(const H5File& file, const std::string& episode) {
  std::vector<std::string> found, all;
  for (const std::string& array : file.array_paths()) {
    if (!array.starts_with(episode + "observations")) continue;
    const std::string name = array.substr(episode.size());
    const H5Array about = file.describe(array);
    all.push_back(fmt::format("{} {}", name, shape_text(about.shape)));
    if (about.shape.size() == 2 && about.type != ElementType::text) found.push_back(name);
  }
  if (found.size() == 1) return found.front();
  throw base::UsageError(fmt::format(
      "'{}': say --state NAME: of the observations {} one of times and coordinates was expected",
      file.path().string(), all.empty() ? "(none)" : base::join(all)));
}

}  // namespace

fs::path minari_file(const fs::path& path) {
  if (!fs::is_directory(path)) return path;
  for (const char* name : {"data/main_data.hdf5", "main_data.hdf5"})
    if (fs::exists(path / name)) return path / name;
  throw base::DataError(
      fmt::format("'{}' is no dataset of Minari: it has no data/main_data.hdf5", path.string()));
}

Trials read_minari_trials(const fs::path& path, const ArrayNames& names) {
  const H5File file = open_h5(path);
  const auto episodes = episodes_of(file);
  if (episodes.empty()) {
    throw base::DataError(fmt::format(
        "'{}' is no dataset of Minari: it has no groups episode_0, episode_1, ...", path.string()));
  }
  const FindArray find = [&](const std::string& name) -> std::optional<NumberArray> {
    if (!file.contains(name)) return std::nullopt;
    return NumberArray{file.describe(name).shape, file.read_numbers(name)};
  };
  ArrayNames own = names;
  if (own.state.empty())
    own.state = only_observation(file, fmt::format("episode_{}/", *episodes.begin()));
  Trials trials;
  for (const std::int64_t k : episodes) {
    const auto in_episode = [&](const std::string& name) {
      return name.empty() ? name : fmt::format("episode_{}/{}", k, name);
    };
    ArrayNames of_episode = own;
    of_episode.state = in_episode(own.state);
    of_episode.time = in_episode(own.time);
    of_episode.derivative = in_episode(own.derivative);
    Trials one = trials_of_arrays(path.string(), of_episode, find, file.array_paths());
    one.trials.front().name = std::to_string(k);
    if (trials.trials.empty()) {
      trials = std::move(one);
    } else {
      trials.trials.push_back(std::move(one.trials.front()));
    }
  }
  return trials;
}

}  // namespace noether::dataset
