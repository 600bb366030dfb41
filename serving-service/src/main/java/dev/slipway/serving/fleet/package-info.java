/**
 * From the feed to loaded models: follow the feed, fetch, load, warm, switch, drain, report. It decides nothing of its own:
 * what should run is the registry's word.
 *
 * <p>One thread owns the state ({@link dev.slipway.serving.fleet.FleetLoop}) and never waits; a pure function says what to do
 * next ({@link dev.slipway.serving.fleet.FleetManager}); requests read an immutable routing table through one volatile field
 * ({@link dev.slipway.serving.fleet.Router}). What holds:
 *
 * <ul>
 *   <li>A new feed is routed first, then saved, then reported as in force: a rollback waits for no load and no disk, and what
 *       the registry was told survives a crash.
 *   <li>Where the live version is not READY here, the answer is NOT_READY with its name. No other version answers in its place:
 *       the one that was live before may be the one just rolled back.
 *   <li>A failure that is expected to pass (registry, store or disk away) is reported as LOADING with its reason, since FAILED
 *       ends a release; wrong bytes and refused models are FAILED.
 *   <li>A replica is ready once every live version of the last feed is READY or has failed for good. It then stays ready: one
 *       model's trouble must not take the others away.
 *   <li>Within an epoch only a higher revision counts. An epoch that was replaced counts again only after nothing else was heard
 *       for ten seconds.
 * </ul>
 */
package dev.slipway.serving.fleet;
