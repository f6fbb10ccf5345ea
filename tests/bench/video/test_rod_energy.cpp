#include <catch2/catch.hpp>
#include <cmath>
#include <numbers>

#include "bench/video/rod_energy.h"
#include "bench/video/video_problem.h"
#include "tests/bench/tables/quick_run.h"

namespace noether::bench {
namespace {

VideoProblem problem_of(const std::string& preset, const RunContext& run) {
  VideoPreset small = find_video_preset(preset);
  small.judged = 20;
  return make_video_problem(small, 1, run);
}

// State s (0 theta, 1 theta_dot) of a test episode at a time.
double state_of(const VideoTask& clips, std::size_t i, std::size_t t, std::size_t s) {
  const auto episode = static_cast<std::size_t>(clips.test[i]);
  return clips.states[(episode * static_cast<std::size_t>(clips.frames) + t) * 2 + s];
}

double off(double a, double b) { return std::abs(std::remainder(a - b, 2 * std::numbers::pi)); }

}  // namespace

TEST_CASE("the angle of the rod and the energy of a film are those of the states",
          "[bench][video]") {
  const auto preset = GENERATE("ci", "small");
  const QuickRun run("pixel-pendulum");
  const VideoProblem problem = problem_of(preset, run.context());
  const VideoTask& clips = problem.fast;
  const auto film = clip_batch(clips, clips.test, clips.frames).frames;
  const auto energies = film_energies(film, clips.dt);
  double worst = 0, squares = 0, count = 0;
  for (std::size_t t = 0; t < film.size(); ++t) {
    const auto angles = rod_angles(film[t]);
    for (std::size_t i = 0; i < clips.test.size(); ++i) {
      worst = std::max(worst, off(angles[i], state_of(clips, i, t, 0)));
      if (t == 0) continue;
      const double truth = pair_energy(state_of(clips, i, t - 1, 0), state_of(clips, i, t, 0),
                                       state_of(clips, i, t, 1));
      squares += std::pow(energies[i][t - 1] - truth, 2);
      ++count;
    }
  }
  INFO(preset << ": worst angle " << worst << ", energy " << std::sqrt(squares / count));
  // pixels are 1/16 of the view, and the axle is half a pixel of 500 off the middle: .0135 rad, and
  // .43 of energies from -15 to 47; half as much with 32 pixels
  CHECK(worst < 0.015);
  CHECK(std::sqrt(squares / count) < 0.5);
}

TEST_CASE("the energy error: nothing for the truth, and by hand for a rod that stands still",
          "[bench][video]") {
  const QuickRun run("pixel-pendulum");
  const VideoProblem problem = problem_of("ci", run.context());
  const VideoTask& clips = problem.clips;
  const auto film = clip_batch(clips, clips.test, clips.frames).frames;
  for (const double error : energy_errors(film, film, clips.dt)) CHECK(error == 0);
  const learn::Tensors still(film.size(), film.front());
  const auto errors = energy_errors(still, film, clips.dt);
  const auto energies = film_energies(film, clips.dt);
  const auto angles = rod_angles(film.front());
  for (std::size_t i = 0; i < errors.size(); ++i) {
    double sum = 0;
    for (const double energy : energies[i])
      sum += std::pow(15 * std::cos(angles[i]) - energy, 2);
    // the sum rounds once a term
    CHECK(errors[i] ==
          Approx(std::sqrt(sum / static_cast<double>(energies[i].size()))).epsilon(1e-12));
  }
}

TEST_CASE("a coloured frame has its rod where red is more than green", "[bench][video]") {
  // 4 x 4, white, one red pixel left of the middle, above it
  std::vector<double> values(48, 1.0);
  for (const std::size_t channel : {1U, 2U}) values[channel * 16 + 1 * 4 + 1] = 0;
  const auto frame = learn::Tensor::from<double>(values, {1, 3, 4, 4});
  CHECK(rod_angles(frame)[0] == std::numbers::pi / 4);
  CHECK(rod_angles(learn::Tensor::from<double>(std::vector<double>(16), {1, 1, 4, 4}))[0] == 0);
}

}  // namespace noether::bench
