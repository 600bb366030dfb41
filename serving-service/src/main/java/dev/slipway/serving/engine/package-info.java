/**
 * One interface to every runtime, and the choice of runtime by what the files are. An engine knows tensors and files; it
 * knows nothing of models' names, versions, routing or HTTP.
 */
package dev.slipway.serving.engine;
