/**
 * From the feed to loaded models: follow the feed, fetch, load, warm, switch, drain, report. It decides nothing of its own:
 * what should run is the registry's word.
 */
package dev.slipway.serving.fleet;
