#pragma once

// How well a flow knows the density of points: as text, JSON, a table of the points and a picture.

#include <filesystem>
#include <optional>
#include <string>

#include "bench/data/points.h"
#include "bench/model/checkpoint.h"
#include "render/image.h"

namespace noether::bench {

// Of the test points, or of the train points where there are no others.
struct FlowEvaluation {
  std::string split = {};          // "test"
  learn::Tensor points = {};       // x [n, d]
  learn::Tensor log_density = {};  // log p [n, 1]
  double nats = 0;                 // the mean -log p
  double standard_error = 0;       // of that mean
  // of the first 10,000 train points; nothing where the model has learned from another file
  std::optional<double> train_nats = {};
  double normal_nats = 0;  // of the normal density with mean and covariance of the train points
  // What the nats of the first 1,000 points change by when the equation is solved a hundred times
  // as exactly. A flow that exploits its solver is found out here.
  double solver_error = 0;
};

// Throws DataError where the points have other coordinates, or a log p is not finite.
FlowEvaluation evaluate_flow(const Checkpoint& checkpoint, const std::filesystem::path& path,
                             const Points& points);

struct FlowReport {
  const Checkpoint& checkpoint;
  const Points& points;
  FlowEvaluation evaluation;
};

std::string to_text(const FlowReport& report);  // a small table for people
std::string to_json(const FlowReport& report);  // with provenance

// A table of text: the coordinates of each point, log_density.
std::string density_table(const FlowReport& report);

// Points beside points of the flow, of the first six coordinates pair by pair; in the plane, the
// density too.
render::Image draw_flow(const FlowReport& report);

// Throws what write_report would before it writes.
void check_flow_folder(const std::filesystem::path& folder, bool overwrite);

// Makes `folder` with evaluation.json, density.csv and evaluation.png, whole or not at all. Throws
// DataError where it exists and may not be replaced.
void write_report(const FlowReport& report, const std::filesystem::path& folder, bool overwrite);

}  // namespace noether::bench
