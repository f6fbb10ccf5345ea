#pragma once

// The two schemas, as tables: the arrays that a file must hold, with types and extents.
//
// Version 1.1.0 adds to trajectories two arrays that a file may hold:
//     trajectories/length  (N) int64      points of a trajectory; what follows in every array is
//     NaN trajectories/time    (N, T) float64  times of a trajectory's own, in place of
//     dimensions/time
// A file with neither is of version 1.0.0.
//
// Version 1.1.0 of episodes is the film of a system that nothing drives: it has neither actions nor
// rewards, and it has what a file of trajectories has. An episode of version 1.0.0 has all of them.

#include <string>
#include <string_view>
#include <vector>

#include "dataset/store/h5.h"

namespace noether::dataset {

inline constexpr std::string_view schema_version = "1.0.0";
inline constexpr std::string_view own_times_version = "1.1.0";
inline constexpr std::string_view films_version = "1.1.0";
inline constexpr std::string_view trajectories_schema = "noether/trajectories";
inline constexpr std::string_view episodes_schema = "noether/episodes";

// Of episodes, driven or not.
inline constexpr const char* pixels_array = "episodes/observations/pixels";

// Arrays that a file of trajectories may hold.
inline constexpr const char* lengths_array = "trajectories/length";
inline constexpr const char* own_times_array = "trajectories/time";

// The root attribute `system` of files that were not generated.
inline constexpr std::string_view imported_system = "imported";

struct ArrayRule {
  std::string path;
  ElementType type;
  std::string axes;  // one letter or digit an axis; a letter is the same extent wherever it stands
};

struct AttributeRule {
  std::string name;
  std::string type;  // "text", "integer", "number", "names"
};

struct Schema {
  std::string_view name;
  std::string_view version;  // from which on files have this form
  std::string samples;       // the array with one number a sample
  std::vector<AttributeRule> attributes;
  std::vector<ArrayRule> arrays;
  std::vector<ArrayRule> families;  // every array whose path begins with `path`
  std::vector<ArrayRule> optional = {};
};

// The schema of that name which has this version, else the oldest; throws DataError naming the
// known ones.
const Schema& find_schema(std::string_view name, std::string_view version = schema_version);

// The schema of a file. A newer minor version has the form whose arrays it holds.
const Schema& schema_of(const H5File& file);

// What is wrong with the form of a file, one sentence each, without looking at a number: schema and
// version, missing arrays and attributes, types, ranks, extents that do not agree. Empty: nothing.
std::vector<std::string> form_violations(const H5File& file);

}  // namespace noether::dataset
