/** What a version is made of: files with their digests, and the one digest of them all. */
package dev.slipway.common.artifact;
