#pragma once

// The settings of a film, which every system with a scene (render/films/scene.h) has.

#include <optional>
#include <string_view>
#include <vector>

#include "dataset/make/config.h"
#include "render/films/film.h"

namespace noether::dataset {

// `frames` and those that mean nothing without it; none where the system has no scene.
std::vector<SettingSpec> film_settings(std::string_view system);

// Throws UsageError where `overrides` ask for a film of a system without a scene.
void check_can_be_filmed(std::string_view system, const Overrides& overrides);

// What a configuration asks for; nothing where that is no film. Throws UsageError for frames of 1
// to 7 pixels.
std::optional<render::FilmOptions> film_options(const Config& config);

}  // namespace noether::dataset
