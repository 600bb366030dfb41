/** Prepare, switch, rollback, retire, and the feed that tells the replicas what to run. */
package dev.slipway.registry.release;
