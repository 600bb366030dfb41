/** The local stack's PostgreSQL: a real server from packaged binaries, on a directory that outlives it. */
package dev.slipway.launcher.postgres;
