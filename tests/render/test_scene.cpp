#include "render/films/scene.h"

#include <algorithm>
#include <catch2/catch.hpp>
#include <cmath>
#include <set>
#include <string>

#include "render/films/film.h"
#include "sim/integrator.h"
#include "sim/sampling.h"
#include "sim/system.h"
#include "tests/sim/solve.h"

namespace noether {
namespace {

// Trajectories of a system at its defaults, as a dataset makes them.
struct Motions {
  const sim::System* system = nullptr;
  std::int64_t count = 0;
  std::vector<double> constants = {}, states = {};
  std::size_t points = 0;

  std::span<const double> of(std::int64_t i) const {
    const std::size_t row = points * system->dimension();
    return std::span(states).subspan(static_cast<std::size_t>(i) * row, row);
  }
  std::span<const double> constants_of(std::int64_t i) const {
    return sim::constants_of(*system, constants, static_cast<std::size_t>(i));
  }
};

Motions motions_of(const sim::System& system, std::int64_t count, std::uint64_t seed) {
  const auto ranges = sim::default_ranges(system);
  const auto sampling = sim::default_values(system.sampling);
  const auto times = sim::time_grid(0, system.t_end, system.steps);
  const auto integration = test::default_integration(system);
  Motions motions{.system = &system, .count = count, .points = times.size()};
  motions.constants = sim::draw_constants(system, ranges, seed, 0, count);
  const auto starts =
      system.nearest == nullptr
          ? sim::sample_initial_states(system, sampling, motions.constants, seed, 0, count)
          : sim::sample_apart(system, sampling, motions.constants, seed, 0, count, times,
                              integration);
  motions.states = sim::integrate_many(system, motions.constants, starts, times, integration);
  return motions;
}

// Whether all shapes of a motion lie within the window of its scene.
bool is_in_window(const render::Scene& scene, const Motions& motions, std::int64_t i) {
  const std::size_t dimension = motions.system->dimension();
  const auto window = scene.window(motions.constants_of(i));
  for (std::size_t t = 0; t < motions.points; ++t) {
    render::Sketch sketch;
    scene.draw(motions.of(i).subspan(t * dimension, dimension), motions.constants_of(i), sketch);
    for (const render::Shape& shape : sketch.shapes()) {
      for (const render::Point& end : {shape.from, shape.to}) {
        const double reach =
            std::max(std::abs(end.x - window.centre.x), std::abs(end.y - window.centre.y)) +
            shape.radius;
        if (reach > window.width / 2) return false;
      }
    }
  }
  return true;
}

std::vector<std::uint8_t> film_of(const Motions& motions, std::int64_t i,
                                  const render::FilmOptions& options) {
  return render::film(*render::known_scene(motions.system->name), motions.of(i),
                      motions.system->dimension(), motions.constants_of(i), options, 0,
                      static_cast<std::uint64_t>(i));
}

std::int64_t count_not_white(std::span<const std::uint8_t> numbers) {
  return std::ssize(numbers) - std::ranges::count(numbers, std::uint8_t{255});
}

const std::set<std::string> without_scene{"light-ray",        "lotka-volterra",
                                          "matching-pennies", "rock-paper-scissors",
                                          "van-der-pol",      "lorenz"};

}  // namespace

TEST_CASE("every mechanical system has a scene, and no other", "[render][scene]") {
  for (const sim::System& system : sim::all_systems()) {
    INFO(system.name);
    CHECK((render::known_scene(system.name) == nullptr) == without_scene.contains(system.name));
  }
  CHECK(render::known_scene("n-body-31") == render::known_scene("n-body-8"));
  CHECK(render::known_scene("n-bod") == nullptr);
}

TEST_CASE("what moves stays in the frame of its scene, and every frame shows some of it",
          "[render][scene]") {
  for (const sim::System& system : sim::all_systems()) {
    const render::Scene* scene = render::known_scene(system.name);
    if (scene == nullptr) continue;
    INFO(system.name);
    const Motions motions = motions_of(system, 40, 3);
    std::int64_t within = 0;
    for (std::int64_t i = 0; i < motions.count; ++i)
      within += is_in_window(*scene, motions, i) ? 1 : 0;
    // bodies that pull one another may throw one out; the images of atoms lie outside by intent
    const bool is_box = system.name.starts_with("lennard-jones");
    if (!is_box) CHECK(within >= (system.nearest == nullptr ? motions.count : motions.count - 2));

    const render::FilmOptions options{.size_px = 32};
    const auto frames = film_of(motions, 0, options);
    REQUIRE(frames.size() == motions.points * 32 * 32 * 3);
    const std::size_t frame = 32 * 32 * 3;
    for (std::size_t t = 0; t < motions.points; ++t)
      CHECK(count_not_white(std::span(frames).subspan(t * frame, frame)) > 10);
    CHECK_FALSE(std::equal(frames.begin(), frames.begin() + frame, frames.end() - frame));
  }
}

TEST_CASE("a pendulum a quarter turn to the right is drawn to the right", "[render][scene]") {
  // a pendulum a quarter turn to the right: rod and bob lie in the right half, at half height
  const auto& system = sim::find_system("pendulum");
  const std::vector<double> state{1.5707963267948966, 0};
  const auto frame = render::film(*render::known_scene("pendulum"), state, 2,
                                  sim::default_values(system.constants), {.size_px = 64}, 0, 0);
  const auto red = [&](std::size_t row, std::size_t column) {
    return frame[(row * 64 + column) * 3];
  };
  const auto bob = static_cast<std::size_t>(32 + 64 / 2.6);
  CHECK(red(32, bob) == 0);  // the blue of the first body
  CHECK(red(32, 45) < 160);  // the rod, grey 128, not all of the pixel
  CHECK(red(20, bob) == 255);
  CHECK(red(32, 20) == 255);
}

TEST_CASE("an atom that reaches over a wall is seen at both walls", "[render][scene]") {
  const auto& system = sim::find_system("lennard-jones-4");
  // the first atom half out on the left, two boxes further; the others in the middle
  std::vector<double> state(16, 1.5);
  state[0] = -6;
  const auto frame = render::film(*render::known_scene(system.name), state, 16,
                                  sim::default_values(system.constants), {.size_px = 60}, 0, 0);
  const auto at = [&](std::size_t row, std::size_t column) {
    const auto* pixel = frame.data() + (row * 60 + column) * 3;
    return render::Rgb{pixel[0], pixel[1], pixel[2]};
  };
  CHECK(at(30, 2) == at(30, 57));
  CHECK(at(30, 2) != render::Rgb{255, 255, 255});
  CHECK(at(5, 2) == render::Rgb{255, 255, 255});
}

}  // namespace noether
