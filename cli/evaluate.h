#pragma once

// What evaluations of models of states and of video have in common.

#include <string>

#include "bench/model/checkpoint.h"
#include "cli/setting_flags.h"

namespace noether::cli {

struct EvaluateArguments {
  std::string model;
  std::string data;
  std::string folder;
  SettingFlags settings;
  std::string setting;
  std::string lpips;  // file of weights
  int jobs = 0;
  bool overwrite = false;
  bool json = false;
};

// Evaluates a video predictor.
void evaluate_video(const EvaluateArguments& arguments, const dataset::Overrides& overrides,
                    const bench::Checkpoint& checkpoint);

}  // namespace noether::cli
