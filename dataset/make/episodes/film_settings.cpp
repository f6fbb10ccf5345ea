#include "dataset/make/episodes/film_settings.h"

#include <fmt/format.h>

#include <algorithm>
#include <string>

#include "base/error.h"
#include "base/text.h"
#include "dataset/make/setting.h"
#include "render/films/scene.h"

namespace noether::dataset {
namespace {

constexpr const char* frames_key = "frames";
constexpr int least_px = 8, most_px = 500;

// "spring, pendulum, ..., n-body-N"
std::string filmed_systems() {
  std::vector<std::string> names;
  for (const render::Scene& scene : render::all_scenes()) {
    for (const std::string_view name : scene.systems)
      names.push_back(fmt::format("{}{}", name, name.ends_with('-') ? "N" : ""));
  }
  return base::join(names);
}

}  // namespace

std::vector<SettingSpec> film_settings(std::string_view system) {
  if (render::known_scene(system) == nullptr) return {};
  const render::FilmOptions defaults;
  const auto drawn = [](const char* name) {
    return fmt::format("{}, the same in all films or drawn for each", name);
  };
  std::vector<SettingSpec> settings{
      integer_setting(
          frames_key, 0, 0, most_px,
          fmt::format("height and width of frames, px, {} or more; 0: no film", least_px)),
      choice_setting("channels", "3", {"1", "3"}, "3: red, green, blue; 1: grey"),
      choice_setting("colors", "fixed", {"fixed", "drawn"}, drawn("colors")),
      choice_setting("background", defaults.background, {"white", "black", "drawn"},
                     "drawn: a light color for each film"),
      number_setting("view", defaults.view, 0.01, 100, "1",
                     "width of what is seen / what the scene shows"),
      number_setting("camera_shift", defaults.camera_shift, 0, 1, "1",
                     "largest shift of a film, along x and y / width of the frame"),
      integer_setting("tails", defaults.tails, 0, 100,
                      "former frames whose bodies are drawn, fainter and fainter"),
      number_setting("occluder", defaults.occluder, 0, 1, "1",
                     "width of a grey bar in the middle / width of the frame"),
      number_setting("frame_noise", defaults.frame_noise, 0, 255, "1/255",
                     "standard deviation of the noise of a pixel")};
  for (SettingSpec& setting : settings) setting.only_with = frames_key;
  return settings;
}

void check_can_be_filmed(std::string_view system, const Overrides& overrides) {
  const bool has_scene = render::known_scene(system) != nullptr;
  for (const char* key : {frames_key, "render_size"}) {
    if (!has_scene && overrides.contains(key)) {
      throw base::UsageError(
          fmt::format("{}: {} has no scene; these have one: {}", key, system, filmed_systems()));
    }
  }
  if (overrides.contains("render_size"))
    throw base::UsageError(
        fmt::format("render_size: {} is filmed by frames, the size of its frames", system));
}

std::optional<render::FilmOptions> film_options(const Config& config) {
  if (render::known_scene(config.name()) == nullptr || config.is_default(frames_key)) return {};
  const auto size = static_cast<int>(config.integer(frames_key));
  if (size < least_px) {
    throw base::UsageError(
        fmt::format("frames = {}: must be 0 or lie in [{}, {}] px", size, least_px, most_px));
  }
  return render::FilmOptions{.size_px = size,
                             .channels = config.text("channels") == "1" ? 1 : 3,
                             .draws_colors = config.text("colors") == "drawn",
                             .background = config.text("background"),
                             .view = config.number("view"),
                             .camera_shift = config.number("camera_shift"),
                             .tails = static_cast<int>(config.integer("tails")),
                             .occluder = config.number("occluder"),
                             .frame_noise = config.number("frame_noise")};
}

}  // namespace noether::dataset
