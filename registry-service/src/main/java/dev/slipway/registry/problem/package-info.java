/** The conditions a caller can meet, one class each, and nothing of how a dialect words them. */
package dev.slipway.registry.problem;
