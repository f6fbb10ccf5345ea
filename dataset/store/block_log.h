#pragma once

// Where the blocks of an HDF5 file lie, block by block. A kill leaves a file that HDF5 cannot open;
// with its log the blocks can still be read.

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>

#include "base/background_sync.h"
#include "dataset/store/spool.h"
#include "dataset/store/writer.h"

namespace noether::dataset {

class BlockLog {
 public:
  // Begins a log at `path`, replacing any other, of a file of that name in the same folder.
  // `header` states what is being made. Throws DataError as Spool::create.
  static BlockLog create(const std::filesystem::path& path, const std::string& file_name,
                         const std::string& header);
  // Opens a log to read its blocks.
  static BlockLog open(const std::filesystem::path& path);

  ~BlockLog();
  BlockLog(BlockLog&& other) noexcept;
  BlockLog& operator=(BlockLog&&) = delete;

  const std::filesystem::path& path() const { return path_; }
  std::filesystem::path file() const { return path_.parent_path() / file_name_; }
  const std::string& header() const { return header_; }
  std::int64_t blocks() const { return spool_.records(); }

  // Logs a block that has just been written into the file. Chunks that do not lie at their address
  // are kept in the log, and so are rows that fill no chunk yet. The file is synced meanwhile.
  void add(const Block& block, const Addresses& addresses);

  // Block i, or nothing where the file has not got what was logged.
  std::optional<Block> read(std::int64_t i);

  // The log under another name, in place of a log that has it.
  void rename(const std::filesystem::path& path);

 private:
  BlockLog(std::filesystem::path path, std::string file_name, std::string header, Spool spool)
      : path_(std::move(path)),
        file_name_(std::move(file_name)),
        header_(std::move(header)),
        spool_(std::move(spool)) {}
  bool open_file();
  bool read_at(std::int64_t address, std::span<std::byte> bytes) const;
  bool is_at(std::int64_t address, std::span<const std::byte> chunk) const;

  std::filesystem::path path_;
  std::string file_name_, header_;
  Spool spool_;
  int descriptor_ = -1;  // of the file
  std::unique_ptr<base::BackgroundSync> sync_ = {};
};

}  // namespace noether::dataset
