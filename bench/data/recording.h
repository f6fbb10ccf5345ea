#pragma once

// One trajectory as it was measured, with gaps where points are missing, and its differences.

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "dataset/store/dataset_file.h"
#include "learn/tensor/tensor.h"

namespace noether::bench {

struct Recording {
  std::string source = {};                    // the file, for error messages
  std::vector<std::string> coordinates = {};  // D
  double dt = 0;                              // the time step
  std::vector<std::int64_t> ticks = {};       // (T), the times in steps; points are missing where
                                              // two differ by more than one
  std::vector<double> times = {};             // (T), as they were recorded
  std::vector<double> states = {};            // (T, D)

  std::int64_t points() const { return static_cast<std::int64_t>(times.size()); }
  std::int64_t dimension() const { return static_cast<std::int64_t>(coordinates.size()); }
};

// The recording of these states at these times, which grow. The usual step is the median of the
// differences in time, dt the mean of all steps. Throws DataError where there are fewer than two
// points, or where a difference is further than a tenth of the usual step from a multiple of it.
Recording make_recording(const std::string& source, const std::vector<std::string>& coordinates,
                         const std::vector<double>& times, const std::vector<double>& states);

// The one trial of a text file in the columns of Schmidt and Lipson (dataset/exchange/lipson.h), or
// of the file that `noether import lipson` makes of it. Throws DataError where it is neither, or
// holds more trials than one.
Recording read_recording(const std::filesystem::path& path);
Recording read_recording(const dataset::DatasetFile& file);

// The points [first, last) of a recording.
Recording part(const Recording& recording, std::int64_t first, std::int64_t last);

enum class Differences {
  forward,  // (x[n+1] - x[n]) / (t[n+1] - t[n]), so that x + dt f(x) is the next point
  central   // (x[n+1] - x[n-1]) / (t[n+1] - t[n-1]), dx/dt up to order dt^2
};

// States and the differences there, both [n, D] float64, of all points whose neighbours were
// recorded: no difference is taken over a gap. Undefined where there are none.
struct Slopes {
  learn::Tensor x, dx_dt;
};
Slopes slopes(const Recording& recording, Differences differences);

}  // namespace noether::bench
