#pragma once

// From blocks of samples to a finished file.

#include <cstdint>
#include <filesystem>
#include <functional>
#include <string>
#include <vector>

#include "base/output_file.h"
#include "dataset/store/h5.h"
#include "dataset/store/layout.h"

namespace noether::dataset {

// Rows of every streamed array for the same samples, in the order of the layout, as raw elements.
using Columns = std::vector<Bytes>;

// One spool record: the columns, those of compressed arrays (which must be whole chunks of one row)
// already filtered.
Bytes encode_block(const Layout& layout, const Columns& columns);

// Calls `take` with every record, each by encode_block, in order.
using TakeRecord = std::function<void(const Bytes& record)>;
using RecordSource = std::function<void(const TakeRecord& take)>;

// Makes the dataset file from the layout and all records: arrays with their sha256, root
// attributes, content_sha256, `complete`, the seal. The file appears at `path` whole or not at all.
// Whoever calls it holds the lock of `path`. Throws DataError, and what `records` throws; then
// nothing is at `path`.
void write_dataset(const Layout& layout, const RecordSource& records,
                   const std::filesystem::path& path);

// The same for a layout without streamed arrays.
void write_dataset(const Layout& layout, const std::filesystem::path& path);

// The same under the lock of `path`, and only where `rules` allow it (base/output_file.h).
void write_locked_dataset(const Layout& layout, const std::filesystem::path& path,
                          const base::OutputRules& rules);

// The same from records in memory (each by encode_block), as a file in memory, without a seal.
H5File write_in_memory(const Layout& layout, const std::vector<Bytes>& records,
                       const std::string& name);

// SHA-256 of the sorted lines "path TAB sha256", joined by newlines.
std::string content_digest(std::vector<std::string> lines);

}  // namespace noether::dataset
