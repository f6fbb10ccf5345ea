#pragma once

// Where the blocks of an HDF5 file lie, block by block. A kill leaves a file that HDF5 cannot open;
// with its log the blocks can still be read.

#include <array>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "base/background_sync.h"
#include "dataset/store/spool.h"
#include "dataset/store/writer.h"

namespace noether::dataset {

// Of a file with blocks, beside its log.
inline constexpr std::array<std::string_view, 2> block_file_extensions{"unfinished", "resuming"};

class BlockLog {
 public:
  // Begins a log at `path`, replacing any other, of the file OUTPUT.EXTENSION, with one of
  // block_file_extensions. `header` states what is being made. Throws DataError as Spool::create.
  static BlockLog create(const std::filesystem::path& path, const std::filesystem::path& output,
                         std::string_view extension, const std::string& header);

  // Opens a log; nothing where it is one of another form, by another build. The log names the
  // extension alone: files and log may be moved and renamed together.
  static std::optional<BlockLog> open(const std::filesystem::path& path,
                                      const std::filesystem::path& output);

  ~BlockLog();
  BlockLog(BlockLog&& other) noexcept;
  BlockLog& operator=(BlockLog&&) = delete;

  const std::filesystem::path& path() const { return path_; }
  const std::filesystem::path& file() const { return file_; }
  const std::string& header() const { return header_; }
  std::int64_t blocks() const { return spool_.records(); }

  // Logs a block that has just been written into the file. Chunks that do not lie at their address
  // are kept in the log, and so are rows that fill no chunk yet. The file is synced meanwhile;
  // throws DataError where the disk does not take it.
  void add(const Block& block, const Addresses& addresses);

  // Block i, or nothing where the file has not got what was logged.
  std::optional<Block> read(std::int64_t i);

  // All blocks are logged: ends the syncing. Throws as `add`.
  void finish();

  // Brings the file and the log to the disk.
  void sync();

  // The log under another name, in place of a log that has it.
  void rename(const std::filesystem::path& path);

 private:
  BlockLog(std::filesystem::path path, std::filesystem::path file, std::string header, Spool spool)
      : path_(std::move(path)),
        file_(std::move(file)),
        header_(std::move(header)),
        spool_(std::move(spool)) {}
  bool open_file();
  bool is_at(std::int64_t address, std::span<const std::byte> chunk) const;

  std::filesystem::path path_, file_;
  std::string header_;
  Spool spool_;
  int descriptor_ = -1;  // of the file
  std::unique_ptr<base::BackgroundSync> sync_ = {};
};

}  // namespace noether::dataset
