#pragma once

// A dataset in the making: FILE.unfinished is its HDF5 file so far, FILE.partial the log of the
// blocks in it. After a kill the blocks go into a new HDF5 file, which is FILE.resuming, and again
// FILE.unfinished after one more kill. The new file has a log of its own, FILE.partial.new, which
// replaces FILE.partial as soon as it has all blocks of it. docs/decisions/0010-log-of-places.md
// tells why.

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>

#include "dataset/store/block_log.h"

namespace noether::dataset {

// "FILE.partial"
std::filesystem::path partial_path(const std::filesystem::path& path);

class Unfinished {
 public:
  // Whether a run that makes `path` left something to continue. One that ended before it could say
  // what it makes left an empty log.
  static bool exists(const std::filesystem::path& path);

  // What a run that makes `path` said of its work; nothing where another build said it. Throws
  // DataError where FILE.partial is no log, or another process writes it.
  static std::optional<std::string> header_of(const std::filesystem::path& path);

  // Removes all that runs that make `path` left.
  static void remove(const std::filesystem::path& path);

  // Begins anew. Throws DataError where nothing can be written, or another process writes it.
  static Unfinished begin(const std::filesystem::path& path, const std::string& header);

  // Continues what a run of this build left. Its blocks are to be read and added again, one after
  // the other; until forget_old, a run that ends leaves what it found.
  static Unfinished resume(const std::filesystem::path& path);

  ~Unfinished();
  Unfinished(const Unfinished&) = delete;
  Unfinished& operator=(const Unfinished&) = delete;

  // Where the HDF5 file is to be written, by write_sealed.
  const std::filesystem::path& file() const { return log_.file(); }

  std::int64_t old_blocks() const { return old_ ? old_->blocks() : 0; }
  // Nothing where the block is not what it was: then all that follow must be made again too.
  std::optional<Block> old_block(std::int64_t i) { return old_->read(i); }
  // The new file has the old blocks; it is synced before the old one is removed.
  void forget_old();

  // Tells that a block has been written into the file. Throws DataError where the disk does not
  // take it.
  void add(const Block& block, const Addresses& addresses) { log_.add(block, addresses); }

  // All blocks are there. Throws as `add`.
  void end_of_blocks() { log_.finish(); }

  // Gives the finished file its name, and removes the log.
  void finish();

 private:
  Unfinished(std::filesystem::path path, BlockLog log, std::optional<BlockLog> old);

  std::filesystem::path path_;
  BlockLog log_;
  std::optional<BlockLog> old_;
};

}  // namespace noether::dataset
