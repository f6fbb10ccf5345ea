#include "learn/models/model.h"

#include <catch2/catch.hpp>
#include <set>

#include "base/error.h"
#include "learn/autodiff/ops.h"
#include "tests/support/file_bytes.h"

namespace noether::learn {
namespace {

const ModelOptions options{4, {6, 5}};

// Those that predict states; each of the others has tests of its own.
std::vector<ModelKind> models_of_states() {
  std::vector<ModelKind> kinds;
  for (const ModelKind& kind : all_models()) {
    if (kind.predicts == Predicts::states) kinds.push_back(kind);
  }
  return kinds;
}

Tensor states() {
  return Tensor::build<double>({3, 4}, [](std::span<double> out) {
    for (std::size_t i = 0; i < out.size(); ++i) out[i] = static_cast<double>(i % 5) / 4 - 0.4;
  });
}

std::vector<double> predicted(const FieldModel& model) {
  return model.field()(model.init(3, DType::f64), states()).to_vector();
}

}  // namespace

TEST_CASE("every model in the list is made by its name and knows it", "[learn][models]") {
  std::set<std::string_view> names;
  for (const ModelKind& kind : models_of_states()) {
    CAPTURE(kind.name);
    const FieldModelPtr model = find_model(kind.name).make(options);
    CHECK(model->kind() == kind.name);
    CHECK(model->options().dimension == 4);
    CHECK(model->options().hidden == options.hidden);
    CHECK(model->text().starts_with(std::string(kind.name) + " 4-6-5-"));
    CHECK_FALSE(kind.description.empty());
    CHECK(names.insert(kind.name).second);
  }
  CHECK(names.size() >= 2);
  CHECK(test::message_of<base::UsageError>([] { find_model("hn"); }) ==
        "unknown model 'hn'; did you mean 'hnn'? (known: mlp, hnn, node, video and "
        "cnf)");
}

TEST_CASE("every model is made again from its configuration", "[learn][models]") {
  for (const ModelKind& kind : models_of_states()) {
    CAPTURE(kind.name);
    const FieldModelPtr model = kind.make(options);
    const auto again =
        std::dynamic_pointer_cast<const FieldModel>(kind.restore(model->configuration()));
    REQUIRE(again);
    CHECK(again->configuration() == model->configuration());
    CHECK(predicted(*again) == predicted(*model));
    CHECK_THROWS_AS(kind.restore({}), base::DataError);
    CHECK_THROWS_AS(kind.restore({{"widths", std::string("4-6-5")}}), base::DataError);
  }
}

TEST_CASE("the weights of every model are a function of its seed, and fit it alone",
          "[learn][models]") {
  for (const ModelKind& kind : models_of_states()) {
    CAPTURE(kind.name);
    const ModelPtr model = kind.make(options), other = kind.make({4, {6, 7}});
    const auto bits = [&](std::uint64_t seed) {
      return ravel(model->init(seed, DType::f32).tensors()).to_vector();
    };
    CHECK(bits(1) == bits(1));
    CHECK(bits(1) != bits(2));
    CHECK_NOTHROW(check_weights(*model, model->init(5, DType::f64)));
    CHECK_THROWS_AS(check_weights(*model, other->init(5, DType::f64)), base::DataError);
    CHECK_THROWS_AS(check_weights(*model, {}), base::DataError);
  }
}

TEST_CASE("the field of every model maps states to rates, row by row", "[learn][models]") {
  for (const ModelKind& kind : models_of_states()) {
    CAPTURE(kind.name);
    const FieldModelPtr model = kind.make(options);
    const Params weights = model->init(3, DType::f64);
    const Tensor all = model->field()(weights, states());
    CHECK(all.shape() == states().shape());
    const Tensor one = model->field()(weights, slice(states(), 0, 1, 2));
    // sums over some terms of order one, perhaps in another order
    for (std::int64_t i = 0; i < 4; ++i) {
      CHECK(slice(one, 1, i, i + 1).item() ==
            Approx(slice(slice(all, 0, 1, 2), 1, i, i + 1).item()).margin(1e-14));
    }
  }
}

TEST_CASE("what tailoring moves is among the weights, and gives the field", "[learn][models]") {
  int tailored = 0;
  for (const ModelKind& kind : models_of_states()) {
    CAPTURE(kind.name);
    const FieldModelPtr model = kind.make(options);
    CHECK((model->network() == nullptr) == model->own().empty());
    if (model->network() == nullptr) continue;
    ++tailored;
    const Params weights = model->init(3, DType::f64);
    for (const std::string& name : model->own()) CHECK(weights.contains(name));
    CHECK((*model->network())(weights, states()).to_vector() ==
          model->field()(weights, states()).to_vector());
  }
  CHECK(tailored >= 1);
}

TEST_CASE("a model that the data do not allow is refused", "[learn][models]") {
  CHECK(test::message_of<base::UsageError>([] {
          find_model("hnn").make({3, {8}});
        }) == "hnn needs coordinates and momenta, equally many, but the data have 3 coordinates");
  for (const ModelKind& kind : models_of_states()) {
    CHECK_THROWS_AS(kind.make({2, {}}), base::UsageError);
    CHECK_THROWS_AS(kind.make({2, {8, 0}}), base::UsageError);
  }
}

}  // namespace noether::learn
