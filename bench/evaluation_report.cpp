#include "bench/evaluation_report.h"

#include <fmt/format.h>

#include <cmath>
#include <iterator>
#include <nlohmann/json.hpp>
#include <span>

#include "bench/text_file.h"
#include "dataset/export_folder.h"
#include "dataset/provenance.h"
#include "render/plot.h"

namespace noether::bench {
namespace {

using Json = nlohmann::ordered_json;
using render::palette::ink;

constexpr int width_px = 1200;
constexpr int height_px = 480;

// " s", or nothing where time has no unit
std::string unit_of(const Task& task) {
  return task.time_unit.empty() || task.time_unit == "1" ? "" : " " + task.time_unit;
}

// Both curves are zero, or as good as zero, at time 0, for which a logarithmic axis has no place.
void draw_curve(render::Canvas& canvas, const render::Rectangle& area, const Report& report,
                const std::vector<double>& curve, const std::string& name,
                const std::string& label) {
  const auto time = std::span(report.evaluation.time).subspan(1);
  const auto values = std::span(curve).subspan(1);
  render::Plot plot(canvas, area,
                    {render::axis_label("time", report.task.time_unit), render::range_of(time, 0)},
                    {label, render::decades_of(values), true});
  plot.line(time, values, render::palette::series(0), 2);
  plot.heading(name);
}

}  // namespace

std::string row_name(const Model& model) { return model.name == "mlp" ? "vanilla" : model.name; }

std::string to_text(const Report& report) {
  const auto& [checkpoint, task, evaluation] = report;
  std::string text = fmt::format("{} on the {} test trajectories of {}, step {:.4g}{}\n\n",
                                 to_string(checkpoint.model), task.starts.shape()[0], task.system,
                                 task.dt, unit_of(task));
  fmt::format_to(std::back_inserter(text), "one-step MSE  {:.4e}\n\n{:<14}{:<12}{}",
                 evaluation.step_mse, render::axis_label("horizon", task.time_unit), "RMSE",
                 "energy drift");
  for (std::size_t i = 0; i < evaluation.horizons.size(); ++i) {
    const std::string drift = evaluation.energy_drift.empty()
                                  ? "unknown"
                                  : fmt::format("{:.4e}", evaluation.energy_drift[i]);
    fmt::format_to(std::back_inserter(text), "\n{:<14g}{:<12.4e}{}", evaluation.horizons[i],
                   evaluation.rmse[i], drift);
  }
  return text;
}

std::string to_json(const Report& report) {
  const auto& [checkpoint, task, evaluation] = report;
  Json horizons = Json::array();
  for (std::size_t i = 0; i < evaluation.horizons.size(); ++i) {
    Json entry{{"horizon", evaluation.horizons[i]}, {"rmse", evaluation.rmse[i]}};
    if (!evaluation.energy_drift.empty()) entry["energy_drift"] = evaluation.energy_drift[i];
    horizons.push_back(entry);
  }
  const Json json{{"model", to_string(checkpoint.model)},
                  {"row", row_name(checkpoint.model)},
                  {"system", task.system},
                  {"coordinates", task.coordinates},
                  {"test_trajectories", task.starts.shape()[0]},
                  {"dt", task.dt},
                  {"step_mse", evaluation.step_mse},
                  {"horizons", horizons},
                  {"curves",
                   {{"time", evaluation.time},
                    {"rmse", evaluation.rmse_curve},
                    {"energy_drift", evaluation.drift_curve}}},
                  {"provenance",
                   {{"trained_by", checkpoint.command_line},
                    {"steps", checkpoint.state.step},
                    {"seed", checkpoint.seed},
                    {"model_sha256", checkpoint.content_sha256},
                    {"trained_on_sha256", checkpoint.data_sha256},
                    {"data_sha256", task.content_sha256},
                    {"build", Json::parse(dataset::build_json())}}}};
  // names of a file made elsewhere may not be UTF-8
  return json.dump(2, ' ', false, Json::error_handler_t::replace);
}

std::vector<Record> records_of(const Report& report) {
  const auto& [checkpoint, task, evaluation] = report;
  std::vector<Record> records;
  const auto add = [&](double horizon, const char* metric, double value) {
    records.push_back({.table = "evaluate",
                       .row = row_name(report.checkpoint.model),
                       .noise = report.checkpoint.noise_std,
                       .horizon = horizon,
                       .seed = report.checkpoint.seed,
                       .metric = metric,
                       .value = value});
  };
  add(0, "step_mse", evaluation.step_mse);
  for (std::size_t i = 0; i < evaluation.horizons.size(); ++i) {
    add(evaluation.horizons[i], "rmse", evaluation.rmse[i]);
    if (!evaluation.energy_drift.empty())
      add(evaluation.horizons[i], "energy_drift", evaluation.energy_drift[i]);
  }
  return records;
}

render::Image draw_evaluation(const Report& report) {
  const auto& [checkpoint, task, evaluation] = report;
  render::Canvas canvas(width_px, height_px, render::palette::paper);
  canvas.text({24, 38}, fmt::format("{}: {}", task.system, to_string(checkpoint.model)),
              {.size_px = 21, .color = ink, .bold = true});
  canvas.text({24, 62},
              fmt::format("{} test trajectories, Runge-Kutta at {:.4g}{}", task.starts.shape()[0],
                          task.dt, unit_of(task)),
              {.size_px = 14, .color = render::palette::faint_ink});
  const bool two = !evaluation.drift_curve.empty();
  const double width = two ? 490 : 1090;
  draw_curve(canvas, {90, 110, width, 310}, report, evaluation.rmse_curve, "Error", "RMSE");
  if (two) {
    draw_curve(canvas, {690, 110, width, 310}, report, evaluation.drift_curve, "Energy drift",
               "mean |\u0394E| / max |E|");
  }
  return canvas.to_image();
}

void write_report(const Report& report, const std::filesystem::path& folder, bool overwrite) {
  const auto picture = draw_evaluation(report);
  dataset::write_folder(folder, overwrite, {"evaluation.json", "evaluation.png", "records.csv"},
                        [&](const std::filesystem::path& into) {
                          write_text(into / "evaluation.json", to_json(report) + "\n");
                          write_text(into / "records.csv", to_csv(records_of(report)));
                          render::write_png(picture, into / "evaluation.png");
                        });
}

}  // namespace noether::bench
