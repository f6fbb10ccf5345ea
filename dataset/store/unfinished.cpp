#include "dataset/store/unfinished.h"

#include <fmt/format.h>

#include <utility>

#include "base/error.h"
#include "base/output_file.h"

namespace noether::dataset {
namespace {

namespace fs = std::filesystem;

fs::path new_partial_path(const fs::path& path) { return partial_path(path).string() + ".new"; }

fs::path resuming_path(const fs::path& path) { return path.string() + ".resuming"; }

void remove_if_there(const fs::path& path) {
  std::error_code ignored;
  fs::remove(path, ignored);
}

}  // namespace

fs::path partial_path(const fs::path& path) { return path.string() + ".partial"; }

bool Unfinished::exists(const fs::path& path) {
  const fs::path partial = partial_path(path);
  return fs::exists(partial) && !fs::is_empty(partial);
}

std::string Unfinished::header_of(const fs::path& path) {
  return BlockLog::open(partial_path(path)).header();
}

// the log first: without it nothing points into the files
void Unfinished::remove(const fs::path& path) {
  for (const auto& left : {partial_path(path), new_partial_path(path), base::assembly_path(path),
                           resuming_path(path)}) {
    remove_if_there(left);
  }
}

Unfinished Unfinished::begin(const fs::path& path, const std::string& header) {
  remove(path);
  return {
      path,
      BlockLog::create(partial_path(path), base::assembly_path(path).filename().string(), header),
      std::nullopt};
}

Unfinished Unfinished::resume(const fs::path& path) {
  BlockLog old = BlockLog::open(partial_path(path));
  const fs::path assembly = base::assembly_path(path);
  const fs::path file = old.file() == assembly ? resuming_path(path) : assembly;
  BlockLog log = BlockLog::create(new_partial_path(path), file.filename().string(), old.header());
  return {path, std::move(log), std::move(old)};
}

Unfinished::~Unfinished() {
  if (!old_) return;
  remove_if_there(log_.path());
  remove_if_there(log_.file());
}

void Unfinished::forget_old() {
  if (!old_) return;
  log_.rename(partial_path(path_));
  remove_if_there(old_->file());
  old_.reset();
}

void Unfinished::finish() {
  std::error_code failure;
  fs::rename(file(), path_, failure);
  if (failure)
    throw base::DataError(fmt::format("'{}': cannot write: {}", path_.string(), failure.message()));
  remove(path_);
}

}  // namespace noether::dataset
