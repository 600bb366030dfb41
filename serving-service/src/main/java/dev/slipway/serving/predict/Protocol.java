package dev.slipway.serving.predict;

/** The doors through which predictions are asked for, as the metrics name them. */
public enum Protocol {
  OIP_HTTP("oip-http"),
  OIP_GRPC("oip-grpc"),
  FRIENDLY("friendly"),
  MLFLOW("mlflow"),
  TF_SERVING("tf-serving");

  private final String label;

  Protocol(String label) {
    this.label = label;
  }

  public String label() {
    return label;
  }
}
