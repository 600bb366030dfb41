/** The review stages of a model version and the table of moves between them. Nothing that knows of policies lives here. */
package dev.slipway.common.stage;
