#pragma once

// Trajectories in a table of text, a point a line: a header of names, then numbers. Columns are
// separated by commas, semicolons, tabs or blanks; a byte order mark, `# ` before the header (as
// NumPy's savetxt writes it), quotes around names, and a decimal comma where columns are not
// separated by commas are understood.

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "dataset/recording/trials.h"

namespace noether::dataset {

// Which column is what. An empty list or name: as the names say.
struct CsvColumns {
  // that of the time; else `t` or `time`
  std::string time = {};
  // that of the trial; else `trial`, `trajectory`, `run` or `episode`; lines without one are one
  // trial
  std::string trial = {};
  std::vector<std::string> only = {};     // coordinates, in this order
  std::vector<std::string> without = {};  // columns to leave out
};

struct CsvTrials {
  Trials trials;
  std::size_t missing = 0;  // lines with a missing value, which are left out
};

// A column dX_dt is the derivative of X, which every coordinate or none has; X_obs is what was
// observed of X, whose place it takes. A column that is constant along every trial is a parameter,
// not a coordinate. Throws DataError with the line of a mistake, UsageError for a column that is
// not there.
CsvTrials parse_csv_trials(std::string_view text, const std::string& source,
                           const CsvColumns& columns = {});

}  // namespace noether::dataset
