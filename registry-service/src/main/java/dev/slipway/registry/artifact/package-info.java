/**
 * Bytes and where they are: uploads, blobs stored once by digest, the folders of versions and of the artifact tree, the
 * snapshot that makes a version, and the collection of what nobody refers to. Nothing here knows what the bytes mean, save the
 * header of a file.
 */
package dev.slipway.registry.artifact;
