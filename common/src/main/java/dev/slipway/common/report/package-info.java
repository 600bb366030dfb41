/** What a serving replica tells the registry, each second: of a long list only what changed. Counts and histograms that merge; never a caller's data. */
package dev.slipway.common.report;
