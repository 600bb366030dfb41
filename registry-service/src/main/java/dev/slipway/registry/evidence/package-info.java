/**
 * What is found out about a version that somebody wants to move: each check is a rule of its own, and its finding stands on the
 * request with the figures it comes from.
 */
package dev.slipway.registry.evidence;
