#include "bench/video/rod_energy.h"

#include <algorithm>
#include <cmath>
#include <numbers>

#include "sim/gym_pendulum.h"

namespace noether::bench {

std::vector<double> rod_angles(const learn::Tensor& frame) {
  const auto n = frame.shape()[0], channels = frame.shape()[1];
  const auto height = frame.shape()[2], width = frame.shape()[3], plane = height * width;
  const std::vector<double> values = frame.to_vector();
  std::vector<double> angles;
  for (std::int64_t film = 0; film < n; ++film) {
    const double* first = values.data() + film * channels * plane;
    double left = 0, up = 0;
    for (std::int64_t pixel = 0; pixel < plane; ++pixel) {
      const std::int64_t row = pixel / width, column = pixel % width;
      const double light =
          channels == 3 ? std::max(0.0, first[pixel] - first[plane + pixel]) : first[pixel];
      left += light * (static_cast<double>(width - 1) / 2 - static_cast<double>(column));
      up += light * (static_cast<double>(height - 1) / 2 - static_cast<double>(row));
    }
    angles.push_back(std::atan2(left, up));
  }
  return angles;
}

double pair_energy(double before, double after, double speed) {
  const sim::GymPendulumOptions pendulum;
  const double height = (std::cos(before) + std::cos(after)) / 2;
  return speed * speed / 2 + 1.5 * pendulum.g / pendulum.l * height;
}

std::vector<std::vector<double>> film_energies(const learn::Tensors& film, double dt) {
  std::vector<std::vector<double>> energies(static_cast<std::size_t>(film.front().shape()[0]));
  std::vector<double> before = rod_angles(film.front());
  for (std::size_t t = 1; t < film.size(); ++t) {
    const std::vector<double> now = rod_angles(film[t]);
    for (std::size_t i = 0; i < now.size(); ++i) {
      const double speed = std::remainder(now[i] - before[i], 2 * std::numbers::pi) / dt;
      energies[i].push_back(pair_energy(before[i], now[i], speed));
    }
    before = now;
  }
  return energies;
}

std::vector<double> energy_errors(const learn::Tensors& predicted, const learn::Tensors& truth,
                                  double dt) {
  const auto ours = film_energies(predicted, dt), theirs = film_energies(truth, dt);
  std::vector<double> errors;
  for (std::size_t i = 0; i < ours.size(); ++i) {
    double sum = 0;
    for (std::size_t t = 0; t < ours[i].size(); ++t)
      sum += (ours[i][t] - theirs[i][t]) * (ours[i][t] - theirs[i][t]);
    errors.push_back(std::sqrt(sum / static_cast<double>(ours[i].size())));
  }
  return errors;
}

}  // namespace noether::bench
