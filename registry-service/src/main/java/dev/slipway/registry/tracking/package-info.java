/**
 * Experiments, runs and what they log, datasets, logged models. The rules (limits, names, what may be logged twice, what a search
 * finds) are MLflow's. Plain SQL throughout: a request is a handful of statements however much it carries.
 */
package dev.slipway.registry.tracking;
