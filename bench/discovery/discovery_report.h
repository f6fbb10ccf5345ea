#pragma once

// What was discovered, as text, JSON and a picture.

#include <filesystem>
#include <string>

#include "bench/discovery/discovery.h"
#include "render/image.h"

namespace noether::bench {

struct ReportedSearch {
  const Discovery& discovery;
  std::string command_line;  // canonical, for the provenance
  double seconds = 0;        // told to people, and left out of files: equal input, equal bytes
  int top = 10;              // formulas told to people; files hold all
};

std::string to_text(const ReportedSearch& search);
std::string to_json(const ReportedSearch& search);

// Left the level lines of the first law over the plane of the states, with the data, right its
// value along each trajectory; where there are more than two coordinates, the values of up to two
// laws.
render::Image draw_discovery(const Discovery& discovery);

// Throws what write_discovery would before it writes.
void check_discovery_folder(const std::filesystem::path& folder, bool overwrite);

// Makes `folder` with discovery.json and discovery.png, whole or not at all. Throws DataError where
// it exists and may not be replaced.
void write_discovery(const ReportedSearch& search, const std::filesystem::path& folder,
                     bool overwrite);

}  // namespace noether::bench
