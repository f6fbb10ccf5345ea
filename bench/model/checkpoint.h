#pragma once

// Model files: a network with its weights, the state of its training, and how it came about.
//
//   /model/<name>              i8 (n), the lists of the model's configuration: widths, input first
//   /weights/<name>            f4 or f8, and the same under /optimizer/first_moment, second_moment;
//                              phi.<name>: of a neural quantity (learn/noether/joint_weights.h)
//   /quantity/widths           of that network, where there is one
//   /provenance/config, build  as in datasets; the config holds every option of the training
//   root: what every dataset has (schema "noether/model"), model, the rest of its configuration as
//   model_<name>, weight_names, data_sha256, training_*, step, optimizer_steps, loss, first_loss;
//   of a model of states coordinate_names, noise_std, and where it was meta-tailored conserve,
//   conserve_formula, inner_*; of a video predictor view_crop, view_average, view_channels,
//   clip_frames, and where it was meta-tailored conserve, inner_share, inner_steps

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "bench/model/tailoring.h"
#include "bench/model/video_setup.h"
#include "learn/models/model.h"
#include "learn/models/video.h"
#include "learn/noether/work_quantity.h"
#include "learn/train/trainer.h"

namespace noether::bench {

inline constexpr std::string_view model_schema = "noether/model";
inline constexpr std::string_view model_schema_version = "2.0.0";
// what the names of its arrays begin with
inline const std::string configuration_group = "model/";
inline const std::string weights_group = "weights/";
inline const std::string first_moment_group = "optimizer/first_moment/";
inline const std::string second_moment_group = "optimizer/second_moment/";
// and those of the attributes of its configuration
inline const std::string configuration_prefix = "model_";

struct Checkpoint {
  learn::ModelPtr model = {};
  std::string system = {};                    // of the data
  std::vector<std::string> coordinates = {};  // of states; none of a model that predicts frames
  std::string data_sha256 = {};               // content_sha256 of the dataset
  double noise_std = 0;                       // of what was learned from
  std::uint64_t seed = 0;
  std::optional<Tailoring> tailoring = {};  // inside training: the model is meta-tailored
  std::optional<VideoSetup> video = {};     // of a video predictor
  std::int64_t batch = 0;                   // rows of a step; 0: all
  learn::Training training = {};
  learn::TrainingState state = {};
  std::string command_line = {};
  std::string config_toml = {};  // all that decides the weights

  // Read only.
  std::string content_sha256 = {};
  std::string build = {};  // of the program that wrote it

  bool finished() const { return state.step >= training.steps; }
};

// Writes the file beside `path` and then renames it. So a kill at any moment leaves a whole file:
// the old one or the new one. Equal checkpoints give equal bytes. Throws DataError.
void save_checkpoint(const Checkpoint& checkpoint, const std::filesystem::path& path);

// Throws DataError where the file is missing, damaged, no model file, of a later version, or does
// not hold what its model needs. Files of version 1.0.0 are read as well.
Checkpoint load_checkpoint(const std::filesystem::path& path);

// The model, where it is one of states, or a video predictor. Throw DataError where it is not.
const learn::FieldModel& field_model(const Checkpoint& checkpoint);
const learn::VideoPredictor& video_model(const Checkpoint& checkpoint);

// Energy minus work on the frames that a video predictor sees.
learn::WorkQuantity work_quantity_of(const Checkpoint& checkpoint);

// Throws DataError where the model does not fit data of `task_coordinates` in file `data`.
void check_fits(const Checkpoint& checkpoint, const std::filesystem::path& path,
                const std::vector<std::string>& task_coordinates, const std::string& data);

// "'m.h5' is a model of spring, but 'p.h5' holds data of pendulum"; "" where both are of one
// system. Equal coordinates do not mean the same system.
std::string other_system(const Checkpoint& checkpoint, const std::filesystem::path& path,
                         const std::string& task_system, const std::string& data);

}  // namespace noether::bench
