/** The story of {@code slipway demo}: real calls to a real stack, each shown with its answer. */
package dev.slipway.launcher.demo;
