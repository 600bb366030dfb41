// Brings the parts of a page up to date when the registry says that something changed. Without it the page works as it is.
(() => {
  const main = document.querySelector('main[data-events]');
  if (!main || !window.EventSource) return;
  const address = new URL(main.dataset.events, location.href);
  let source, later, loading = false, again = false;

  // Nothing is taken away from under somebody's hands.
  const inUse = part => part.querySelector('form') && (part.matches(':hover, :focus-within')
    || part.querySelector('details[open]')
    || [...part.querySelectorAll('input:not([type=hidden]), textarea')].some(it => it.value !== it.defaultValue));

  const show = fresh => {
    clearTimeout(later);
    let waits = false;
    for (const part of main.querySelectorAll('[data-part]')) {
      const next = fresh.querySelector(`[data-part="${part.dataset.part}"]`);
      if (!next || next.innerHTML === part.innerHTML) continue;
      if (inUse(part)) waits = true;
      else {
        const open = [...part.querySelectorAll('details[open] > summary')].map(it => it.textContent);
        const focused = part.contains(document.activeElement) && document.activeElement.outerHTML;
        part.replaceChildren(...next.childNodes);
        next.remove();
        part.querySelectorAll('summary').forEach(it => it.parentElement.open = open.includes(it.textContent));
        if (focused) [...part.querySelectorAll('a, button, summary')].find(it => it.outerHTML === focused)?.focus({ preventScroll: true });
      }
    }
    if (waits) later = setTimeout(() => show(fresh), 1000);
  };

  const load = async () => {
    if (again = loading) return;
    loading = true;
    try {
      const answer = await fetch(location.href, { headers: { Accept: 'text/html' }, cache: 'no-store' });
      if (answer.ok) show(new DOMParser().parseFromString(await answer.text(), 'text/html'));
    } catch {
      // The registry is away; when the browser has found it again, an event brings us here again.
    }
    loading = false;
    if (again) load();
  };

  const listen = () => {
    source?.close();
    source = new EventSource(address);
    source.addEventListener('changed', event => {
      address.searchParams.set('since', event.lastEventId);
      load();
    });
    // The browser comes back by itself, except to a registry that refuses.
    source.addEventListener('error', () => {
      if (source.readyState === EventSource.CLOSED && !document.hidden) setTimeout(listen, 15000);
    });
  };

  // A window that nobody sees holds no connection.
  const follow = () => document.hidden ? source?.close() : listen();
  document.addEventListener('visibilitychange', follow);
  addEventListener('pagehide', () => source?.close());
  follow();
})();
