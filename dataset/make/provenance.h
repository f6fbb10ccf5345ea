#pragma once

// How a file was made, as attributes and texts inside it. No clock time and no host name: equal
// inputs give equal bytes.

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "dataset/store/layout.h"

namespace noether::dataset {

struct Origin {
  std::string schema;
  std::string dataset_name;  // "noether/pendulum"
  std::string system;
  std::string command_line;
  std::uint64_t seed = 0;
  std::string license = "CC-BY-4.0";
};

// The root attributes that every file has, and the one array each of /provenance/config and
// /provenance/build.
std::vector<Attribute> origin_attributes(const Origin& origin);
std::vector<Array> provenance_arrays(const std::string& config_toml);

// This binary as JSON: compiler, flags, architecture, libraries with their versions.
std::string build_json();

// splits/train, valid and test: whole samples in order, the first `train_share`, the next
// `valid_share`, the rest.
std::vector<Array> split_arrays(std::int64_t samples, double train_share, double valid_share);

// dimensions/time with its unit.
Array time_array(std::span<const double> times, const std::string& unit,
                 const std::string& description);

}  // namespace noether::dataset
