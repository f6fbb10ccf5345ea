#include "dataset/store/user_block.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <bit>
#include <cstring>
#include <fstream>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"
#include "base/interrupt.h"

namespace noether::dataset {
namespace {

constexpr std::string_view signature = "\x89HDF\r\n\x1a\n";
constexpr std::int64_t least_block = 512;

// The superblock of version 2 or 3, of 8-byte addresses: signature, version, sizes of addresses and
// of lengths, flags, then base address, address of the extension, end of the file, root group, and
// the checksum of all before.
constexpr std::size_t base_at = 12, end_at = 28, checksum_at = 44, superblock_bytes = 48;
using Superblock = std::array<char, superblock_bytes>;

// Bob Jenkins's lookup3 (hashlittle), the checksum of HDF5's metadata.
std::uint32_t lookup3(std::span<const char> bytes) {
  auto a = static_cast<std::uint32_t>(0xdeadbeefU + bytes.size()), b = a, c = a;
  const auto add = [&](std::span<const char> twelve) {
    std::array<std::uint32_t, 3> words{};
    std::memcpy(words.data(), twelve.data(), twelve.size());
    a += words[0], b += words[1], c += words[2];
  };
  while (bytes.size() > 12) {
    add(bytes.first(12));
    a -= c, a ^= std::rotl(c, 4), c += b;
    b -= a, b ^= std::rotl(a, 6), a += c;
    c -= b, c ^= std::rotl(b, 8), b += a;
    a -= c, a ^= std::rotl(c, 16), c += b;
    b -= a, b ^= std::rotl(a, 19), a += c;
    c -= b, c ^= std::rotl(b, 4), b += a;
    bytes = bytes.subspan(12);
  }
  add(bytes);
  c ^= b, c -= std::rotl(b, 14);
  a ^= c, a -= std::rotl(c, 11);
  b ^= a, b -= std::rotl(a, 25);
  c ^= b, c -= std::rotl(b, 16);
  a ^= c, a -= std::rotl(c, 4);
  b ^= a, b -= std::rotl(a, 14);
  c ^= b, c -= std::rotl(b, 24);
  return c;
}

template <class T>
T number_at(const Superblock& block, std::size_t at) {
  T value{};
  std::memcpy(&value, block.data() + at, sizeof value);
  return value;
}

template <class T>
void set_number(Superblock& block, std::size_t at, T value) {
  std::memcpy(block.data() + at, &value, sizeof value);
}

std::uint32_t checksum_of(const Superblock& block) {
  return lookup3(std::span(block).first(checksum_at));
}

bool is_known(const Superblock& block) {
  return (block[8] == 2 || block[8] == 3) && block[9] == 8 && block[10] == 8 &&
         number_at<std::uint32_t>(block, checksum_at) == checksum_of(block);
}

}  // namespace

std::optional<std::int64_t> signature_offset(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  std::array<char, signature.size()> bytes{};
  for (std::int64_t at = 0; file.seekg(at) && file.read(bytes.data(), bytes.size());
       at = std::max(least_block, 2 * at)) {
    if (std::string_view(bytes.data(), bytes.size()) == signature) return at;
  }
  return std::nullopt;
}

void copy_with_user_block(const std::filesystem::path& from, const std::filesystem::path& to,
                          std::int64_t bytes) {
  const auto offset = signature_offset(from);
  std::ifstream file(from, std::ios::binary);
  Superblock block{};
  if (!offset || !file.seekg(*offset) || !file.read(block.data(), block.size()) || !is_known(block))
    throw base::DataError(fmt::format(
        "'{}' begins in a way that only HDF5 itself can copy (h5repack does)", from.string()));
  const auto end = number_at<std::int64_t>(block, end_at);
  set_number(block, base_at, bytes);
  set_number(block, end_at, end - *offset + bytes);
  set_number(block, checksum_at, checksum_of(block));

  std::ofstream copy(to, std::ios::binary);
  copy << std::string(static_cast<std::size_t>(bytes), '\0');
  copy.write(block.data(), block.size());
  std::vector<char> buffer(1 << 16);
  while (file && copy) {
    base::check_interrupt();
    file.read(buffer.data(), static_cast<std::streamsize>(buffer.size()));
    copy.write(buffer.data(), file.gcount());
  }
  copy.close();
  if (!copy) throw base::DataError(fmt::format("cannot write '{}'", to.string()));
}

}  // namespace noether::dataset
