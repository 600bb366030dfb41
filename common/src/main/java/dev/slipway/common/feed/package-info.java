/**
 * The feed: the whole desired state of the fleet, as the registry decides it and every serving replica follows it. Records
 * only; who may change it is the registry's business, how it is reached is the serving side's.
 */
package dev.slipway.common.feed;
