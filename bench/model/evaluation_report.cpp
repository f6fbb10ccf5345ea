#include "bench/model/evaluation_report.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>

#include "base/text_file.h"
#include "dataset/exchange/export_folder.h"
#include "dataset/make/provenance.h"

namespace noether::bench {
namespace {

using Json = nlohmann::ordered_json;

// " s", or nothing where time has no unit
std::string unit_of(const Task& task) {
  return task.time_unit.empty() || task.time_unit == "1" ? "" : " " + task.time_unit;
}

// The width of a row's column in characters.
std::size_t width_of(const EvaluatedRow& row) {
  return std::max<std::size_t>(14, row.name.size() + 2);
}

// One number of each row, and of the last row over that of the first; "-" for what is no number.
std::string line_of(const std::string& name, const std::vector<EvaluatedRow>& rows,
                    const std::vector<double>& values) {
  const auto shown = [](double value, const char* form) {
    return std::isnan(value) ? "-" : fmt::format(fmt::runtime(form), value);
  };
  std::string line = fmt::format("\n{:<22}", name);
  for (std::size_t i = 0; i < rows.size(); ++i)
    line += fmt::format("{:>{}}", shown(values[i], "{:.4e}"), width_of(rows[i]));
  if (values.size() > 1)
    line += fmt::format("{:>10}", shown(values.back() / values.front(), "{:.3g}"));
  return line;
}

// Why the drift of a row at a horizon is no number.
std::string reason_for_no_drift(const Evaluation& evaluation, const Task& task, double horizon) {
  const std::size_t last = last_within(task, 0, horizon);
  if (!task.truth.at(last).defined()) return "nothing was measured at that time";
  const auto is_finite = [](double value) { return std::isfinite(value); };
  if (!std::ranges::all_of(evaluation.predicted.at(last).to_vector(), is_finite))
    return "some predicted states are not finite";
  if (evaluation.drift_scale == 0) {
    return fmt::format("{} is 0 at all test starts, and the drift is relative to the largest there",
                       evaluation.drift_of);
  }
  return fmt::format("some predicted states have no {}, the quantity followed as energy drift",
                     evaluation.drift_of);
}

// A line for each reason why there is no drift of some row at some horizon.
std::string reasons_for_no_drift(const Report& report) {
  std::vector<std::string> lines;
  for (const auto& [name, evaluation] : report.rows) {
    for (std::size_t i = 0; i < evaluation.energy_drift.size(); ++i) {
      if (!std::isnan(evaluation.energy_drift[i])) continue;
      const std::string line =
          "\n-: " + reason_for_no_drift(evaluation, report.task, evaluation.horizons[i]);
      if (std::ranges::find(lines, line) == lines.end()) lines.push_back(line);
    }
  }
  return fmt::format("{}", fmt::join(lines, ""));
}

Json json_of(const EvaluatedRow& row) {
  const Evaluation& evaluation = row.evaluation;
  Json horizons = Json::array();
  for (std::size_t i = 0; i < evaluation.horizons.size(); ++i) {
    Json entry{{"horizon", evaluation.horizons[i]}, {"rmse", evaluation.rmse[i]}};
    if (!evaluation.energy_drift.empty()) entry["energy_drift"] = evaluation.energy_drift[i];
    horizons.push_back(entry);
  }
  return {{"row", row.name},
          {"step_mse", evaluation.step_mse ? Json(*evaluation.step_mse) : Json()},
          {"horizons", horizons},
          {"curves",
           {{"time", evaluation.time},
            {"rmse", evaluation.rmse_curve},
            {"energy_drift", evaluation.drift_curve}}}};
}

Json json_of(const Tailoring& tailoring) {
  Json json{{"conserve", tailoring.conserve},
            {"formula", tailoring.formula},
            {"inner_step", to_string(tailoring.rule)},
            {"inner_steps", tailoring.steps},
            {"layers", tailoring.all_layers ? "all" : "last"}};
  if (has_rate(tailoring.rule)) json["inner_rate"] = tailoring.rate;
  return json;
}

Json provenance_of(const Report& report) {
  Json json = Json::object();
  if (const Checkpoint* checkpoint = report.checkpoint) {
    json = {{"trained_by", checkpoint->command_line},
            {"steps", checkpoint->state.step},
            {"seed", checkpoint->seed},
            {"model_sha256", checkpoint->content_sha256},
            {"trained_on_sha256", checkpoint->data_sha256}};
  } else {
    json["predictions_sha256"] = report.predictions_sha256;
  }
  json["data_sha256"] = report.task.content_sha256;
  json["build"] = Json::parse(dataset::build_json());
  return json;
}

}  // namespace

std::string model_text(const Report& report) {
  return report.checkpoint != nullptr ? report.checkpoint->model->text() : "predictions";
}

std::string describe_tailoring(const Report& report) {
  if (!report.tailoring) return "";
  const Tailoring& tailoring = *report.tailoring;
  return fmt::format("{} conserves {} ({})", to_string(report.setting),
                     tailoring.by_network() ? "a learned network" : tailoring.formula,
                     describe_step(tailoring));
}

std::string to_text(const Report& report) {
  const Task& task = report.task;
  const auto& rows = report.rows;
  const std::string step = task.dt > 0 ? fmt::format("step {:.4g}", task.dt)
                                       : fmt::format("steps of about {:.4g}", task.usual_step);
  std::string text = fmt::format("{} on the {} test trajectories of {}, {}{}\n", model_text(report),
                                 task.starts.shape()[0], task.system, step, unit_of(task));
  if (report.tailoring) text += describe_tailoring(report) + "\n";
  text += fmt::format("\n{:22}", "");
  for (const EvaluatedRow& row : rows) text += fmt::format("{:>{}}", row.name, width_of(row));
  if (rows.size() > 1) text += "     ratio";

  const auto add = [&](const std::string& name, const auto& value) {
    std::vector<double> values;
    for (const EvaluatedRow& row : report.rows) values.push_back(value(row.evaluation));
    text += line_of(name, report.rows, values);
  };
  if (rows.front().evaluation.step_mse)
    add("one-step MSE", [](const Evaluation& e) { return e.step_mse.value(); });
  for (std::size_t i = 0; i < task.horizons.size(); ++i) {
    add(fmt::format("RMSE to {:g}{}", task.horizons[i], unit_of(task)),
        [i](const Evaluation& e) { return e.rmse.at(i); });
  }
  if (rows.front().evaluation.energy_drift.empty()) return text + "\nenergy drift: unknown";
  for (std::size_t i = 0; i < task.horizons.size(); ++i) {
    add(fmt::format("energy drift at {:g}{}", task.horizons[i], unit_of(task)),
        [i](const Evaluation& e) { return e.energy_drift.at(i); });
  }
  text += reasons_for_no_drift(report);
  const std::string& of = rows.front().evaluation.drift_of;
  return of == "energy" ? text : text + fmt::format("\nenergy drift is that of {}", of);
}

std::string to_json(const Report& report) {
  const Task& task = report.task;
  Json rows = Json::array();
  for (const EvaluatedRow& row : report.rows) rows.push_back(json_of(row));
  const Json json{{"model", model_text(report)},
                  {"system", task.system},
                  {"coordinates", task.coordinates},
                  {"test_trajectories", task.starts.shape()[0]},
                  {"dt", task.dt},
                  {"energy_drift_of", report.rows.front().evaluation.drift_of},
                  {"setting", to_string(report.setting)},
                  {"tailoring", report.tailoring ? json_of(*report.tailoring) : Json()},
                  {"rows", rows},
                  {"provenance", provenance_of(report)}};
  // names of a file made elsewhere may not be UTF-8
  return json.dump(2, ' ', false, Json::error_handler_t::replace);
}

std::vector<Record> records_of(const Report& report) {
  std::vector<Record> records;
  for (const auto& [name, evaluation] : report.rows) {
    const auto add = [&, &row = name](std::optional<double> horizon, const char* metric,
                                      double value) {
      const Checkpoint* checkpoint = report.checkpoint;
      Coordinates at{
          {"noise", checkpoint != nullptr ? checkpoint->noise_std : report.task.noise_std}};
      if (horizon) at["horizon"] = *horizon;
      records.push_back({.table = "evaluate",
                         .row = row,
                         .at = at,
                         .seed = checkpoint != nullptr ? checkpoint->seed : 0,
                         .metric = metric,
                         .value = value});
    };
    if (evaluation.step_mse) add({}, "step_mse", *evaluation.step_mse);
    for (std::size_t i = 0; i < evaluation.horizons.size(); ++i) {
      add(evaluation.horizons[i], "rmse", evaluation.rmse[i]);
      if (!evaluation.energy_drift.empty())
        add(evaluation.horizons[i], "energy_drift", evaluation.energy_drift[i]);
    }
  }
  return records;
}

void write_report(const Report& report, const std::filesystem::path& folder, bool overwrite) {
  const auto picture = draw_evaluation(report);
  dataset::write_folder(folder, overwrite, {"evaluation.json", "evaluation.png", "records.csv"},
                        [&](const std::filesystem::path& into) {
                          base::write_text(into / "evaluation.json", to_json(report) + "\n");
                          const std::vector<std::string> axes{"noise", "horizon"};
                          base::write_text(into / "records.csv", to_csv(records_of(report), axes));
                          render::write_png(picture, into / "evaluation.png");
                        });
}

}  // namespace noether::bench
