#pragma once

// The rows of video tables, and what their runs have in common.

#include <vector>

#include "bench/table/rows.h"
#include "bench/video/video_evaluation.h"

namespace noether::bench {

// What a row made.
struct MadeVideo {
  PredictFrames predict = {};  // empty in row `work`
  learn::Params theta = {};    // of the model; in row `work`, of g
  double seconds = 0;          // of its own training
};
using VideoRow = Row<VideoProblem, MadeVideo>;

// copy-last, mean-image; svg, svg-more-steps, svg-equal-compute; work; noether, svg-one-step,
// noether-work, noether-work-self-forced, svg-tailored, and the placebos no-work and random-g.
const std::vector<VideoRow>& video_rows();

// A table of such rows has this swept axis, and these settings: the preset and its steps.
Axis train_episodes_axis(std::vector<double> values);
std::vector<dataset::SettingSpec> video_settings();
VideoProblem video_problem(const RunContext& run);

// How data and base model are made, a paragraph of the method each.
extern const char* const video_data_method;
extern const char* const video_training_method;

}  // namespace noether::bench
