#include "dataset/recording/columns.h"

#include <algorithm>
#include <cmath>
#include <cstddef>

#include "base/error.h"
#include "base/text.h"

namespace noether::dataset {
namespace {

std::vector<double> chosen(const std::vector<double>& numbers,
                           const std::vector<std::size_t>& columns, std::size_t d) {
  std::vector<double> result;
  for (std::size_t row = 0; row < numbers.size(); row += d)
    for (const std::size_t j : columns) result.push_back(numbers[row + j]);
  return result;
}

void keep(Trials& trials, const std::vector<std::size_t>& columns) {
  const std::size_t d = trials.coordinates.size();
  std::vector<std::string> names, units;
  for (const std::size_t j : columns) {
    names.push_back(trials.coordinates[j]);
    units.push_back(trials.units[j]);
  }
  for (Trial& trial : trials.trials) {
    trial.values = chosen(trial.values, columns, d);
    trial.derivatives = chosen(trial.derivatives, columns, d);
  }
  trials.coordinates = names;
  trials.units = units;
}

bool is_constant(const Trials& trials, std::size_t j) {
  const std::size_t d = trials.coordinates.size();
  double size = 0;
  for (const Trial& trial : trials.trials)
    for (std::size_t at = j; at < trial.values.size(); at += d)
      if (std::isfinite(trial.values[at])) size = std::max(size, std::abs(trial.values[at]));
  for (const Trial& trial : trials.trials) {
    for (std::size_t at = j; at < trial.values.size(); at += d) {
      // as a number that was computed from others of 15 digits
      if (!(std::abs(trial.values[at] - trial.values[j]) <= 1e-12 * size)) return false;
    }
  }
  return true;
}

}  // namespace

void keep_coordinates(Trials& trials, const std::vector<std::string>& names) {
  std::vector<std::size_t> columns;
  for (const std::string& name : names) {
    const auto at = std::ranges::find(trials.coordinates, name);
    if (at == trials.coordinates.end())
      throw base::UsageError(base::unknown_name("coordinate", name, trials.coordinates));
    columns.push_back(static_cast<std::size_t>(at - trials.coordinates.begin()));
  }
  keep(trials, columns);
}

void take_parameters(Trials& trials) {
  std::vector<std::size_t> moving, still;
  for (std::size_t j = 0; j < trials.coordinates.size(); ++j)
    (is_constant(trials, j) ? still : moving).push_back(j);
  if (moving.empty() || still.empty()) return;
  for (const std::size_t j : still) {
    TrialParameter parameter{trials.coordinates[j], {}};
    for (const Trial& trial : trials.trials) parameter.values.push_back(trial.values[j]);
    trials.parameters.push_back(std::move(parameter));
  }
  keep(trials, moving);
}

}  // namespace noether::dataset
