/**
 * TensorFlow SavedModels by Deep Java Library: an add-on, for TensorFlow is 150 MB of the package and 450 MB unpacked ({@code -Dtensorflow}).
 * What a SavedModel takes and gives is read from its file, so that a gateway without the add-on says of one what it is and what to do. Its
 * graph has operators that read and write files, so such a version is marked as bearing code, and an installation can leave this engine off.
 */
package dev.slipway.serving.engine.tensorflow;
