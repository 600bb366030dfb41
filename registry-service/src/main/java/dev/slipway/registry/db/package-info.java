/** SQL as it is written: statements inside the caller's transaction, and Postgres' notifications. */
package dev.slipway.registry.db;
