#include "dataset/store/spool.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cassert>
#include <cerrno>
#include <utility>

#include "base/error.h"
#include "base/file_lock.h"
#include "dataset/store/bytes.h"

namespace noether::dataset {
namespace {

constexpr std::string_view magic = "noether spool 1\n";

// stands before the header and before each record
struct Prefix {
  std::uint64_t size;
  std::uint64_t crc;
};
constexpr auto prefix_bytes = static_cast<std::int64_t>(sizeof(Prefix));

int open_locked(const std::filesystem::path& path, int flags) {
  const int descriptor = ::open(path.c_str(), flags | O_NOFOLLOW | O_CLOEXEC, 0644);
  if (descriptor < 0) fail_at(path, "cannot open");
  try {
    base::lock_descriptor(descriptor, path);
  } catch (...) {
    ::close(descriptor);
    throw;
  }
  return descriptor;
}

}  // namespace

Spool Spool::create(const std::filesystem::path& path, const std::string& header) {
  Spool spool(path, open_locked(path, O_RDWR | O_CREAT));
  if (ftruncate(spool.descriptor_, 0) != 0) fail_at(path, "cannot empty");
  spool.header_ = header;
  const auto text = std::as_bytes(std::span(header));
  const Prefix prefix{header.size(), crc32_of(text)};
  try {
    spool.write_all({std::as_bytes(std::span(magic)), std::as_bytes(std::span(&prefix, 1)), text});
  } catch (const base::DataError&) {
    ::unlink(path.c_str());  // there is nothing in it to continue
    throw;
  }
  return spool;
}

Spool Spool::resume(const std::filesystem::path& path) {
  Spool spool(path, open_locked(path, O_RDWR));
  spool.scan();
  return spool;
}

Spool::~Spool() {
  if (descriptor_ >= 0) ::close(descriptor_);
}

Spool::Spool(Spool&& other) noexcept
    : path_(std::move(other.path_)),
      descriptor_(std::exchange(other.descriptor_, -1)),
      header_(std::move(other.header_)),
      offsets_(std::move(other.offsets_)),
      end_(other.end_) {}

void Spool::write_all(std::initializer_list<std::span<const std::byte>> pieces) {
  const std::int64_t start = end_;
  for (auto bytes : pieces) {
    while (!bytes.empty()) {
      const ssize_t wrote = pwrite(descriptor_, bytes.data(), bytes.size(), end_);
      if (wrote < 0) {
        const int reason = errno;
        // a later resume would cut the unfinished record off as well
        if (ftruncate(descriptor_, start) == 0) end_ = start;
        errno = reason;
        fail_at(path_, "cannot write");
      }
      end_ += wrote;
      bytes = bytes.subspan(static_cast<std::size_t>(wrote));
    }
  }
}

void Spool::append(std::span<const std::byte> record) {
  assert(!record.empty());
  const Prefix prefix{record.size(), crc32_of(record)};
  const std::int64_t offset = end_;
  write_all({std::as_bytes(std::span(&prefix, 1)), record});
  offsets_.push_back(offset);
}

void Spool::sync() {
  if (fsync(descriptor_) != 0) fail_at(path_, "cannot write");
}

Bytes Spool::read(std::int64_t i) const {
  const std::int64_t offset = offsets_.at(static_cast<std::size_t>(i));
  Prefix prefix{};
  if (read_at(descriptor_, path_, offset, std::as_writable_bytes(std::span(&prefix, 1)))) {
    Bytes record(prefix.size);
    if (read_at(descriptor_, path_, offset + prefix_bytes, record) &&
        crc32_of(record) == prefix.crc)
      return record;
  }
  throw base::DataError(
      fmt::format("'{}': record {} has changed since it was written", path_.string(), i));
}

void Spool::scan() {
  struct stat status {};
  if (fstat(descriptor_, &status) != 0) fail_at(path_, "cannot read");
  std::int64_t offset = static_cast<std::int64_t>(magic.size());
  std::string found(magic.size(), '\0');
  Prefix prefix{};
  const auto next = [&](Bytes& record) {
    if (!read_at(descriptor_, path_, offset, std::as_writable_bytes(std::span(&prefix, 1))))
      return false;
    // no record is empty: zeros are what a power failure leaves of blocks that were never written
    if (prefix.size == 0) return false;
    if (prefix.size > static_cast<std::uint64_t>(status.st_size - offset)) return false;
    record.resize(prefix.size);
    if (!read_at(descriptor_, path_, offset + prefix_bytes, record) ||
        crc32_of(record) != prefix.crc)
      return false;
    offset += prefix_bytes + static_cast<std::int64_t>(prefix.size);
    return true;
  };
  Bytes record;
  if (!read_at(descriptor_, path_, 0, std::as_writable_bytes(std::span(found))) || found != magic ||
      !next(record)) {
    throw base::DataError(
        fmt::format("'{}' is not the partial file of a generate command", path_.string()));
  }
  header_.assign(reinterpret_cast<const char*>(record.data()), record.size());
  for (std::int64_t start = offset; next(record); start = offset) offsets_.push_back(start);
  if (ftruncate(descriptor_, offset) != 0) fail_at(path_, "cannot shorten");
  end_ = offset;
}

}  // namespace noether::dataset
