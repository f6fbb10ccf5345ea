#include "dataset/store/block_log.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <span>
#include <utility>

#include "base/error.h"
#include "dataset/store/bytes.h"

namespace noether::dataset {
namespace {

// A record holds for each column the CRC-32 of its bytes, its padding and the number of its chunks;
// then each chunk, or the rows where there are none, by size and address. The bytes follow where
// the address is `in_log`.
constexpr std::uint64_t in_log = 0;

void append_numbers(Bytes& to, std::initializer_list<std::uint64_t> numbers) {
  append(to, std::as_bytes(std::span(numbers.begin(), numbers.size())));
}

// the first line of the header of a log
constexpr std::string_view file_mark = "# blocks in ";

// What is left of a record to be read.
class Reader {
 public:
  explicit Reader(const Bytes& record) : rest_(record) {}

  bool at_end() const { return rest_.empty(); }
  std::uint64_t number() {
    std::uint64_t value = 0;
    std::memcpy(&value, bytes(sizeof value).data(), sizeof value);
    return value;
  }
  std::span<const std::byte> bytes(std::size_t size) {
    if (size > rest_.size()) throw base::DataError("a record of a partial file is too short");
    const auto taken = rest_.first(size);
    rest_ = rest_.subspan(size);
    return taken;
  }

 private:
  std::span<const std::byte> rest_;
};

}  // namespace

BlockLog BlockLog::create(const std::filesystem::path& path, const std::filesystem::path& output,
                          std::string_view extension, const std::string& header) {
  return {path, fmt::format("{}.{}", output.string(), extension), header,
          Spool::create(path, fmt::format("{}{}\n{}", file_mark, extension, header))};
}

std::optional<BlockLog> BlockLog::open(const std::filesystem::path& path,
                                       const std::filesystem::path& output) {
  Spool spool = Spool::resume(path);
  const std::string text = spool.header();
  const std::size_t end = text.find('\n');
  if (!text.starts_with(file_mark) || end == std::string::npos) return std::nullopt;
  const std::string extension = text.substr(file_mark.size(), end - file_mark.size());
  if (std::ranges::find(block_file_extensions, extension) == block_file_extensions.end())
    return std::nullopt;
  return BlockLog(path, output.string() + "." + extension, text.substr(end + 1), std::move(spool));
}

BlockLog::~BlockLog() {
  sync_.reset();
  if (descriptor_ >= 0) ::close(descriptor_);
}

BlockLog::BlockLog(BlockLog&& other) noexcept
    : path_(std::move(other.path_)),
      file_(std::move(other.file_)),
      header_(std::move(other.header_)),
      spool_(std::move(other.spool_)),
      descriptor_(std::exchange(other.descriptor_, -1)),
      sync_(std::move(other.sync_)) {}

void BlockLog::add(const Block& block, const Addresses& addresses) {
  if (!open_file()) fail_at(file_, "cannot open");
  Bytes record;
  std::size_t bytes = 0;
  for (std::size_t k = 0; k < block.size(); ++k) {
    const EncodedRows& rows = block[k];
    append_numbers(record, {crc32_of(rows.bytes), rows.padding, rows.chunks.size()});
    if (rows.chunks.empty()) {
      append_numbers(record, {rows.bytes.size(), in_log});
      append(record, rows.bytes);
    }
    for_each_chunk(rows, [&](std::size_t i, std::span<const std::byte> chunk) {
      const bool found = is_at(addresses.at(k).at(i), chunk);
      append_numbers(record,
                     {chunk.size(), found ? static_cast<std::uint64_t>(addresses[k][i]) : in_log});
      if (!found) append(record, chunk);
    });
    bytes += rows.bytes.size();
  }
  spool_.append(record);
  if (!sync_) sync_ = std::make_unique<base::BackgroundSync>(descriptor_, file_);
  sync_->wrote(bytes);
}

std::optional<Block> BlockLog::read(std::int64_t i) {
  if (!open_file()) return std::nullopt;
  const Bytes record = spool_.read(i);
  Block block;
  for (Reader reader(record); !reader.at_end();) {
    EncodedRows& rows = block.emplace_back();
    const std::uint64_t crc = reader.number();
    rows.padding = reader.number();
    const std::uint64_t chunks = reader.number();
    for (std::uint64_t k = 0; k < std::max<std::uint64_t>(chunks, 1); ++k) {
      const std::uint64_t size = reader.number(), address = reader.number();
      if (chunks > 0) rows.chunks.push_back(size);
      if (address == in_log) {
        append(rows.bytes, reader.bytes(size));
        continue;
      }
      rows.bytes.resize(rows.bytes.size() + size);
      if (!read_at(descriptor_, file_, static_cast<std::int64_t>(address),
                   std::span(rows.bytes).last(size)))
        return std::nullopt;
    }
    if (crc32_of(rows.bytes) != crc) return std::nullopt;
  }
  return block;
}

void BlockLog::finish() {
  if (sync_) sync_->finish();
}

void BlockLog::sync() {
  finish();  // the system tells of a failure once: the thread may have been told
  sync_.reset();
  if (descriptor_ >= 0 && fdatasync(descriptor_) != 0) fail_at(file_, "cannot write");
  spool_.sync();
}

void BlockLog::rename(const std::filesystem::path& path) {
  std::error_code failure;
  std::filesystem::rename(path_, path, failure);
  if (failure)
    throw base::DataError(fmt::format("'{}': cannot write: {}", path.string(), failure.message()));
  path_ = path;
  spool_.has_moved_to(path);
}

// whether there is one
bool BlockLog::open_file() {
  if (descriptor_ < 0) descriptor_ = ::open(file_.c_str(), O_RDONLY | O_CLOEXEC);
  if (descriptor_ < 0 && errno != ENOENT) fail_at(file_, "cannot open");
  return descriptor_ >= 0;
}

// its ends are enough: the last four bytes are the checksum of the others
bool BlockLog::is_at(std::int64_t address, std::span<const std::byte> chunk) const {
  std::array<std::byte, 16> end{};
  if (address <= 0 || chunk.size() < end.size()) return false;
  const auto last = static_cast<std::int64_t>(chunk.size() - end.size());
  return read_at(descriptor_, file_, address, end) &&
         std::ranges::equal(end, chunk.first(end.size())) &&
         read_at(descriptor_, file_, address + last, end) &&
         std::ranges::equal(end, chunk.last(end.size()));
}

}  // namespace noether::dataset
