#include "bench/model/tailored_rows.h"

#include <fmt/format.h>

#include "base/error.h"
#include "learn/noether/joint_weights.h"

namespace noether::bench {
namespace {

using learn::Params;
using learn::Setting;

std::string plain_row(const Checkpoint& checkpoint) {
  if (checkpoint.tailoring) return "untailored";
  return std::string(learn::find_model(checkpoint.model->kind()).row);
}

std::string tailored_row(const Tailoring& tailoring, Setting setting) {
  const bool rate = has_rate(tailoring.rule);
  const std::string rule(to_string(tailoring.rule));
  if (setting == Setting::transductive) return "transductive";
  if (setting == Setting::tailoring) return rate ? "tailored-" + rule : "tailored";
  if (tailoring.by_network()) return "meta-neural";
  if (rate) return "meta-" + rule;
  return tailoring.conserve == "energy" ? "meta-oracle" : "meta-formula";
}

// Which quantity, and its weights where it is a network: those that were trained with the model.
Tailoring chosen(const Checkpoint& checkpoint, const std::optional<Tailoring>& tailoring,
                 Setting setting) {
  const std::optional<Tailoring>& own = checkpoint.tailoring;
  if (setting == Setting::meta_tailoring && !own) {
    throw base::UsageError(
        "the model was not meta-tailored (noether train --conserve does that): "
        "its setting is tailoring");
  }
  if (setting == Setting::meta_tailoring && tailoring) {
    throw base::UsageError(
        fmt::format("the model was meta-tailored to conserve {}: leave out --conserve, or use "
                    "--setting tailoring",
                    own->conserve));
  }
  if (!tailoring && !own)
    throw base::UsageError(fmt::format("--setting {} needs --conserve", to_string(setting)));
  if (tailoring && tailoring->by_network() && !(own && own->by_network())) {
    throw base::UsageError(
        "the model holds no network to conserve; noether train --conserve network learns one");
  }
  Tailoring choice = tailoring ? *tailoring : *own;
  if (choice.by_network()) choice.network = own->network;
  return choice;
}

}  // namespace

learn::Field trained_field(const Checkpoint& checkpoint) {
  const auto& tailoring = checkpoint.tailoring;
  const learn::FieldModel& model = field_model(checkpoint);
  if (!tailoring) return model.field();
  const learn::DType dtype = checkpoint.state.params.begin()->second.dtype();
  return jointly_tailored_field(*model.network(), quantity_of(*tailoring, checkpoint.coordinates),
                                inner_step_of(*tailoring, model, dtype));
}

Params model_weights(const Checkpoint& checkpoint) {
  return learn::split(checkpoint.state.params).theta;
}

std::vector<Candidate> candidates(const Checkpoint& checkpoint,
                                  const std::optional<Tailoring>& tailoring, Setting setting,
                                  const Task& task) {
  const auto [theta, phi] = learn::split(checkpoint.state.params);
  const learn::FieldModel& model = field_model(checkpoint);
  const learn::Field plain = model.field();
  std::vector<Candidate> all{{plain_row(checkpoint), plain, theta}};
  if (setting == Setting::inductive) return all;

  check_can_tailor(model, "the model");
  const Tailoring choice = chosen(checkpoint, tailoring, setting);
  if (setting != Setting::transductive) check_step_by_query(choice);
  const learn::Mlp& mlp = *model.network();
  const learn::DType dtype = theta.begin()->second.dtype();
  const learn::Quantity g = quantity_of(choice, checkpoint.coordinates);
  const learn::InnerStep step = inner_step_of(choice, model, dtype);
  const std::string row = tailored_row(choice, setting);
  if (setting == Setting::transductive) {
    const learn::Tensor queries = cast(task.starts, dtype);
    all.push_back({row, plain, transductive_weights(mlp, g, phi, step, theta, queries)});
  } else {
    all.push_back({row, tailored_field(mlp, g, phi, step), theta});
  }
  return all;
}

}  // namespace noether::bench
