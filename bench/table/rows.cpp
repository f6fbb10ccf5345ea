#include "bench/table/rows.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace noether::bench {

std::vector<bool> rows_to_make(std::span<const RowSpec> rows, const TableSettings& settings) {
  std::vector<bool> is_needed;
  for (const RowSpec& row : rows) is_needed.push_back(settings.wants(row.name));
  // from the last on: what a row needs stands before it
  for (std::size_t i = rows.size(); i-- > 0;) {
    for (const std::string& name : rows[i].needs) {
      const auto before = rows.first(i);
      const auto found = std::ranges::find(before, name, &RowSpec::name);
      if (found == before.end()) {
        throw base::Error(base::ExitCode::bug,
                          fmt::format("row '{}' needs '{}', which is not among "
                                      "the rows before it",
                                      rows[i].name, name));
      }
      if (is_needed[i]) is_needed[static_cast<std::size_t>(found - before.begin())] = true;
    }
  }
  return is_needed;
}

void append_row(RunResult& all, RunResult of_row, const std::string& row) {
  for (Record& record : of_row.records) record.row = row;
  for (Record& record : of_row.curves) record.row = row;
  append(all, std::move(of_row));
}

}  // namespace noether::bench
