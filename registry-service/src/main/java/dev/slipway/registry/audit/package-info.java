/** The audit log: one row for each audited deed, written in the deed's own transaction. Rows are only ever added. */
package dev.slipway.registry.audit;
