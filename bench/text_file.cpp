#include "bench/text_file.h"

#include <fmt/format.h>

#include <fstream>
#include <iterator>
#include <span>

#include "base/error.h"
#include "base/output_file.h"
#include "render/image.h"

namespace noether::bench {

std::string read_text(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  std::string text{std::istreambuf_iterator<char>(file), {}};
  if (!file) throw base::DataError(fmt::format("cannot read '{}'", path.string()));
  return text;
}

void write_text(const std::filesystem::path& path, std::string_view text) {
  base::check_output_file(path, true);
  base::write_whole(path, path.string() + ".partial", [&](const std::filesystem::path& temporary) {
    render::write_bytes(std::as_bytes(std::span(text)), temporary);
  });
}

}  // namespace noether::bench
