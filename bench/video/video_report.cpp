#include "bench/video/video_report.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>

#include "base/text_file.h"
#include "bench/table/statistics.h"
#include "bench/video/strip_figure.h"
#include "dataset/exchange/export_folder.h"
#include "dataset/make/provenance.h"

namespace noether::bench {
namespace {

using Json = nlohmann::ordered_json;

const std::set<std::string>& report_files() {
  static const std::set<std::string> files{"evaluation.json", "evaluation.png", "film.webp",
                                           "records.csv"};
  return files;
}

// A metric at the frames that are shown, and its mean.
struct Score {
  std::vector<double> at;
  double mean = 0;
};
struct ScoreKind {
  const char* metric;
  const char* title;
  const char* form;
  Score (*of)(const FilmScores& row, const std::vector<std::int64_t>& frames);
};

Score shown(const std::vector<double>& curve, const std::vector<std::int64_t>& frames) {
  Score score{.at = {}, .mean = mean(curve)};
  for (const std::int64_t frame : frames)
    score.at.push_back(curve.at(static_cast<std::size_t>(frame) - 1));
  return score;
}

const std::vector<ScoreKind>& score_kinds() {
  using Frames = std::vector<std::int64_t>;
  static const std::vector<ScoreKind> kinds{
      {"mse", "MSE", "{:>11.3e}",
       [](const FilmScores& row, const Frames& frames) { return shown(row.mse, frames); }},
      {"psnr", "PSNR of that (dB)", "{:>11.2f}",
       [](const FilmScores& row, const Frames& frames) { return shown(row.psnr, frames); }},
      {"ssim", "SSIM", "{:>11.4f}",
       [](const FilmScores& row, const Frames& frames) { return shown(row.ssim, frames); }},
      {"ssim_uniform", "SSIM, 7 x 7 uniform", "{:>11.4f}",
       [](const FilmScores& row, const Frames& frames) { return shown(row.ssim_uniform, frames); }},
      {"lpips", "LPIPS, mean of these frames", "{:>11.4f}",
       [](const FilmScores& row, const Frames&) {
         return Score{row.lpips, row.lpips.empty() ? 0 : mean(row.lpips)};
       }}};
  return kinds;
}

// "tailored / untailored, MSE: 0.982 +- 0.006 over 200 episodes"
std::string paired_line(const FilmScores& row, const FilmScores& reference) {
  std::vector<double> differences;
  for (std::size_t i = 0; i < row.episode_mse.size(); ++i)
    differences.push_back(row.episode_mse[i] - reference.episode_mse[i]);
  const double all = mean(reference.episode_mse), middle = mean(differences);
  double squares = 0;
  for (const double difference : differences)
    squares += (difference - middle) * (difference - middle);
  const auto n = static_cast<double>(differences.size());
  return fmt::format("\n{} / {}, MSE: {:.4f} +- {:.4f} (standard error over {} paired episodes)",
                     row.row, reference.row, 1 + middle / all,
                     n > 1 ? std::sqrt(squares / (n - 1) / n) / all : 0.0, differences.size());
}

Json json_of(const FilmScores& row) {
  return {{"row", row.row},
          {"mse", mean(row.mse)},
          {"psnr", mean(row.psnr)},
          {"ssim", mean(row.ssim)},
          {"ssim_uniform", mean(row.ssim_uniform)},
          {"curves",
           {{"mse", row.mse},
            {"psnr", row.psnr},
            {"ssim", row.ssim},
            {"ssim_uniform", row.ssim_uniform}}},
          {"lpips", row.lpips},
          {"episode_mse", row.episode_mse}};
}

}  // namespace

std::string to_text(const VideoReport& report) {
  const auto& [checkpoint, clips, evaluation, conserved, sha] = report;
  std::string text = fmt::format(
      "{} on the {} test episodes of {}: {} frames predicted after {}, {:g} s each\n",
      checkpoint.model->text(), clips.test.size(), clips.system, evaluation.rows.front().mse.size(),
      video_model(checkpoint).options().history, clips.dt);
  if (!conserved.empty()) text += fmt::format("tailored to conserve {}\n", conserved);
  for (const ScoreKind& kind : score_kinds()) {
    if (kind.of(evaluation.rows.front(), evaluation.frames).at.empty()) continue;
    text += fmt::format("\n{:<28}", kind.title);
    for (const std::int64_t frame : evaluation.frames) text += fmt::format("{:>11}", frame);
    text += fmt::format("{:>11}\n", "mean");
    for (const FilmScores& row : evaluation.rows) {
      const Score score = kind.of(row, evaluation.frames);
      text += fmt::format("  {:<26}", row.row);
      for (const double value : score.at) text += fmt::format(fmt::runtime(kind.form), value);
      text += fmt::format(fmt::runtime(kind.form), score.mean) + "\n";
    }
  }
  if (!conserved.empty())
    text += paired_line(evaluation.rows.back(), evaluation.rows[evaluation.rows.size() - 2]);
  if (clips.train.empty()) text += "\nno mean-image: the file has no train split";
  while (text.ends_with('\n')) text.pop_back();
  return text;
}

std::string to_json(const VideoReport& report) {
  const auto& [checkpoint, clips, evaluation, conserved, lpips_sha256] = report;
  Json rows = Json::array();
  for (const FilmScores& row : evaluation.rows) rows.push_back(json_of(row));
  const Json json{{"model", checkpoint.model->text()},
                  {"system", clips.system},
                  {"test_episodes", clips.test.size()},
                  {"dt", clips.dt},
                  {"history", video_model(checkpoint).options().history},
                  {"horizon", evaluation.rows.front().mse.size()},
                  {"frames", evaluation.frames},
                  {"conserved", conserved},
                  {"rows", rows},
                  {"provenance",
                   {{"trained_by", checkpoint.command_line},
                    {"steps", checkpoint.state.step},
                    {"seed", checkpoint.seed},
                    {"model_sha256", checkpoint.content_sha256},
                    {"trained_on_sha256", checkpoint.data_sha256},
                    {"data_sha256", clips.content_sha256},
                    {"lpips_sha256", lpips_sha256},
                    {"build", Json::parse(dataset::build_json())}}}};
  // names of a file made elsewhere may not be UTF-8
  return json.dump(2, ' ', false, Json::error_handler_t::replace);
}

std::vector<Record> records_of(const VideoReport& report) {
  std::vector<Record> records;
  const auto add = [&](const FilmScores& row, const std::string& metric, double value) -> Record& {
    records.push_back({.table = "evaluate",
                       .row = row.row,
                       .seed = report.checkpoint.seed,
                       .metric = metric,
                       .value = value});
    return records.back();
  };
  for (const FilmScores& row : report.evaluation.rows) {
    for (const ScoreKind& kind : score_kinds()) {
      const auto [at, middle] = kind.of(row, report.evaluation.frames);
      if (at.empty()) continue;
      add(row, kind.metric, middle);
      for (std::size_t i = 0; i < at.size(); ++i) {
        const auto frame = static_cast<double>(report.evaluation.frames[i]);
        add(row, std::string("frame_") + kind.metric, at[i]).at = {{"frame", frame}};
      }
    }
    for (std::size_t i = 0; i < row.episode_mse.size(); ++i)
      add(row, "episode_mse", row.episode_mse[i]).sample = static_cast<std::int64_t>(i);
  }
  return records;
}

void check_report(const std::filesystem::path& folder, bool overwrite) {
  dataset::check_folder(folder, overwrite, report_files());
}

void write_report(const VideoReport& report, const std::filesystem::path& folder, bool overwrite) {
  const auto picture = draw_evaluation(report);
  dataset::write_folder(folder, overwrite, report_files(), [&](const std::filesystem::path& into) {
    base::write_text(into / "evaluation.json", to_json(report) + "\n");
    base::write_text(into / "records.csv",
                     to_csv(records_of(report), std::vector<std::string>{"frame"}));
    render::write_png(picture, into / "evaluation.png");
    // no screen shows more
    const double rate = std::min(1 / report.clips.dt, 100.0);
    render::write_webp(animate(report.evaluation.strips), rate, into / "film.webp");
  });
}

}  // namespace noether::bench
