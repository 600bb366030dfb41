/** Checks histories: mixed operations of many clients, explained by one order of a model of the rules, or not. */
package dev.slipway.systemtests.history;
