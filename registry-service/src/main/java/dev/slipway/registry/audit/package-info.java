/**
 * The audit log: one hash-chained entry for each audited deed, written in the deed's own transaction; signed checkpoints; the export
 * that can be verified without this service. Entries are only ever added. How the chain is made and verified is common's.
 */
package dev.slipway.registry.audit;
