#pragma once

// An append-only log of records. HDF5 files do not survive a kill in the middle of a write; a log
// does: what follows the last intact record is cut off. docs/decisions/0001-spool.md tells why.
//
//   "noether spool 1\n", then the header and each record as: u64 size, u64 CRC-32, bytes

#include <cstdint>
#include <filesystem>
#include <initializer_list>
#include <span>
#include <string>
#include <vector>

#include "dataset/store/layout.h"

namespace noether::dataset {

class Spool {
 public:
  // Begins an empty spool, replacing any other. `header` states what its records are. Throws
  // DataError where the file cannot be written, or another process is writing it.
  static Spool create(const std::filesystem::path& path, const std::string& header);

  // Opens a spool to continue it, cutting off a record that a kill left unfinished.
  static Spool resume(const std::filesystem::path& path);

  ~Spool();
  Spool(Spool&& other) noexcept;
  Spool& operator=(Spool&&) = delete;

  const std::string& header() const { return header_; }
  std::int64_t records() const { return static_cast<std::int64_t>(offsets_.size()); }

  // Adds a record, which is not empty, at the end.
  void append(std::span<const std::byte> record);

  // Brings the records to the disk.
  void sync();

  // The name that errors tell, after the file was renamed.
  void has_moved_to(const std::filesystem::path& path) { path_ = path; }

  // Record i, its checksum verified.
  Bytes read(std::int64_t i) const;

 private:
  Spool(std::filesystem::path path, int descriptor)
      : path_(std::move(path)), descriptor_(descriptor) {}
  void write_all(std::initializer_list<std::span<const std::byte>> pieces);
  void scan();

  std::filesystem::path path_;
  int descriptor_;
  std::string header_;
  std::vector<std::int64_t> offsets_;
  std::int64_t end_ = 0;
};

}  // namespace noether::dataset
