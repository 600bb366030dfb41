/** Proof by real parts: the packaged services as processes, with real faults. */
package dev.slipway.systemtests;
