#include "render/gym/pendulum_frame.h"

#include <algorithm>
#include <string>

#include "base/error.h"
#include "render/gym/area_average.h"
#include "render/gym/pendulum_scene.h"

namespace noether::render {
namespace {

constexpr std::uint8_t white = 255;

std::size_t bytes_of(int size_px) {
  return static_cast<std::size_t>(size_px) * static_cast<std::size_t>(size_px) * 3;
}

Image white_image(int size_px) {
  return {size_px, size_px, std::vector<std::uint8_t>(bytes_of(size_px), white)};
}

// Sets a box of a (size, size, 3) array to white.
void clear(std::vector<std::uint8_t>& rgb, int size_px, const Box& box) {
  for (int row = box.top; row < box.bottom; ++row) {
    const auto begin = rgb.begin() + (std::ptrdiff_t{row} * size_px + box.left) * 3;
    std::fill(begin, begin + std::ptrdiff_t{box.right - box.left} * 3, white);
  }
}

// The cells that have a share in the pixels of `box`.
Box cells_of(const Box& box, int size_px) {
  const auto first = [&](int p) { return p * size_px / gym_frame_px; };
  const auto end = [&](int p) { return (p * size_px + gym_frame_px - 1) / gym_frame_px; };
  return {first(box.left), first(box.top), end(box.right), end(box.bottom)};
}

}  // namespace

Image pendulum_frame(double theta, std::optional<double> torque) {
  Image image = white_image(gym_frame_px);
  PendulumSprites sprites;
  draw_scene(image, pendulum_scene(theta, torque), sprites);
  return image;
}

struct PendulumRenderer::Workspace {
  explicit Workspace(int size)
      : size_px(size),
        frame(white_image(gym_frame_px)),
        cells(bytes_of(size), white),
        averager(gym_frame_px, size) {}

  int size_px;
  Image frame;                      // white outside `drawn`
  std::vector<std::uint8_t> cells;  // white outside the cells of `drawn`
  Box drawn;
  PendulumSprites sprites;
  CellAverager averager;
};

PendulumRenderer::PendulumRenderer(int size_px) {
  if (size_px < 8 || size_px > gym_frame_px) {
    throw base::UsageError("render size " + std::to_string(size_px) + " px is not in 8.." +
                           std::to_string(gym_frame_px));
  }
  workspace_ = std::make_unique<Workspace>(size_px);
}
PendulumRenderer::~PendulumRenderer() = default;
PendulumRenderer::PendulumRenderer(PendulumRenderer&&) noexcept = default;
PendulumRenderer& PendulumRenderer::operator=(PendulumRenderer&&) noexcept = default;

std::span<const std::uint8_t> PendulumRenderer::draw(double theta, std::optional<double> torque) {
  Workspace& w = *workspace_;
  const PendulumScene scene = pendulum_scene(theta, torque);

  // wipe the last frame
  clear(w.frame.rgb, gym_frame_px, w.drawn);
  clear(w.cells, w.size_px, cells_of(w.drawn, w.size_px));

  w.drawn = bounding_box(scene);
  draw_scene(w.frame, scene, w.sprites);
  const Box cells = cells_of(w.drawn, w.size_px);
  for (int row = cells.top; row < cells.bottom; ++row) {
    w.averager.average(w.frame, row, cells.left, cells.right, w.cells);
  }
  return w.cells;
}

}  // namespace noether::render
