#pragma once

// How well a video predictor does on the test episodes of a file: as text, JSON, records and a
// picture.

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "bench/model/checkpoint.h"
#include "bench/table/record.h"
#include "bench/video/film_strip.h"
#include "bench/video/lpips.h"
#include "bench/video/video_evaluation.h"
#include "render/image.h"

namespace noether::bench {

// What an evaluation compares, named as in records.
struct FilmRow {
  std::string name;
  PredictFrames predict;
  bool is_shown = true;  // in the film strips
};

// Of one row, over the test episodes.
struct FilmScores {
  std::string row;
  std::vector<double> episode_mse;  // the mean of each episode
  std::vector<double> mse;          // at each predicted frame, the mean over episodes
  std::vector<double> psnr;         // of that, dB
  std::vector<double> ssim;         // at each predicted frame, the mean over episodes
  std::vector<double> ssim_uniform;
  std::vector<double> lpips;  // at `frames` of the evaluation alone; empty without weights
};

struct VideoEvaluation {
  std::vector<std::int64_t> frames;  // of those predicted, from 1, that text and records show
  std::vector<FilmScores> rows;
  std::vector<FilmStrip> strips;  // of the first test episodes
};

// How a model is tailored at test time: Polyak steps on energy minus work, until a clip conserves
// it as train clips usually do.
struct FilmTailoring {
  learn::Params phi = {};  // the weights of energy minus work
  double share = 0.2;
  std::int64_t steps = 10;
  double target = 0;  // the Noether loss that a step leaves alone
};

// As the model was trained, if it was tailored.
std::optional<FilmTailoring> own_tailoring(const Checkpoint& checkpoint);

// What three of four train clips do not exceed, untailored. Throws DataError where there are none.
double usual_target(const Checkpoint& checkpoint, const VideoTask& clips,
                    const FilmTailoring& tailoring);

// "energy minus work (polyak, share 0.2, K = 10, L* = 0.013)"
std::string describe(const FilmTailoring& tailoring);

// `copy-last` and, where the clips have a train split, `mean-image`; then the model as it is, and
// tailored.
std::vector<FilmRow> film_rows(const Checkpoint& checkpoint, const VideoTask& clips,
                               const std::optional<FilmTailoring>& tailoring);

// Throws DataError where the clips have no test split, ShapeError for frames that are smaller than
// the window of SSIM, or than LPIPS takes. The number of threads changes no bit.
VideoEvaluation evaluate_film(const std::vector<FilmRow>& rows, const VideoTask& clips,
                              std::int64_t history, const std::optional<LpipsWeights>& lpips,
                              int jobs);

struct VideoReport {
  const Checkpoint& checkpoint;
  const VideoTask& clips;
  VideoEvaluation evaluation;
  std::string conserved = {};     // what the last row conserves, and how; or nothing
  std::string lpips_sha256 = {};  // of the file of its weights
};
std::string to_text(const VideoReport& report);             // a small table for people
std::string to_json(const VideoReport& report);             // with curves and provenance
std::vector<Record> records_of(const VideoReport& report);  // table "evaluate"
// Film strips, truth above prediction, and the error against time.
render::Image draw_evaluation(const VideoReport& report);

// As write_report of evaluation_report.h, and film.webp. check_report throws what it would before
// it writes.
void check_report(const std::filesystem::path& folder, bool overwrite);
void write_report(const VideoReport& report, const std::filesystem::path& folder, bool overwrite);

}  // namespace noether::bench
