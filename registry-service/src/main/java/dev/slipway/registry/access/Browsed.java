package dev.slipway.registry.access;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * A resource of pages that a browser shows. Only these honour the sign-in cookie, and each of their POSTs must prove that it
 * comes from a form of ours: no other route can be driven by a form on another site.
 */
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.TYPE)
public @interface Browsed {}
