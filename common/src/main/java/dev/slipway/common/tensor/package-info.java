/** Datatypes, shapes and signatures in the words of the Open Inference Protocol. No tensor data lives here. */
package dev.slipway.common.tensor;
