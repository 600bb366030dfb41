/**
 * Artifacts on disk, by digest: fetched once, verified as they come and again each time they are opened, evicted when nothing
 * names them. It knows files and digests; it knows nothing of models, versions or engines.
 */
package dev.slipway.serving.cache;
