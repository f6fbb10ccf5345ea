#include "base/text_file.h"

#include <fmt/format.h>

#include <fstream>
#include <iterator>
#include <span>

#include "base/error.h"
#include "base/output_file.h"

namespace noether::base {

std::string read_text(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  std::string text{std::istreambuf_iterator<char>(file), {}};
  if (!file) throw DataError(fmt::format("cannot read '{}'", path.string()));
  return text;
}

void write_text(const std::filesystem::path& path, std::string_view text) {
  check_output_file(path, true);
  write_whole(path, path.string() + ".partial", [&](const std::filesystem::path& temporary) {
    write_bytes(std::as_bytes(std::span(text)), temporary);
  });
}

}  // namespace noether::base
