/**
 * {@code POST /models/{model}/predict}: what a person types. Takes {@code {"rows": [...]}} or the bare list, {@code {"columns": {...}}},
 * {@code {"inputs": {...}}} or {@code text/csv}; answers {@code {"model", "version", "digest", "outputs": {name: nested arrays}}}. Errors are
 * problem+json (RFC 9457).
 */
package dev.slipway.serving.wire.friendly;
