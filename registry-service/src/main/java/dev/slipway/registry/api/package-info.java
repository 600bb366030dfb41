/** The native REST API: resources that translate, and the one place where conditions become problem+json. No rules. */
package dev.slipway.registry.api;
