#include "bench/tables/tables.h"

#include <algorithm>

#include "base/error.h"
#include "base/sha256.h"
#include "base/text.h"
#include "base/text_file.h"
#include "bench/tables/recorded_table.h"
#include "bench/tables/state_table.h"

namespace noether::bench {

bool wants(const TableOptions& options, const std::string& row) {
  return options.rows.empty() || std::ranges::find(options.rows, row) != options.rows.end();
}

std::string data_sha256(const TableOptions& options) {
  return options.data.empty() ? "" : base::sha256_hex(base::read_text(options.data));
}

const std::vector<Experiment>& all_tables() {
  static const std::vector<Experiment> tables{state_table("spring"), state_table("pendulum"),
                                              steps_table(), damped_table(), real_table()};
  return tables;
}

const Experiment& find_table(std::string_view name) {
  const auto& tables = all_tables();
  const auto found = std::ranges::find(
      tables, name, [](const Experiment& e) -> std::string_view { return e.spec.name; });
  if (found == tables.end())
    throw base::UsageError(base::unknown_name("table", name, table_names()));
  return *found;
}

std::vector<std::string> table_names() {
  std::vector<std::string> names;
  for (const Experiment& experiment : all_tables()) names.push_back(experiment.spec.name);
  return names;
}

}  // namespace noether::bench
