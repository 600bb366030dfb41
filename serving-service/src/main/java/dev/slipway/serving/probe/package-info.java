/**
 * Jobs that the registry lists and this process claims, because only serving parses models. They run in a child process that may
 * die of them.
 */
package dev.slipway.serving.probe;
