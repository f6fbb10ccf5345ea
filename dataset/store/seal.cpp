#include "dataset/store/seal.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <libdeflate.h>
#include <unistd.h>

#include <cerrno>
#include <charconv>
#include <cstdint>
#include <cstring>
#include <fstream>
#include <functional>
#include <optional>
#include <span>
#include <vector>

#include "base/error.h"
#include "base/interrupt.h"
#include "base/sha256.h"
#include "dataset/store/h5.h"
#include "dataset/store/user_block.h"

namespace noether::dataset {
namespace {

// The first line of a seal; the next two state length and checksum. The last bytes of the block
// repeat it: where zeros took the place of the first, they tell that there was a seal.
constexpr std::string_view magic = "noether seal 2\n";
constexpr std::string_view old_magic = "noether seal 1\n";  // its checksum is a SHA-256
static_assert(magic.size() == old_magic.size());

bool is_seal(std::string_view block) {
  return block.starts_with(magic) || block.starts_with(old_magic);
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

// an error is no end of the file
void check_readable(const std::ifstream& file, const std::filesystem::path& path) {
  if (!file.bad()) return;
  throw base::DataError(fmt::format("'{}': cannot read: {}", path.string(), std::strerror(errno)));
}

std::string read_user_block(std::ifstream& file, const std::filesystem::path& path) {
  std::string block(h5_user_block_bytes, '\0');
  file.read(block.data(), static_cast<std::streamsize>(block.size()));
  check_readable(file, path);
  block.resize(static_cast<std::size_t>(file.gcount()));
  return block;
}

using Visit = std::function<void(std::span<const char>)>;

// Reads everything from where the stream stands, and returns its length.
std::int64_t read_rest(std::ifstream& file, const std::filesystem::path& path, const Visit& visit) {
  std::vector<char> buffer(1 << 18);
  std::int64_t length = 0;
  while (file) {
    base::check_interrupt();
    file.read(buffer.data(), std::ssize(buffer));
    check_readable(file, path);
    visit(std::span(buffer).first(static_cast<std::size_t>(file.gcount())));
    length += file.gcount();
  }
  return length;
}

struct Seal {
  std::int64_t length = 0;
  std::string text;
};

Seal seal_of(std::string_view first_line, std::int64_t length, const std::string& checksum) {
  Seal seal{length, fmt::format("{}length {}\n{}\n", first_line, length, checksum)};
  seal.text.resize(h5_user_block_bytes, '\0');
  return seal;
}

// the seal of the bytes from where the stream stands
Seal seal_of_rest(std::ifstream& file, const std::filesystem::path& path) {
  std::uint32_t crc = 0;
  const std::int64_t length = read_rest(file, path, [&](std::span<const char> bytes) {
    crc = libdeflate_crc32(crc, bytes.data(), bytes.size());
  });
  Seal seal = seal_of(magic, length, fmt::format("crc32 {:08x}", crc));
  seal.text.replace(seal.text.size() - magic.size(), magic.size(), magic);
  return seal;
}

Seal old_seal_of_rest(std::ifstream& file, const std::filesystem::path& path) {
  base::Sha256 sha;
  const std::int64_t length =
      read_rest(file, path, [&](std::span<const char> bytes) { sha.update(std::as_bytes(bytes)); });
  return seal_of(old_magic, length, "sha256 " + sha.hex());
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

// Whether a block that is no seal was one: a name is left, or a part of the checksum of an old one.
bool is_rest_of_seal(std::string_view block) {
  constexpr std::size_t part = 16;  // hex digits that no other program's block is expected to hold
  std::size_t digits = 0;
  for (const char c : block) {
    digits = (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') ? digits + 1 : 0;
    if (digits == part) return true;
  }
  return block.find(magic.substr(0, 4)) != std::string_view::npos;
}

}  // namespace

void seal(const std::filesystem::path& path) {
  std::ifstream file = open_for_reading(path);
  read_user_block(file, path);
  const std::string text = seal_of_rest(file, path).text;
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
  return is_seal(read_user_block(file, path));
}

SealReport check_seal(const std::filesystem::path& path) {
  std::ifstream file = open_for_reading(path);
  const std::string block = read_user_block(file, path);
  if (block.empty()) return {SealState::broken, "is empty"};
  if (!is_seal(block)) {
    const auto offset = signature_offset(path);
    if (!offset) return {SealState::broken, "is not an HDF5 file"};
    if (*offset == 0 || !is_rest_of_seal(block)) return {SealState::missing, ""};
    return {SealState::broken, "has changed since it was written (its seal is damaged)"};
  }
  const auto length = stated_length(block);
  const Seal seal =
      block.starts_with(old_magic) ? old_seal_of_rest(file, path) : seal_of_rest(file, path);
  if (length && *length != seal.length) {
    return {
        SealState::broken,
        fmt::format("holds {} bytes after its header where {} were written: it was cut or extended",
                    seal.length, *length),
        true};
  }
  if (block != seal.text) {
    return {SealState::broken, "has changed since it was written (its checksum differs)"};
  }
  return {SealState::intact, ""};
}

}  // namespace noether::dataset
