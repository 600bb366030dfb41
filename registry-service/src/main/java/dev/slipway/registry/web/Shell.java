package dev.slipway.registry.web;

/**
 * What every page has around its content.
 *
 * @param user who the page was made for; empty where nobody asked
 * @param formToken what each form must send back
 * @param here the page's own address, encoded for a query, to come back to after signing in
 * @param section the first segment of the address, which tells the part of the navigation; empty for the models' list
 * @param events where changes of what the page shows are announced; empty where they are not
 * @param notice null for none
 */
public record Shell(
    String title,
    String user,
    boolean anonymous,
    String formToken,
    String here,
    String section,
    String events,
    Notice notice) {}
