#include "dataset/store/seal.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <cstdint>
#include <cstring>
#include <fstream>
#include <optional>
#include <vector>

#include "base/error.h"
#include "base/interrupt.h"
#include "base/parallel.h"
#include "base/sha256.h"
#include "dataset/store/h5.h"
#include "dataset/store/user_block.h"

namespace noether::dataset {
namespace {

constexpr std::string_view magic = "noether seal 2\n";
constexpr std::string_view old_magic = "noether seal 1\n";  // of one piece
static_assert(magic.size() == old_magic.size());
constexpr std::int64_t piece_bytes = 4 << 20;

struct Digest {
  std::int64_t length = 0;
  std::string sha256;
};

bool is_seal(std::string_view block) {
  return block.starts_with(magic) || block.starts_with(old_magic);
}

std::string seal_text(std::string_view of_form, const Digest& digest) {
  std::string text = fmt::format("{}length {}\nsha256 {}\n", of_form, digest.length, digest.sha256);
  text.resize(h5_user_block_bytes, '\0');
  return text;
}

std::ifstream open_for_reading(const std::filesystem::path& path) {
  if (!std::filesystem::exists(path))
    throw base::DataError(fmt::format("'{}' does not exist", path.string()));
  if (std::filesystem::is_directory(path))
    throw base::DataError(fmt::format("'{}' is a directory", path.string()));
  std::ifstream file(path, std::ios::binary);
  if (!file)
    throw base::DataError(
        fmt::format("'{}': cannot open: {}", path.string(), std::strerror(errno)));
  return file;
}

std::string read_user_block(std::ifstream& file) {
  std::string block(h5_user_block_bytes, '\0');
  file.read(block.data(), static_cast<std::streamsize>(block.size()));
  block.resize(static_cast<std::size_t>(file.gcount()));
  return block;
}

std::string digest_of_part(const std::filesystem::path& path, std::int64_t first,
                           std::int64_t count) {
  std::ifstream file = open_for_reading(path);
  file.seekg(first);
  std::vector<char> buffer(static_cast<std::size_t>(std::min<std::int64_t>(count, 1 << 18)));
  base::Sha256 sha;
  while (count > 0 && file) {
    file.read(buffer.data(), std::min(count, std::ssize(buffer)));
    sha.update(std::string_view(buffer.data(), static_cast<std::size_t>(file.gcount())));
    count -= file.gcount();
  }
  return sha.hex();
}

// of everything behind the user block, on all processors
Digest digest_rest(const std::filesystem::path& path) {
  const auto all = static_cast<std::int64_t>(std::filesystem::file_size(path));
  const std::int64_t length = std::max<std::int64_t>(all - h5_user_block_bytes, 0);
  const std::int64_t pieces = std::max<std::int64_t>((length + piece_bytes - 1) / piece_bytes, 1);
  const auto digest = [&](std::int64_t piece) {
    const std::int64_t first = piece * piece_bytes;
    return digest_of_part(path, h5_user_block_bytes + first, std::min(piece_bytes, length - first));
  };
  if (pieces == 1) return {length, base::sha256_hex(digest(0))};
  base::Sha256 sha;
  base::ordered_pipeline(0, pieces, 0, digest, [&](std::int64_t, const std::string& hex) {
    base::check_interrupt();
    sha.update(hex);
  });
  return {length, sha.hex()};
}

Digest digest_rest_in_one(const std::filesystem::path& path) {
  const auto all = static_cast<std::int64_t>(std::filesystem::file_size(path));
  const std::int64_t length = std::max<std::int64_t>(all - h5_user_block_bytes, 0);
  return {length, digest_of_part(path, h5_user_block_bytes, length)};
}

std::optional<std::int64_t> stated_length(std::string_view block) {
  constexpr std::string_view key = "length ";
  block.remove_prefix(magic.size());
  if (!block.starts_with(key)) return std::nullopt;
  block.remove_prefix(key.size());
  std::int64_t length = 0;
  const auto [end, error] = std::from_chars(block.data(), block.data() + block.size(), length);
  return error == std::errc{} ? std::optional(length) : std::nullopt;
}

// Whether a block that is no seal was one: its first word is left, or a part of its checksum.
bool is_rest_of_seal(std::string_view block) {
  constexpr std::size_t part = 16;  // hex digits that no other program's block is expected to hold
  std::size_t digits = 0;
  for (const char c : block) {
    digits = (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') ? digits + 1 : 0;
    if (digits == part) return true;
  }
  return block.starts_with(magic.substr(0, 4));
}

}  // namespace

void seal(const std::filesystem::path& path) {
  open_for_reading(path);
  const std::string text = seal_text(magic, digest_rest(path));
  const int descriptor = ::open(path.c_str(), O_WRONLY | O_CLOEXEC);
  const bool written =
      descriptor >= 0 &&
      pwrite(descriptor, text.data(), text.size(), 0) == static_cast<ssize_t>(text.size()) &&
      fsync(descriptor) == 0;
  const int reason = errno;
  if (descriptor >= 0) ::close(descriptor);
  if (!written)
    throw base::DataError(
        fmt::format("'{}': cannot write: {}", path.string(), std::strerror(reason)));
}

bool has_seal(const std::filesystem::path& path) {
  std::ifstream file = open_for_reading(path);
  return is_seal(read_user_block(file));
}

SealReport check_seal(const std::filesystem::path& path) {
  std::ifstream file = open_for_reading(path);
  const std::string block = read_user_block(file);
  if (block.empty()) return {SealState::broken, "is empty"};
  if (!is_seal(block)) {
    const auto offset = signature_offset(path);
    if (!offset) return {SealState::broken, "is not an HDF5 file"};
    if (*offset == 0 || !is_rest_of_seal(block)) return {SealState::missing, ""};
    return {SealState::broken, "has changed since it was written (its seal is damaged)"};
  }
  const auto length = stated_length(block);
  const bool is_old = block.starts_with(old_magic);
  const Digest digest = is_old ? digest_rest_in_one(path) : digest_rest(path);
  if (length && *length != digest.length) {
    return {
        SealState::broken,
        fmt::format("holds {} bytes after its header where {} were written: it was cut or extended",
                    digest.length, *length),
        true};
  }
  if (block != seal_text(is_old ? old_magic : magic, digest)) {
    return {SealState::broken, "has changed since it was written (SHA-256 differs)"};
  }
  return {SealState::intact, ""};
}

}  // namespace noether::dataset
