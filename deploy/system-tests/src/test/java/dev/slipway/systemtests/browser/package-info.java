/** The pages in a real Chromium: the stories of the people who use them, and whether everybody can. */
package dev.slipway.systemtests.browser;
