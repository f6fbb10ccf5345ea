#pragma once

// What evaluations of models of states, of video and of densities have in common.

#include <string>
#include <vector>

#include "bench/model/checkpoint.h"
#include "cli/setting_flags.h"

namespace noether::cli {

struct EvaluateArguments {
  std::string model;
  std::string data;
  std::string predictions;  // in place of the model
  std::string folder;
  SettingFlags settings;
  std::string setting;
  std::string lpips;      // file of weights
  std::string work_from;  // model file with energy minus work
  int jobs = 0;
  bool overwrite = false;
  bool json = false;
};

// What models of states do not have, of how a video predictor is tailored.
std::vector<dataset::SettingSpec> settings_of_video_tailoring();

// Evaluates a video predictor.
void evaluate_video(const EvaluateArguments& arguments, const dataset::Overrides& overrides,
                    const bench::Checkpoint& checkpoint);

// Evaluates a flow.
void evaluate_flow(const EvaluateArguments& arguments, const dataset::Overrides& overrides,
                   const bench::Checkpoint& checkpoint);

}  // namespace noether::cli
