#include "bench/discovery/model_rates.h"

#include <algorithm>
#include <cmath>

#include "bench/model/tailored_rows.h"
#include "learn/autodiff/ops.h"
#include "learn/train/segments.h"

namespace noether::bench {
namespace {

using learn::Tensor;

// The root mean square of each column.
std::vector<double> sizes_of(const Tensor& values) {
  return sqrt(mean(square(values), 0)).to_vector();
}

// What single steps of the field are off by, over the time that they take: [m, d].
Tensor rate_errors(const learn::Field& field, const learn::Params& params,
                   const learn::ObservedMotion& motion) {
  const auto starts =
      std::make_shared<const std::vector<std::int64_t>>(learn::segment_starts(motion, 2));
  std::vector<double> times;
  for (const auto& of_one : motion.times) times.insert(times.end(), of_one.begin(), of_one.end());
  auto ends = std::make_shared<std::vector<std::int64_t>>();
  std::vector<std::vector<double>> at(2);
  std::vector<double> spans;
  for (const std::int64_t start : *starts) {
    const auto row = static_cast<std::size_t>(start);
    ends->push_back(start + 1);
    at[0].push_back(times[row]);
    at[1].push_back(times[row + 1]);
    spans.push_back(times[row + 1] - times[row]);
  }
  const auto predicted =
      learn::rollout_at(field, params, gather(motion.x, starts), at, learn::usual_step(motion));
  return (predicted[1] - gather(motion.x, ends)) /
         Tensor::from<double>(spans, {std::ssize(spans), 1});
}

}  // namespace

Task with_rates_of(const Checkpoint& model, const std::filesystem::path& path, Task task) {
  check_fits(model, path, task.coordinates, task.source);
  check_train_split(task);
  const learn::Field field = trained_field(model);
  const learn::Params params = cast(model.state.params, learn::DType::f64);
  task.dx_dt = field(params, task.x);
  task.derivatives = model.model->text();
  const auto off = sizes_of(rate_errors(field, params, motion_of(task))),
             sizes = sizes_of(task.dx_dt);
  task.derivative_error = 0;
  for (std::size_t j = 0; j < off.size(); ++j)
    task.derivative_error = std::max(task.derivative_error, off[j] / sizes[j]);
  return task;
}

}  // namespace noether::bench
