#pragma once

// What trainings of states, of video and of flows have in common.

#include <filesystem>
#include <functional>
#include <string>

#include "bench/model/checkpoint.h"
#include "cli/options.h"
#include "cli/setting_flags.h"
#include "dataset/store/dataset_file.h"

namespace noether::cli {

struct TrainArguments {
  std::string data;
  OutputOptions output;
  std::string from;
  SettingFlags settings;
  std::int64_t checkpoint_every = 500;
};

// Trains a video predictor on the episodes of `file`.
void train_video(const TrainArguments& arguments, const dataset::Overrides& overrides,
                 const dataset::DatasetFile& file);

// Trains a flow on points.
void train_flow(const TrainArguments& arguments, const dataset::Overrides& overrides);

// What an interruption throws says how to go on with the output.
bench::Checkpoint or_how_to_resume(const std::filesystem::path& output,
                                   const std::function<bench::Checkpoint()>& train);

}  // namespace noether::cli
