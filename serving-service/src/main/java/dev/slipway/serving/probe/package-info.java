/**
 * Jobs that the registry lists and this process claims, because only serving parses models. For now they run in this process, on a
 * thread of their own.
 */
package dev.slipway.serving.probe;
