#pragma once

// The kinds of datasets. Whatever differs from kind to kind stands here, as data and a few
// functions: what can be made, from which settings, what is drawn and what is exported. A kind is
// one file pair and one line in all_kinds(); the form of its files is a table in store/schema.cpp.

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "dataset/make/config.h"
#include "dataset/make/recipe.h"
#include "dataset/store/dataset_file.h"
#include "dataset/store/schema.h"
#include "render/image.h"

namespace noether::dataset {

struct DatasetSpec {
  std::string name;    // "pendulum"
  std::string title;   // one line for people
  std::string schema;  // "noether/trajectories"
  std::string equations;
  std::string citation;
  std::vector<SettingSpec> settings;
};

// The starts that the input of a rollout gives. Without a rollout they are sampled from the seed.
struct GivenStarts {
  std::vector<double> initial_state = {};                     // (N, D)
  std::vector<double> time = {};                              // (T), of trajectories
  std::vector<float> actions = {};                            // (N, T, 1), of episodes
  std::map<std::string, std::vector<double>> constants = {};  // (N) each, of trajectories
  std::int64_t samples = 0;                                   // N
  std::int64_t steps = 0;                                     // T
};

// A file of comma-separated values: one row for each time of each sample.
struct CsvTable {
  struct Columns {
    std::string array;               // its first axes are sample and time
    std::vector<std::string> names;  // one for each number of a row
  };
  struct Once {  // what there is once a sample, for metadata.json
    std::string array;
    std::string group;  // of the JSON; "": none
    std::string key;
  };

  std::string file;  // "trajectories.csv"
  std::vector<Columns> columns;
  std::vector<Once> once;
  // the array with the number of steps of each sample; "": every sample has all times
  std::string lengths = {};
  std::string contents = {};  // "all arrays": what the table holds of the dataset
};

// How the datasets of a kind are made.
struct Making {
  // every dataset of the kind, in the order in which people should meet them
  std::vector<DatasetSpec> (*datasets)() = nullptr;
  // those that are found by their names, but not listed
  std::vector<DatasetSpec> (*more_datasets)() = nullptr;
  // `overrides` in their one form, where one setting may stand in place of another (dt of t_end)
  Overrides (*settle)(const DatasetSpec& spec, Overrides overrides) = nullptr;
  // throws UsageError for settings that make no sense together
  void (*check)(const Config& config) = nullptr;
  // of the states that are made at a time
  double (*bytes_at_a_time)(const Config& config) = nullptr;
  // starts are sampled from the seed
  Recipe (*recipe)(const Config& config) = nullptr;

  // Rollouts, whose starts are given: the settings that the input decides, so that nobody may state
  // them; ...
  std::set<std::string> decided = {};
  // ... what the input file gives (throws DataError); what a finished rollout was given; ...
  GivenStarts (*read_input)(const H5File& input, const DatasetSpec& spec) = nullptr;
  GivenStarts (*read_given)(const DatasetFile& file) = nullptr;
  // ... `overrides` with the decided settings but n and steps; and the recipe.
  Overrides (*settings)(const GivenStarts& given, Overrides overrides) = nullptr;
  Recipe (*rollout)(const Config& config, const GivenStarts& given,
                    const Statement& statement) = nullptr;
};

struct Kind {
  std::string_view schema;            // of its files
  bool has_actions = false;           // whether something drives what they hold
  std::string_view system = {};       // the root attribute `system` of its files; "": any
  std::string_view sample;            // "trajectory"
  std::optional<Making> making = {};  // nothing where files come from elsewhere

  // What is made of a file. Only some kinds move.
  render::Image (*image)(const DatasetFile& file, std::int64_t sample) = nullptr;
  std::vector<render::Image> (*animation)(const DatasetFile& file, std::int64_t sample) = nullptr;
  CsvTable (*csv)(const DatasetFile& file) = nullptr;
};

const std::vector<Kind>& all_kinds();

// How a dataset is made; throws UsageError where no kind makes its schema.
const Making& making_of(const DatasetSpec& spec);

// The kind of a file; throws DataError where its schema is of no kind.
const Kind& kind_of(const DatasetFile& file);

}  // namespace noether::dataset
