#include "dataset/store/examine.h"

#include <fmt/format.h>

#include "base/error.h"
#include "base/file_lock.h"
#include "base/output_file.h"
#include "dataset/store/h5.h"
#include "dataset/store/seal.h"
#include "dataset/store/user_block.h"

namespace noether::dataset {
namespace {

FileReport unreadable(const Probe& probed) {
  if (probed.state == FileState::missing_filter) return {probed.state, probed.reason};
  return {FileState::damaged, "is damaged: " + probed.reason};
}

}  // namespace

FileReport examine(const std::filesystem::path& path) {
  if (base::is_locked(path))
    return {FileState::in_use, "is in use: another process has it open for writing"};
  const SealReport report = check_seal(path);
  if (report.state == SealState::intact) return {FileState::intact};
  if (report.state == SealState::missing) {
    const Probe probed = probe(path);
    return probed.state == FileState::foreign ? FileReport{FileState::foreign} : unreadable(probed);
  }
  if (!has_seal(path)) return {FileState::damaged, report.reason};
  // Whoever writes a file anew changes its length. At the same length a text may have changed, and
  // texts have no checksum of their own.
  if (report.other_length) {
    const Probe probed = probe(path);
    if (probed.state == FileState::missing_filter) return unreadable(probed);
    if (probed.checksums_fit) {
      return {FileState::rewritten,
              fmt::format("was rewritten by another program, and its content checksums fit: "
                          "`noether seal {}` seals it again",
                          path.string())};
    }
  }
  return {FileState::damaged, "is damaged: it " + report.reason};
}

bool seal_again(const std::filesystem::path& path) {
  const base::FileLock lock = base::FileLock::of_output(path);
  const FileReport report = examine(path);
  if (report.state == FileState::intact) return false;
  const bool sealable = report.state == FileState::rewritten ||
                        (report.state == FileState::foreign && probe(path).checksums_fit);
  if (report.state == FileState::foreign && !sealable) {
    throw base::DataError(
        fmt::format("'{}' is no file of this program whose content checksums fit: it is not sealed",
                    path.string()));
  }
  if (!sealable) throw base::DataError(fmt::format("'{}' {}", path.string(), report.reason));
  base::check_output_file(path, true);
  base::write_whole(path, base::assembly_path(path), [&](const std::filesystem::path& assembly) {
    if (signature_offset(path) == h5_user_block_bytes) {
      std::filesystem::copy_file(path, assembly,
                                 std::filesystem::copy_options::overwrite_existing);
    } else {
      copy_with_user_block(path, assembly, h5_user_block_bytes);
    }
    seal(assembly);
  });
  return true;
}

}  // namespace noether::dataset
