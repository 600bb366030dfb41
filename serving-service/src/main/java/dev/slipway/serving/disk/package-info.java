/** The replica's data directory: one owner at a time, its identity, and files that are there whole or not at all. */
package dev.slipway.serving.disk;
