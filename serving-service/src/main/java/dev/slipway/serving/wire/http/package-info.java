/** What the HTTP protocols share: reading a body within limits, dispatch, trace headers, compression. No protocol's form. */
package dev.slipway.serving.wire.http;
