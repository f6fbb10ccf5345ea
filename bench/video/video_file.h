#pragma once

// Training a video predictor into a file.

#include <filesystem>
#include <span>

#include "bench/data/video_task.h"
#include "bench/model/training_file.h"
#include "dataset/make/config.h"
#include "learn/noether/tailored_video.h"

namespace noether::bench {

// Everything that the model file says before the first step; `config` is that of video_config.
// Throws DataError where the frames, as the model sees them, are of no size that it can have.
Checkpoint video_start(const dataset::Config& config, const VideoTask& clips);

// From the weights of `other`, read from `path`; `config` is that of video_config_from. Throws
// DataError as check_fits.
Checkpoint video_start_from(const Checkpoint& other, const std::filesystem::path& path,
                            const dataset::Config& config, const VideoTask& clips);

// Throws DataError where the model does not fit the frames or actions.
void check_fits(const Checkpoint& checkpoint, const std::filesystem::path& path,
                const VideoTask& clips);

// Minimises the mean square error of free-running prediction, as train_into_file: the same bits as
// row `svg` of the table pixel-pendulum on the same episodes. If `start` has a tailoring, energy
// minus work is learned first, and then stays as it is; the gradient goes through the inner steps,
// as in row `noether-work`.
//
// Throws as train_into_file, and DataError where the clips have no train split, or no valid split
// to judge energy minus work on.
Checkpoint run_video_training(const Checkpoint& start, const dataset::Config& config,
                              const VideoTask& clips, const std::filesystem::path& path,
                              const TrainingRunOptions& options);

// How the model of a checkpoint with a tailoring is tailored; phi is that of its joint weights
// (learn/noether/joint_weights.h), a constant for derivatives.
learn::VideoTailoring tailoring_of(const Checkpoint& checkpoint);

// What is minimised, of joint weights: the sum over episodes of the mean square error over pixels
// and predicted frames, tailored where the model is.
learn::ClipLoss loss_of(const Checkpoint& checkpoint);

// The same of one frame [1, c, h, w] as the prediction of all.
learn::ClipLoss still_loss(const learn::Tensor& frame, std::int64_t history);

// The mean of a loss over some of the episodes. The number of threads changes no bit.
double mean_loss(const learn::ClipLoss& loss, const learn::Params& joint, const VideoTask& clips,
                 std::span<const std::int64_t> episodes, int jobs);

}  // namespace noether::bench
