#pragma once

// How the numbers of a table were made.

#include <string>

#include "bench/table/run_table.h"

namespace noether::bench {

struct Machine {
  std::string cpu;  // "Intel(R) Xeon(R) Processor", "unknown" where nobody tells
  int cores = 1;
};
Machine this_machine();

// The command that gives the same records, without the names of its files.
std::string command_line(const TableSpec& spec, const TableOptions& options);

// command, settings, SHA-256 of the user's data ("" where the table takes none), float type, build
// (version, compiler, flags, arch, libraries) and machine as a JSON object.
std::string provenance_json(const TableSpec& spec, const TableOptions& options);

}  // namespace noether::bench
