/** What is done to a cluster and measured, at any length: a test runs the short form, a drill the long one. */
package dev.slipway.systemtests.scenario;
