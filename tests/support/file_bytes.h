#pragma once

// Whole files as strings, for comparing and for damaging them.

#include <filesystem>
#include <fstream>
#include <iterator>
#include <stdexcept>
#include <string>

namespace noether::test {

inline std::string read_bytes(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  if (!file) throw std::runtime_error("cannot read " + path.string());
  return {std::istreambuf_iterator<char>(file), {}};
}

inline void write_bytes(const std::filesystem::path& path, const std::string& bytes) {
  // as a new file: one that is written over, ext4 sends to the disk at once, in milliseconds
  std::filesystem::remove(path);
  std::ofstream file(path, std::ios::binary);
  file.write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
  if (!file.flush()) throw std::runtime_error("cannot write " + path.string());
}

// `bytes` with all bits of byte `at` inverted.
inline std::string flipped(std::string bytes, std::size_t at) {
  bytes.at(at) = static_cast<char>(~bytes[at]);
  return bytes;
}

// The message of what `run` throws as an E, or "" where it throws nothing.
template <class E, class Run>
std::string message_of(Run run) {
  try {
    run();
  } catch (const E& error) {
    return error.what();
  }
  return "";
}

}  // namespace noether::test
