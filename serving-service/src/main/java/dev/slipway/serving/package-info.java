/** The serving process: its configuration and how its parts are put together. What it does lives in the packages below. */
package dev.slipway.serving;
