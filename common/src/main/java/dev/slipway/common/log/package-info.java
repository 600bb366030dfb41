/** How both services write their logs. */
package dev.slipway.common.log;
