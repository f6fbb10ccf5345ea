#pragma once

#include <string>
#include <vector>

namespace noether::dataset {

// Throws DataError unless every name can stand in a formula: letters, digits and _, a letter first,
// no function and no constant of the search (c0, c1, ...), and none comes twice.
void check_coordinate_names(const std::vector<std::string>& names);

}  // namespace noether::dataset
