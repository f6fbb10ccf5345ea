#include "dataset/make/setting.h"

#include <utility>

namespace noether::dataset {

SettingSpec integer_setting(std::string key, std::int64_t value, double min, double max,
                            std::string description) {
  return {std::move(key), value, min, max, "1", std::move(description)};
}

SettingSpec number_setting(std::string key, double value, double min, double max, std::string unit,
                           std::string description) {
  return {std::move(key), value, min, max, std::move(unit), std::move(description)};
}

SettingSpec range_setting(std::string key, base::Uniform value, double min, double max,
                          std::string unit, std::string description) {
  return {std::move(key), value, min, max, std::move(unit), std::move(description)};
}

SettingSpec choice_setting(std::string key, std::string value, std::vector<std::string> choices,
                           std::string description) {
  return {std::move(key), std::move(value), 0, 0, "", std::move(description), std::move(choices)};
}

SettingSpec text_setting(std::string key, std::string value, std::string description) {
  return choice_setting(std::move(key), std::move(value), {}, std::move(description));
}

SettingSpec switch_setting(std::string key, std::string description) {
  return choice_setting(std::move(key), "no", {"no", "yes"}, std::move(description));
}

SettingSpec seed_setting(std::string description) {
  return {"seed", std::uint64_t{0}, 0, 0, "", std::move(description)};
}

std::vector<SettingSpec> size_settings(const SizeSettings& sizes) {
  constexpr double most_steps = 1e7;
  return {integer_setting("n", sizes.n, 1, sizes.most_n, "number of " + sizes.sample),
          integer_setting("steps", sizes.steps, 2, most_steps, sizes.step),
          seed_setting("seed of every random number")};
}

std::vector<SettingSpec> split_settings(double train_share, double valid_share) {
  return {number_setting("train_share", train_share, 0, 1, "1",
                         "share of samples in splits/train, from the first on"),
          number_setting("valid_share", valid_share, 0, 1, "1",
                         "share in splits/valid, after those; the rest is test")};
}

}  // namespace noether::dataset
