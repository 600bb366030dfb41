/**
 * TorchScript by Deep Java Library and libtorch: offline, from the libraries in this package's own jars, unpacked once. A TorchScript file
 * holds code of its own language (its operators can read files), so such a version is marked as bearing code, and an installation can
 * leave this engine off.
 */
package dev.slipway.serving.engine.djl;
