/** The one clock. Everything that needs the time has it injected, so that tests can hold it. */
package dev.slipway.registry.time;
