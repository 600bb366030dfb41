/** Copies the files of a version that lie in somebody else's bucket into the registry. */
package dev.slipway.registry.external;
