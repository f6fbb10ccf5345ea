#include "dataset/exchange/export_minari.h"

#include <fmt/format.h>

#include <algorithm>
#include <numeric>

#include "base/error.h"
#include "base/interrupt.h"
#include "base/output_file.h"
#include "base/parallel.h"
#include "dataset/exchange/minari_metadata.h"
#include "dataset/store/schema.h"
#include "dataset/store/seal.h"
#include "render/image.h"

namespace noether::dataset {
namespace {

namespace fs = std::filesystem;

// the first `count` frames of an episode as PNG files; shape is (E, T+1, H, W, 3)
std::vector<Bytes> encode_frames(const std::vector<std::uint8_t>& pixels, const Shape& shape,
                                 std::int64_t count, int jobs) {
  const std::int64_t frame_bytes = element_count(std::span(shape).subspan(2));
  std::vector<Bytes> frames(static_cast<std::size_t>(count));
  base::parallel_for(count, base::thread_count(jobs), [&](std::int64_t t) {
    const auto first = pixels.begin() + t * frame_bytes;
    frames[static_cast<std::size_t>(t)] =
        render::encode_png({.width_px = static_cast<int>(shape[3]),
                            .height_px = static_cast<int>(shape[2]),
                            .rgb = {first, first + frame_bytes}});
  });
  return frames;
}

// Copies one episode from the stack into a group of its own.
class EpisodeWriter {
 public:
  EpisodeWriter(const DatasetFile& from, H5File& to, int jobs)
      : from_(from.h5()),
        to_(to),
        jobs_(jobs),
        has_actions_(from.has_actions()),
        lengths_(from.read<std::int64_t>("episodes/length")),
        seeds_(from.read<std::uint64_t>("episodes/seed")) {
    if (has_actions_) policies_ = from_.read_text("episodes/policy");
    const std::int64_t most = from_.describe(pixels_array).shape.at(1) - 1;
    for (const auto length : lengths_) {
      if (length < 1 || length > most) {
        throw base::DataError(fmt::format("'{}': 'episodes/length' holds {}, not 1 to {}",
                                          from_.path().string(), length, most));
      }
    }
  }

  std::int64_t steps() const { return std::accumulate(lengths_.begin(), lengths_.end(), 0LL); }

  void write(std::int64_t episode) {
    const auto i = static_cast<std::size_t>(episode);
    const std::string group = fmt::format("episode_{}", episode);
    const std::int64_t steps = lengths_[i];
    write_pixels(group, episode, steps + 1);
    copy(group, "observations/state", episode, steps + 1);
    to_.set_attribute(group, {"id", episode});
    to_.set_attribute(group, {"total_steps", steps});
    if (!has_actions_) {
      write_no_actions(group, steps);
      return;
    }
    for (const char* name : {"actions", "rewards", "terminations", "truncations"})
      copy(group, name, episode, steps);
    // 0 stands for a start that was given; Minari takes a missing seed for that
    if (policies_[i] != "given")
      to_.set_attribute(group, {"seed", static_cast<std::int64_t>(seeds_[i])});
    to_.set_attribute(group, {"policy", policies_[i]});
  }

 private:
  static std::vector<Attribute> description(const std::string& text) {
    return {{"description", text}};
  }

  void write_pixels(const std::string& group, std::int64_t episode, std::int64_t count) {
    const Shape shape = from_.describe(pixels_array).shape;
    if (!is_minari_image(shape)) {
      copy(group, "observations/pixels", episode, count);
      return;
    }
    const auto pixels = read_rows<std::uint8_t>(from_, pixels_array, episode, 1);
    to_.write_variable_bytes({.path = group + "/observations/pixels",
                              .shape = {count},
                              .attributes = description("frame after t steps, as a PNG file"),
                              .axes = {"time"}},
                             encode_frames(pixels, shape, count, jobs_));
  }

  // the first `count` times of one episode
  void copy(const std::string& group, const std::string& name, std::int64_t episode,
            std::int64_t count) {
    const std::string path = "episodes/" + name;
    const H5Array form = from_.describe(path);
    Array array{.path = group + "/" + name,
                .type = form.type.value(),
                .shape = {form.shape.begin() + 1, form.shape.end()},
                .attributes = description(from_.text_attribute(path, "description"))};
    array.shape[0] = count;
    to_.create_array(array);
    const Bytes row = from_.read_rows(path, episode, 1);
    to_.write_rows(array.path, 0,
                   std::span(row).first(static_cast<std::size_t>(count * row_bytes(array))));
  }

  // what Minari asks for of an episode that nothing drives
  void write_no_actions(const std::string& group, std::int64_t steps) {
    const auto write = [&](const char* name, ElementType type, Shape shape, const char* meaning) {
      const Array array{.path = group + "/" + name,
                        .type = type,
                        .shape = std::move(shape),
                        .attributes = description(meaning)};
      to_.create_array(array);
      Bytes content(static_cast<std::size_t>(steps * row_bytes(array)), std::byte{0});
      if (array.path.ends_with("truncations")) content.back() = std::byte{1};
      if (!content.empty()) to_.write_rows(array.path, 0, content);
    };
    write("actions", ElementType::f4, {steps, 0}, "there are none");
    write("rewards", ElementType::f8, {steps}, "there are none: 0");
    write("terminations", ElementType::boolean, {steps}, "never");
    write("truncations", ElementType::boolean, {steps}, "true at the last step");
  }

  const H5File& from_;
  H5File& to_;
  int jobs_;
  bool has_actions_;
  std::vector<std::int64_t> lengths_;
  std::vector<std::uint64_t> seeds_;
  std::vector<std::string> policies_;
};

void write_data(const DatasetFile& file, const MinariAbout& about, const fs::path& data,
                const ExportOptions& options) {
  const fs::path main = data / "main_data.hdf5";
  MinariSize size{.episodes = file.samples()};
  H5File out = H5File::create(main);
  EpisodeWriter writer(file, out, options.jobs);
  for (std::int64_t i = 0; i < size.episodes; ++i) {
    base::check_interrupt();
    writer.write(i);
    if (options.on_progress) options.on_progress(i + 1, size.episodes);
  }
  out.close();
  seal(main);
  size.steps = writer.steps();
  size.bytes = static_cast<std::int64_t>(fs::file_size(main));
  const std::string metadata = minari_metadata(file, about, size);
  base::write_bytes(std::as_bytes(std::span(metadata)), data / "metadata.json");
}

}  // namespace

std::string export_minari(const DatasetFile& file, const fs::path& folder,
                          const ExportOptions& options, const MinariAbout& about) {
  if (file.schema() != episodes_schema) {
    throw base::UsageError(
        fmt::format("'{}' holds trajectories, and Minari knows only episodes: use --format csv",
                    file.h5().path().string()));
  }
  MinariAbout stated = about;
  if (about.id.empty()) {
    stated.id = minari_id(folder_path(folder).filename().string(), file.text("system"));
  } else {
    check_minari_id(about.id);
  }
  write_folder(folder, options.overwrite, {"data/main_data.hdf5", "data/metadata.json"},
               [&](const fs::path& temporary) {
                 fs::create_directory(temporary / "data");
                 write_data(file, stated, temporary / "data", options);
               });
  return stated.id;
}

}  // namespace noether::dataset
