package dev.slipway.serving.engine;

/**
 * A column of a model's data frame, as its MLflow signature has it (mlflow.types.ColSpec).
 *
 * @param required whether every frame has it
 */
public record FrameColumn(String name, Type type, boolean required) {

  /** MLflow's types of columns, with the name that numpy has for each. */
  public enum Type {
    BOOLEAN("bool"),
    INTEGER("int32"),
    LONG("int64"),
    FLOAT("float32"),
    DOUBLE("float64"),
    STRING("<U0"),
    BINARY("|S0"),
    DATETIME("datetime64[ns]"),
    /** Arrays, objects, maps, and what later versions add: left to the model's own signature. */
    OTHER("object");

    private final String numpy;

    Type(String numpy) {
      this.numpy = numpy;
    }

    public String numpy() {
      return numpy;
    }

    static Type of(String mlflow) {
      for (Type type : values()) {
        if (type.name().equalsIgnoreCase(mlflow)) {
          return type;
        }
      }
      return OTHER;
    }
  }
}
