#pragma once

// How well films are predicted: errors of every episode and frame.

#include <functional>
#include <span>
#include <string>
#include <vector>

#include "bench/table/experiment.h"
#include "bench/video/video_problem.h"
#include "learn/noether/tailored_video.h"

namespace noether::bench {

// The frames after the history, each [n, c, h, w].
using PredictFrames = std::function<learn::Tensors(const learn::VideoQuery&)>;

// One image [1, c, h, w] at all times; a model as it is; a model tailored to each sequence.
PredictFrames still(const learn::Tensor& image);
PredictFrames untailored(const learn::VideoPredictor& model, const learn::Params& theta);
PredictFrames tailored(const learn::VideoPredictor& model, const learn::Params& theta,
                       const learn::VideoTailoring& tailoring, const learn::Params& phi);

// Of every predicted frame of some episodes: [episode][frame].
struct FrameScores {
  std::vector<std::vector<double>> mse, ssim, ssim_uniform;  // image_metrics.h
  std::vector<double> energy_errors;                         // of each episode (rod_energy.h)
};

// The mean over episodes at each frame.
std::vector<double> over_episodes(const std::vector<std::vector<double>>& scores);

// On `jobs` threads, which change no bit.
FrameScores frame_scores(const VideoTask& clips, std::span<const std::int64_t> episodes,
                         std::int64_t history, const PredictFrames& predict, int jobs);

// The mean of the train frames, [1, c, h, w].
learn::Tensor mean_frame(const VideoTask& clips);

// Metrics of video_records, and what is drawn of them.
std::vector<Metric> video_metrics();
std::vector<Panel> video_panels();
std::vector<Scatter> video_scatters();

// A predictor on the three test sets and the validation clips; in distribution also at `frames` of
// those predicted, from 1.
RunResult video_records(const VideoProblem& problem, const PredictFrames& predict,
                        std::span<const double> frames);

}  // namespace noether::bench
