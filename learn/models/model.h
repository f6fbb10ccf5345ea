#pragma once

// What everything outside learn/models sees of a model, and the list of all models. Each is a line
// in all_models() and stands in a file pair beside this one: vanilla.h (and node), hnn.h, video.h,
// flow.h.

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "learn/models/field.h"

namespace noether::learn {

// What a model file must hold beside the weights to make the model again, by name.
using ConfigurationValue =
    std::variant<bool, std::int64_t, double, std::string, std::vector<std::int64_t>>;
using Configuration = std::vector<std::pair<std::string, ConfigurationValue>>;

// What the data and the options of `train` say of a model.
struct ModelOptions {
  std::int64_t dimension = 0;             // d, coordinates of a state
  std::vector<std::int64_t> hidden = {};  // widths of the hidden layers
};

// Configuration alone, which never changes. The weights are Params.
class Model {
 public:
  virtual ~Model() = default;

  virtual std::string_view kind() const = 0;  // its name in all_models() and in model files
  virtual Configuration configuration() const = 0;
  virtual std::string text() const = 0;  // "hnn 2-200-200-1"

  // Weights to begin training with, a function of the seed alone.
  virtual Params init(std::uint64_t seed, DType dtype) const = 0;
};
using ModelPtr = std::shared_ptr<const Model>;

// A model of the motion of states.
class FieldModel : public Model {
 public:
  virtual ModelOptions options() const = 0;  // that make() makes it of

  // dx/dt = f(x), [n, d] -> [n, d]
  virtual Field field() const = 0;

  // The network that gives the field itself, so that tailoring may give each query weights of its
  // own there (learn/noether/query_mlp.h); null where there is none.
  virtual const Mlp* network() const { return nullptr; }
  // The names of the weights that tailoring moves unless it is told otherwise; none where the model
  // cannot be tailored.
  virtual std::vector<std::string> own() const { return {}; }
};
using FieldModelPtr = std::shared_ptr<const FieldModel>;

enum class Predicts { states, frames, densities };
// What a model of states is trained on: dx/dt at the points of trajectories, or the points alone.
enum class LearnsFrom { derivatives, trajectories };

struct ModelKind {
  std::string_view name;         // "hnn"
  std::string_view row;          // its name among the rows of an evaluation: "vanilla"
  std::string_view description;  // one line
  Predicts predicts = Predicts::states;
  LearnsFrom learns_from = LearnsFrom::derivatives;
  // Of states; null where it predicts anything else. Throws UsageError where there is no such model
  // for these data.
  FieldModelPtr (*make)(const ModelOptions&);
  // From a file. Throws DataError where the configuration is not that of such a model.
  ModelPtr (*restore)(const Configuration&);
};
std::span<const ModelKind> all_models();

// The kind of that name; throws UsageError naming the nearest.
const ModelKind& find_model(std::string_view name);

// Throws DataError where names or shapes of the weights are not those of the model.
void check_weights(const Model& model, const Params& params);

// The value of that name; throws DataError where it is missing or of another type.
template <class T>
const T& value_of(const Configuration& configuration, std::string_view name);

// A base for models that are one network.
class NetworkModel : public FieldModel {
 public:
  explicit NetworkModel(Mlp mlp) : mlp_(std::move(mlp)) {}
  Configuration configuration() const override;  // widths, output_bias
  ModelOptions options() const override;
  std::string text() const override;
  Params init(std::uint64_t seed, DType dtype) const override;

 protected:
  Mlp mlp_;
};
// Throws DataError where the configuration is not that of a network.
Mlp network_of(const Configuration& configuration);
// Throws UsageError where there is no hidden layer, or one of no width.
Mlp network_of(const ModelOptions& options, std::int64_t outputs);

}  // namespace noether::learn
