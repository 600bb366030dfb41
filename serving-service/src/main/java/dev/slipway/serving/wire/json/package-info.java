/**
 * Tensors in JSON, read and written by streaming. Numbers are exact: integers over their whole range, floating point by its
 * shortest decimal form. JSON has no word for NaN and the infinities: they are the strings "NaN", "Infinity" and "-Infinity", as
 * in Protocol Buffers' JSON mapping.
 */
package dev.slipway.serving.wire.json;
