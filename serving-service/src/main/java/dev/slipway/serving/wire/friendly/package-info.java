/**
 * {@code POST /models/{model}/predict}: what a person types. Takes {@code {"rows": [...]}} or the bare list, {@code {"columns": {...}}},
 * {@code {"inputs": {...}}} or {@code text/csv}; answers {@code {"model", "version", "digest", "outputs": {name: nested arrays}}}, or CSV
 * where the Accept header likes it better. Errors are problem+json (RFC 9457). {@code GET /models/{model}/openapi.json} describes it.
 */
package dev.slipway.serving.wire.friendly;
