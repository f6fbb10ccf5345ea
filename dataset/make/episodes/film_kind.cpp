#include "dataset/make/episodes/film_kind.h"

#include "dataset/make/trajectories/trajectory_kind.h"
#include "dataset/make/view.h"

namespace noether::dataset {
namespace {

render::Image image(const DatasetFile& file, std::int64_t sample) {
  return render::draw_film_strip(filmed_motion(file, sample));
}

std::vector<render::Image> animation(const DatasetFile& file, std::int64_t sample) {
  return render::draw_animation(filmed_motion(file, sample));
}

}  // namespace

Kind film_kind() {
  return {.schema = episodes_schema,
          .sample = "episode",
          .image = image,
          .animation = animation,
          .csv = table_of_states};
}

}  // namespace noether::dataset
