/** Tells who looks at something that it changed, whichever registry process changed it. */
package dev.slipway.registry.watch;
