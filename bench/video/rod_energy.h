#pragma once

// What films of the pixel pendulum show of its energy, read off the frames without anything that
// was learned.

#include <vector>

#include "learn/tensor/tensor.h"

namespace noether::bench {

// The angle of the rod in each of n frames [n, c, h, w], rad, as states count it: 0 upright,
// positive to the left. It points from the middle of the frame to the centre of the rod's light:
// channel 0, or of three channels red less green. 0 where there is no light.
std::vector<double> rod_angles(const learn::Tensor& frame);

// E = theta_dot^2 / 2 + 3 g / (2 l) cos theta of Gymnasium's pendulum, 1/s^2, in the middle of two
// frames: their angles, and the one speed that it takes from the one to the other.
double pair_energy(double before, double after, double speed);

// The same of every two frames of films of T frames that are dt (s) apart, [n][T - 1]. The speed is
// the change of the rod's angle, the short way round, over dt.
std::vector<std::vector<double>> film_energies(const learn::Tensors& film, double dt);

// The root mean square of what the energies of predicted films are off, film by film, 1/s^2. Both
// are read off their frames; the last frame of history is the first of both.
std::vector<double> energy_errors(const learn::Tensors& predicted, const learn::Tensors& truth,
                                  double dt);

}  // namespace noether::bench
