/** A cluster to be hurt: PostgreSQL, MinIO, registries and gateways as processes of this machine, and clients for them. */
package dev.slipway.systemtests.cluster;
