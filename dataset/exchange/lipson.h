#pragma once

// Measured trajectories in the column format of M. Schmidt and H. Lipson, "Distilling free-form
// natural laws from experimental data", Science 324:81 (2009):
//
//   %o v                    names of the D variables after %; lines end in LF or CRLF
//   0  5.000  1.13  0.91    trial, t, then the D values
//   0  5.166  1.27  0.71    t grows, with gaps where points are missing

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace noether::dataset {

struct LipsonRecord {
  std::vector<std::string> names;  // D
  std::int64_t trials = 0;         // N
  std::vector<double> times;       // (T), shared by all trials
  std::vector<double> values;      // (N, T, D)
};

// Reads the column format; `source` names the text in errors. Throws DataError with the line of the
// mistake: no header, a field that is no finite number, a wrong number of columns, t that does not
// grow, a trial that comes back, fewer than two points, trials at different times.
LipsonRecord parse_lipson(std::string_view text, const std::string& source);

}  // namespace noether::dataset
