/** What people do with models by typing: push, ask, review, roll back, predict. Words follow gh, docker and kubectl. */
package dev.slipway.launcher.user;
