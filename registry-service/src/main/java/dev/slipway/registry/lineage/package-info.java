/**
 * Where versions come from: sources are resolved and snapshotted, and what a run or a logged model says of a version is kept with
 * it. Reads {@code MLmodel}, never the model.
 */
package dev.slipway.registry.lineage;
