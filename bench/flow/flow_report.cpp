#include "bench/flow/flow_report.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>
#include <set>

#include "base/error.h"
#include "base/text_file.h"
#include "bench/flow/flow_file.h"
#include "bench/flow/flow_points.h"
#include "dataset/exchange/export_folder.h"
#include "dataset/make/provenance.h"
#include "learn/autodiff/ops.h"
#include "learn/nn/normal_density.h"

namespace noether::bench {
namespace {

using learn::Tensor;

learn::OdeSolver solver_to(double tolerance) {
  return {.relative_tolerance = tolerance, .absolute_tolerance = tolerance};
}

double mean_of(const Tensor& values) { return learn::mean(values).item(); }

const std::set<std::string>& report_files() {
  static const std::set<std::string> files{"evaluation.json", "density.csv", "evaluation.png"};
  return files;
}

Tensor at_most(const Tensor& x, std::int64_t n) {
  return slice(x, 0, 0, std::min(n, x.shape()[0]));
}

}  // namespace

void check_flow_folder(const std::filesystem::path& folder, bool overwrite) {
  dataset::check_folder(folder, overwrite, report_files());
}

FlowEvaluation evaluate_flow(const Checkpoint& checkpoint, const std::filesystem::path& path,
                             const Points& points) {
  constexpr std::int64_t some = 10000, few = 1000;
  check_coordinates(points, checkpoint.coordinates, path.string());
  const learn::Flow& flow = flow_of(checkpoint);
  const learn::Params& params = checkpoint.state.params;
  FlowEvaluation evaluation{.split = points.test.defined() ? "test" : "train",
                            .points = points.test.defined() ? points.test : points.train};
  const Tensor& x = evaluation.points;
  const Tensor log_p = log_density(flow, params, x);
  evaluation.log_density = log_p;
  evaluation.nats = -mean_of(log_p);
  if (!std::isfinite(evaluation.nats)) {
    throw base::DataError(fmt::format("'{}': log p of '{}' is not finite at some point",
                                      path.string(), points.source));
  }
  evaluation.standard_error =
      std::sqrt(mean_of(square(log_p + evaluation.nats)) /
                static_cast<double>(std::max<std::int64_t>(x.shape()[0] - 1, 1)));
  if (points.sha256 == checkpoint.data_sha256)
    evaluation.train_nats = -mean_of(log_density(flow, params, at_most(points.train, some)));
  evaluation.normal_nats = learn::nats_of_normal(points.train, x);
  const double exact = -mean_of(log_density(flow, params, at_most(x, few), solver_to(1e-7)));
  evaluation.solver_error = std::abs(exact + mean_of(at_most(log_p, few)));
  return evaluation;
}

std::string to_text(const FlowReport& report) {
  const FlowEvaluation& e = report.evaluation;
  std::string text = fmt::format("{} on {} {} points of {}\n", report.checkpoint.model->text(),
                                 e.points.shape()[0], e.split, report.points.source);
  text += fmt::format("\n{:<34}{:>10}", "", "nats");
  text += fmt::format("\n{:<34}{:>10.4f} +- {:.4f}", "mean -log p, " + e.split, e.nats,
                      e.standard_error);
  if (e.train_nats) text += fmt::format("\n{:<34}{:>10.4f}", "mean -log p, train", *e.train_nats);
  text +=
      fmt::format("\n{:<34}{:>10.4f}",
                  report.points.is_table && !e.train_nats ? "normal density of these points"
                                                          : "normal density of the train points",
                  e.normal_nats);
  text += fmt::format("\n{:<34}{:>10.1e}", "error of the solver", e.solver_error);
  return text;
}

std::string to_json(const FlowReport& report) {
  using Json = nlohmann::ordered_json;
  const auto& [checkpoint, points, e] = report;
  const Json json{{"model", checkpoint.model->text()},
                  {"system", points.system},
                  {"coordinates", points.coordinates},
                  {"split", e.split},
                  {"points", e.points.shape()[0]},
                  {"nats", e.nats},
                  {"standard_error", e.standard_error},
                  {"train_nats", e.train_nats ? Json(*e.train_nats) : Json()},
                  {"normal_nats", e.normal_nats},
                  {"solver_error", e.solver_error},
                  {"provenance",
                   {{"trained_by", checkpoint.command_line},
                    {"steps", checkpoint.state.step},
                    {"seed", checkpoint.seed},
                    {"model_sha256", checkpoint.content_sha256},
                    {"trained_on_sha256", checkpoint.data_sha256},
                    {"data_sha256", points.sha256},
                    {"build", Json::parse(dataset::build_json())}}}};
  // names of a file made elsewhere may not be UTF-8
  return json.dump(2, ' ', false, Json::error_handler_t::replace);
}

std::string density_table(const FlowReport& report) {
  const auto& [checkpoint, points, e] = report;
  const auto x = e.points.to_vector(), log_p = e.log_density.to_vector();
  const std::size_t d = points.coordinates.size();
  std::string text = fmt::format("{},log_density\n", fmt::join(points.coordinates, ","));
  for (std::size_t i = 0; i < log_p.size(); ++i) {
    for (std::size_t k = 0; k < d; ++k) text += fmt::format("{},", x[i * d + k]);
    text += fmt::format("{}\n", log_p[i]);
  }
  return text;
}

void write_report(const FlowReport& report, const std::filesystem::path& folder, bool overwrite) {
  const auto picture = draw_flow(report);
  dataset::write_folder(folder, overwrite, report_files(), [&](const std::filesystem::path& into) {
    base::write_text(into / "evaluation.json", to_json(report) + "\n");
    base::write_text(into / "density.csv", density_table(report));
    render::write_png(picture, into / "evaluation.png");
  });
}

}  // namespace noether::bench
