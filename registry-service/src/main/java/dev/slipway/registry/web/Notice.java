package dev.slipway.registry.web;

/** What a page says above everything else: that something was refused, and why. */
public record Notice(String title, String text) {}
