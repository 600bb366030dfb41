/** What both services' ports do about callers who hold a connection and let nothing come of it. The only package here that knows Netty. */
package dev.slipway.common.connection;
