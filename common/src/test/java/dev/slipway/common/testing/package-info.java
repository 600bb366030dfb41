/**
 * Fixtures that the tests of every module share, by common's test-jar: real servers that die with the JVM, and models with
 * golden answers. A consumer declares the libraries behind them (embedded Postgres, MinIO client) in its own test scope.
 */
package dev.slipway.common.testing;
