/** Requests that a replica keeps on its own disk, where a model's settings say so, to compare versions on what callers really send. */
package dev.slipway.serving.sample;
