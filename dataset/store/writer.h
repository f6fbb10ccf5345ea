#pragma once

// From blocks of samples to a finished file.

#include <cstdint>
#include <filesystem>
#include <functional>
#include <string>
#include <vector>

#include "base/output_file.h"
#include "dataset/store/chunks.h"
#include "dataset/store/h5.h"
#include "dataset/store/layout.h"

namespace noether::dataset {

// Rows of every streamed array for the same samples, in the order of the layout, as raw elements.
using Columns = std::vector<Bytes>;

// The same as it goes into the file.
using Block = std::vector<EncodedRows>;
Block encode_block(const Layout& layout, Columns columns);

// Where the chunks of a block were stored, column by column (H5File::write_chunk).
using Addresses = std::vector<std::vector<std::int64_t>>;

// Calls `take` with every block, in order.
using TakeBlock = std::function<Addresses(const Block& block)>;
using BlockSource = std::function<void(const TakeBlock& take)>;

// Writes a dataset into `file`, which is made or replaced, from the layout and all blocks: arrays
// with their sha256, root attributes, content_sha256, `complete`, the seal; all of it is on the
// disk then. Throws DataError, and what `blocks` throws; then `file` is left as it is.
void write_sealed(const Layout& layout, const BlockSource& blocks,
                  const std::filesystem::path& file);

// The same, but the file appears at `path` whole or not at all. Whoever calls it holds the lock of
// `path`.
void write_dataset(const Layout& layout, const BlockSource& blocks,
                   const std::filesystem::path& path);

// The same for a layout without streamed arrays.
void write_dataset(const Layout& layout, const std::filesystem::path& path);

// The same under the lock of `path`, and only where `rules` allow it (base/output_file.h).
void write_locked_dataset(const Layout& layout, const std::filesystem::path& path,
                          const base::OutputRules& rules);

// The same from blocks in memory, as a file in memory, without a seal.
H5File write_in_memory(const Layout& layout, const std::vector<Block>& blocks,
                       const std::string& name);

// SHA-256 of the sorted lines "path TAB sha256", joined by newlines.
std::string content_digest(std::vector<std::string> lines);

}  // namespace noether::dataset
