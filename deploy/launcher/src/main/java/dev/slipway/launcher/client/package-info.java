/** How the command reaches a registry and a gateway: where they are, who calls, and one HTTP client. */
package dev.slipway.launcher.client;
