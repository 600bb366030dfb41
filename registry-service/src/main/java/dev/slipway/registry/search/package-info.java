/**
 * The filter and order language of MLflow's searches, as a pure function from text to clauses: what runs, experiments, logged
 * models, registered models and model versions are searched with. It knows names and types of keys, never tables.
 */
package dev.slipway.registry.search;
