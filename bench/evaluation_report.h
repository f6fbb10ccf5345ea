#pragma once

// An evaluation as text, JSON, records and a picture.

#include <filesystem>
#include <string>
#include <vector>

#include "bench/checkpoint.h"
#include "bench/evaluation.h"
#include "bench/record.h"
#include "render/image.h"

namespace noether::bench {

// What was evaluated, on what, and what came out.
struct Report {
  const Checkpoint& checkpoint;
  const Task& task;
  const Evaluation& evaluation;
};

// The name in records: "vanilla" for an mlp, else the model's own.
std::string row_name(const Model& model);

std::string to_text(const Report& report);             // a small table for people
std::string to_json(const Report& report);             // with curves and provenance
std::vector<Record> records_of(const Report& report);  // table "evaluate"
render::Image draw_evaluation(const Report& report);   // error and energy drift against time

// Makes `folder` with evaluation.json, records.csv and evaluation.png, whole or not at all. Throws
// DataError where it exists and may not be replaced.
void write_report(const Report& report, const std::filesystem::path& folder, bool overwrite);

}  // namespace noether::bench
