package dev.slipway.serving.probe;

/** How far a task has come: what is said of a model when the process ends under it. */
enum Phase {
  START("before it was loaded"),
  LOADING("while the model was loaded"),
  RUNNING("while the model answered a request");

  private final String words;

  Phase(String words) {
    this.words = words;
  }

  String words() {
    return words;
  }
}
