#include "dataset/store/bytes.h"

#include <fmt/format.h>
#include <libdeflate.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "base/error.h"

namespace noether::dataset {

void append(Bytes& to, std::span<const std::byte> from) {
  to.insert(to.end(), from.begin(), from.end());
}

std::uint32_t crc32_of(std::span<const std::byte> bytes) {
  return libdeflate_crc32(0, bytes.data(), bytes.size());
}

void fail_at(const std::filesystem::path& path, const char* what) {
  throw base::DataError(fmt::format("'{}': {}: {}", path.string(), what, std::strerror(errno)));
}

bool read_at(int descriptor, const std::filesystem::path& path, std::int64_t offset,
             std::span<std::byte> bytes) {
  while (!bytes.empty()) {
    const ssize_t got = pread(descriptor, bytes.data(), bytes.size(), offset);
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) fail_at(path, "cannot read");
    if (got == 0) return false;
    offset += got;
    bytes = bytes.subspan(static_cast<std::size_t>(got));
  }
  return true;
}

}  // namespace noether::dataset
