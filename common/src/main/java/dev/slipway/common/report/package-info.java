/** What a serving replica tells the registry, each second. Counts and histograms that merge; never a caller's data. */
package dev.slipway.common.report;
