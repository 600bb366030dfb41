/** Policies, requests, approvals and comments: who may move a version where, and when that is settled. */
package dev.slipway.registry.review;
