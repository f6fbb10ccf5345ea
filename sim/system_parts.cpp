#include "sim/system_parts.h"

#include <utility>

namespace noether::sim {

std::vector<Coordinate> plain_coordinates(const std::vector<std::string>& names) {
  std::vector<Coordinate> coordinates;
  for (const std::string& name : names) coordinates.push_back({name, "1", "1/s"});
  return coordinates;
}

std::vector<std::string> numbered(const std::string& name, std::size_t n) {
  std::vector<std::string> names;
  for (std::size_t i = 1; i <= n; ++i) names.push_back(name + std::to_string(i));
  return names;
}

Invariant conserved(std::string name, std::string formula, double tolerance,
                    decltype(Invariant::value) value) {
  return {.name = std::move(name),
          .unit = "1",
          .formula = std::move(formula),
          .tolerance = tolerance,
          .value = value};
}

}  // namespace noether::sim
