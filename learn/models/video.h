#pragma once

// Video prediction with actions: the predictor of Denton and Fergus (2018, "SVG") without sampling.
// An encoder sees two frames, a recurrent network their codes and the actions, and a decoder draws
// the next frame.

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "learn/autodiff/params.h"
#include "learn/models/model.h"
#include "learn/nn/conditional_norm.h"
#include "learn/nn/layers.h"
#include "learn/nn/lstm.h"

namespace noether::learn {

struct VideoOptions {
  std::int64_t channels = 1;     // of a frame: 1 grey, 3 colour
  std::int64_t size = 32;        // pixels of its sides: 8, 16, 32, ..., 1024
  std::int64_t features = 8;     // channels of the first level, twice as many at each further one
  std::int64_t code = 32;        // values that the encoder makes of two frames
  std::int64_t memory = 128;     // values that each LSTM cell remembers
  std::int64_t lstm_layers = 1;  // cells, each fed by the one before
  std::int64_t actions = 1;      // values of an action
  std::int64_t history = 4;      // frames that a prediction begins with, at least 2
  bool skips = false;  // the decoder sees what the encoder made of the last two frames of history

  friend bool operator==(const VideoOptions&, const VideoOptions&) = default;
};

// Configuration alone; the weights are Params. Of n = size:
//
//   encoder  frames t - 1 and t, [b, 2 channels, n, n]; each level halves the size, down to 4 x 4:
//            convolution, norm, leaky ReLU 0.2; then linear to the code, norm, tanh
//   memory   LSTM of (code, action t); linear to a code, tanh
//   decoder  linear to images of 4 x 4; each level doubles the size: norm, leaky ReLU 0.2,
//            transposed convolution; then sigmoid: frame t + 1
//
// A norm is a NormLayer: group norm of one group with a trained scale and shift for every channel,
// and then gamma and beta of every sequence, the arrays `own`. Those are what tailoring moves.
//
// Frames are tensors [b, channels, n, n] with values from 0 to 1, one for each time. Action t acts
// between frames t and t + 1; actions are [b, times, a]. All have the type of the weights. No
// sequence of a batch changes a bit of another. All throw ShapeError where shapes do not fit.
class VideoPredictor : public Model {
 public:
  // Throws UsageError for options that make no network.
  explicit VideoPredictor(const VideoOptions& options);

  const VideoOptions& options() const { return options_; }
  std::int64_t levels() const { return std::ssize(encoder_); }
  std::string_view kind() const override;
  Configuration configuration() const override;
  std::string text() const override;  // "video 32x32x1, 8-16-32, code 32, LSTM 128"

  // Weights to begin training with, a function of the seed alone: uniform within +-1/sqrt(fan_in);
  // the last bias of the decoder -2, so that frames begin dark; forget gates 1.
  Params init(std::uint64_t seed, DType dtype) const override;
  // gamma 1 and beta 0 of every norm for b sequences: "gamma1", "beta1", ..., [b, channels].
  Params own(std::int64_t b, DType dtype) const;

  // Free-running: the frames history, ..., history + steps - 1, each made of the two before it, of
  // which all but the first `history` are predictions. Reads actions 1, ..., history + steps - 2.
  Tensors predict(const Params& params, const Params& own, const Tensors& history,
                  const Tensor& actions, std::int64_t steps) const;

  // Teacher-forced: the same of true frames 0, ..., n - 1, which predict frames history, ..., n.
  // All are encoded at once, and all are decoded at once. Reads actions 1, ..., n - 1.
  Tensors predict_each(const Params& params, const Params& own, const Tensors& frames,
                       const Tensor& actions) const;

  // Self-forced: the values of predict(), bit for bit, but predictions that are fed back are
  // constants for every derivative. So all frames are encoded and decoded at once.
  Tensors predict_self_forced(const Params& params, const Params& own, const Tensors& history,
                              const Tensor& actions, std::int64_t steps) const;

 private:
  struct Encoded {
    Tensor code;       // [pairs b, code], pair by pair
    Tensors features;  // of each level, [pairs b, channels, h, w]
  };
  using Memory = std::vector<LstmState>;  // of each cell
  // What true frames leave behind.
  struct Seen {
    Memory memory;
    Tensors outputs;  // of the last cell, [b, memory], from the last frame of history on
    Tensors skipped;  // the features of the last two frames of history, [b, channels, h, w]
  };

  using Norms = std::vector<NormLayer::Joined>;  // in the order of norms_

  Norms join_norms(const Params& params, const Params& own) const;
  Encoded encode(const Params& params, const Norms& norms, const Tensors& frames) const;
  Seen see(const Params& params, const Norms& norms, const Tensors& frames,
           const Tensor& actions) const;
  Memory remember(const Params& params, const Tensor& code, const Tensor& actions, std::int64_t t,
                  const Memory& before) const;
  Tensor decode(const Params& params, const Norms& norms, const Tensor& h,
                const Tensors& skipped) const;
  void check(const Tensors& frames, const Tensor& actions, std::int64_t times) const;

  VideoOptions options_;
  std::vector<HalvingLayer> encoder_;
  LinearLayer to_code_;
  std::vector<LstmCell> cells_;
  LinearLayer from_memory_, to_images_;
  std::vector<DoublingLayer> decoder_;
  std::vector<NormLayer> norms_;  // of the levels of the encoder, of the code, of the decoder
};

// From a file. Throws DataError where the configuration is not that of a video predictor.
VideoPredictor restore_video(const Configuration& configuration);

ModelKind video_kind();

}  // namespace noether::learn
