/** Processes of the local stack: kept running, stopped for good, and found again when nobody owns them any more. */
package dev.slipway.launcher.process;
