#include <fmt/format.h>

#include <utility>

#include "base/error.h"
#include "bench/flow/flow_file.h"
#include "bench/flow/flow_report.h"
#include "cli/commands/evaluate.h"
#include "cli/warning.h"
#include "dataset/make/setting.h"

namespace noether::cli {

void evaluate_flow(const EvaluateArguments& arguments, const dataset::Overrides& overrides,
                   const bench::Checkpoint& checkpoint) {
  const bool is_asked_more = !overrides.empty() || !arguments.setting.empty() ||
                             !arguments.lpips.empty() || !arguments.work_from.empty();
  if (is_asked_more) {
    throw base::UsageError(fmt::format(
        "{} is a model of a density: it is evaluated without settings", checkpoint.model->text()));
  }
  if (!arguments.folder.empty()) bench::check_flow_folder(arguments.folder, arguments.overwrite);
  auto points = bench::load_points(arguments.data, is_noise_free(checkpoint));
  if (points.is_table && points.sha256 != checkpoint.data_sha256)
    points = with_all_as_test(std::move(points));
  check_coordinates(points, checkpoint.coordinates, arguments.model);
  warn_if_any(other_system(checkpoint, arguments.model, points.system, arguments.data));
  const bench::FlowReport report{checkpoint, points,
                                 evaluate_flow(checkpoint, arguments.model, points)};
  if (!arguments.folder.empty()) write_report(report, arguments.folder, arguments.overwrite);
  fmt::print("{}\n", arguments.json ? to_json(report) : to_text(report));
}

}  // namespace noether::cli
