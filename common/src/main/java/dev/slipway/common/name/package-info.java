/** Names that are keys on both sides: validated once, in the compact constructor. */
package dev.slipway.common.name;
