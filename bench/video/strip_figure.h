#pragma once

// Film strips as pictures. Frames of one channel are ink on paper.

#include <span>
#include <string>
#include <vector>

#include "bench/video/film_strip.h"
#include "render/canvas.h"

namespace noether::bench {

// What strips take on a canvas, px. All their frames have one size.
double width_of(std::span<const FilmStrip> strips);
double height_of(std::span<const FilmStrip> strips);

// Draws them below each other from `top` on, every few frames of each.
void draw_strips(render::Canvas& canvas, double top, std::span<const FilmStrip> strips);

// The same on a page of their own.
render::Image strips_page(const std::string& title, const std::string& subtitle,
                          std::span<const FilmStrip> strips);

// The films of all strips side by side, one picture a time. Strips are equally long and have the
// same rows.
std::vector<render::Image> animate(std::span<const FilmStrip> strips);

}  // namespace noether::bench
