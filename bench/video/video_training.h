#pragma once

// How the rows of a video table are trained.

#include "bench/video/video_problem.h"
#include "learn/noether/tailored_video.h"
#include "learn/noether/work_quantity.h"

namespace noether::bench {

struct TrainedVideo {
  learn::Params theta{};
  double seconds = 0;
};

// From new weights: MSE of free-running prediction, further and further (growing_horizon); Adam
// with 2e-3, falling to 2 % along half a cosine, 50 steps of warm-up, gradients no longer than .2.
TrainedVideo train_base(const VideoProblem& problem, const ReportStep& report);

// What comes after it: `updates` of them at a constant rate of 1e-4, gradients no longer than .05,
// of a loss of joint weights (joint_weights.h) over all 26 frames.
TrainedVideo train_on(const VideoProblem& problem, const learn::Params& joint,
                      const learn::ClipLoss& loss, std::int64_t updates,
                      const std::vector<learn::ParameterGroup>& groups, const ReportStep& report);

// g on the frames of the preset; what it learns of the train episodes.
learn::WorkQuantity work_quantity(const VideoProblem& problem);
learn::PretrainedWork train_work(const VideoProblem& problem, const learn::WorkQuantity& g,
                                 const ReportStep& report);

// The absolute correlation of what g learned as the energy with the true one (pair_energy of
// rod_energy.h), over the test clips.
double energy_agreement(const VideoProblem& problem, const learn::WorkQuantity& g,
                        const learn::Params& phi);

// What three of four of (at most) 200 train clips do not exceed: the Noether loss of their
// untailored predictions.
double usual_noether_loss(const VideoProblem& problem, const learn::Params& theta,
                          const learn::VideoTailoring& tailoring);
double usual_noether_loss(const learn::VideoPredictor& model, const VideoTask& clips,
                          const learn::Params& theta, const learn::VideoTailoring& tailoring);

}  // namespace noether::bench
