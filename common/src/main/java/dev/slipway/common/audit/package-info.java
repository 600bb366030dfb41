/**
 * The audit log's chain: how an entry is hashed, how a checkpoint is signed, and how both are verified without the registry. No
 * database and no HTTP here.
 */
package dev.slipway.common.audit;
