package dev.slipway.serving.engine;

/**
 * Outputs that the model itself gives as one: a map for each row from a class to its score (scikit-learn's ZipMap). Some protocols answer
 * with such maps.
 *
 * @param scores the output [rows, classes]
 * @param labels the output [classes] of the classes' labels, which belongs to no row
 */
public record ClassScores(String scores, String labels) {}
