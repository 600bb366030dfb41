/** Fixtures of the serving tests: a registry that speaks the wire over real HTTP, an engine with a lifecycle. */
package dev.slipway.serving.testing;
