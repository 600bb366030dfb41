/**
 * What both services must agree on, and only that: names, stages, tensors and signatures, manifests and digests, the
 * wire records of feed, reports and jobs, and the object-store port. No framework, no rule that only one side needs.
 */
package dev.slipway.common;
