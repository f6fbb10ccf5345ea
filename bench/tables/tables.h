#pragma once

// The tables that exist. tables.cpp lists them all; each is a file of this folder.

#include <string>
#include <string_view>
#include <vector>

#include "bench/table/experiment.h"

namespace noether::bench {

// Every table, in the order of `noether list tables`.
const std::vector<Experiment>& all_tables();

// The table of that name; throws UsageError.
const Experiment& find_table(std::string_view name);

std::vector<std::string> table_names();

}  // namespace noether::bench
