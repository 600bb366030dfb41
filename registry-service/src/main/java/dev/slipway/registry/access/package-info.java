/** Who calls, and what roles they have. How a name is proved may change; who may do what stays here. */
package dev.slipway.registry.access;
