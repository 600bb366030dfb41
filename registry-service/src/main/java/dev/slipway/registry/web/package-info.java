/** The pages: server-rendered HTML over the same features as the API. They hold no rules; every form works without a script. */
package dev.slipway.registry.web;
