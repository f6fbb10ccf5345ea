#pragma once

// The settings that datasets declare.

#include <cstdint>
#include <string>
#include <vector>

#include "dataset/make/config.h"

namespace noether::dataset {

SettingSpec integer_setting(std::string key, std::int64_t value, double min, double max,
                            std::string description);
SettingSpec number_setting(std::string key, double value, double min, double max, std::string unit,
                           std::string description);
// One that is a number, or drawn from a range for each sample.
SettingSpec range_setting(std::string key, base::Uniform value, double min, double max,
                          std::string unit, std::string description);
SettingSpec choice_setting(std::string key, std::string value, std::vector<std::string> choices,
                           std::string description);
SettingSpec text_setting(std::string key, std::string value, std::string description);
// One that is "yes" or "no", and "no" unless given.
SettingSpec switch_setting(std::string key, std::string description);
SettingSpec seed_setting(std::string description);

// n, steps and seed, with which every dataset begins.
struct SizeSettings {
  std::int64_t n = 0;      // default number of samples
  double most_n = 0;       // largest
  std::string sample;      // "trajectories"
  std::int64_t steps = 0;  // default
  std::string step;        // what one is
};
std::vector<SettingSpec> size_settings(const SizeSettings& sizes);

// train_share and valid_share, with which every dataset ends.
std::vector<SettingSpec> split_settings(double train_share, double valid_share);

// The names of a list of things that have one.
template <class Things>
std::vector<std::string> names_of(const Things& things) {
  std::vector<std::string> names;
  for (const auto& thing : things) names.emplace_back(thing.name);
  return names;
}

}  // namespace noether::dataset
