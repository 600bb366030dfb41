/**
 * Tables made into named tensors: rows, columns and CSV, for the protocols that people type. The rules are the same for all:
 * a column is an input of the model by name, or, where the model has a single input, a row is a row of that input.
 */
package dev.slipway.serving.wire.table;
