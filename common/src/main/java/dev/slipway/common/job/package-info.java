/** Work that the registry lists and a serving process claims with a lease, because only serving parses models. */
package dev.slipway.common.job;
