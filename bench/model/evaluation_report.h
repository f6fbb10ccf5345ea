#pragma once

// An evaluation as text, JSON, records and a picture.

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "bench/model/checkpoint.h"
#include "bench/model/evaluation.h"
#include "bench/table/record.h"
#include "render/image.h"

namespace noether::bench {

struct EvaluatedRow {
  std::string name;  // as in records: "vanilla", "tailored"
  Evaluation evaluation;
};

// What was evaluated, on what, and what came out. Rows are over the same times; the first is what
// the others are compared with.
struct Report {
  const Checkpoint* checkpoint;  // null: predictions of a model elsewhere
  const Task& task;
  std::vector<EvaluatedRow> rows;
  learn::Setting setting = learn::Setting::inductive;
  std::optional<Tailoring> tailoring = {};  // what the rows after the first conserve, and how
  std::string predictions_sha256 = {};      // of the file of predictions
};

std::string to_text(const Report& report);             // a small table for people
std::string to_json(const Report& report);             // with curves and provenance
std::vector<Record> records_of(const Report& report);  // table "evaluate"
render::Image draw_evaluation(const Report& report);   // error and energy drift against time

// Makes `folder` with evaluation.json, records.csv and evaluation.png, whole or not at all. Throws
// DataError where it exists and may not be replaced.
void write_report(const Report& report, const std::filesystem::path& folder, bool overwrite);

// The model in a line: "mlp 2-200-200-2, tanh", or "predictions"
std::string model_text(const Report& report);

// "tailoring conserves p^2 - 3 cos(q) (gauss-newton, K = 1, last layer)", or nothing
std::string describe_tailoring(const Report& report);

}  // namespace noether::bench
