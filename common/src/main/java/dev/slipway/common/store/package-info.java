/**
 * The object-store port and its two implementations: S3 by the MinIO client, and a directory for the one-command local
 * stack. Both pass one contract test. Nothing here knows what the bytes mean.
 */
package dev.slipway.common.store;
