/**
 * Registered models and their versions: names, tags, aliases, the stage of a version, the live pointer of a model. Who may
 * move a stage or the pointer, and when, is said in {@code review} and {@code release}; here it is done. Entities stay inside.
 */
package dev.slipway.registry.model;
