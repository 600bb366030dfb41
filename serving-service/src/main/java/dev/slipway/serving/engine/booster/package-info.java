/**
 * Gradient-boosted trees, walked in Java: XGBoost's JSON and UBJSON files and LightGBM's text files. The answers are those of
 * the frameworks' own CPU prediction, step by step (float sums in XGBoost, double sums in LightGBM, their rules for missing values
 * and categories); a file whose answers would not surely be the same is refused at load, with the reason. No native code.
 */
package dev.slipway.serving.engine.booster;
