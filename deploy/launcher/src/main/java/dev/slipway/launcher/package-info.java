/** The {@code slipway} command. One class a command; what they do together lives in the packages below. */
package dev.slipway.launcher;
