/** The local stack: one data directory, one supervisor, PostgreSQL and the two services. */
package dev.slipway.launcher.stack;
