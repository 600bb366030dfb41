/** The long forms, run by hand: {@code slipway drill NAME}. Each prints its figures and fails when a promise is broken. */
package dev.slipway.systemtests.drill;
