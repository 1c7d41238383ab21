/* Staff pages: shorter ways for those who sit here all day. Every page works without it. ES2015. */
(() => {
  const d = document, main = d.getElementById('main');
  const all = (s, from) => Array.from((from || d).querySelectorAll(s));
  const typing = (x) => x && x.closest && x.closest('input:not([type=checkbox]):not([type=radio]), textarea, select, [contenteditable]');

  /* So that a page of running work need not come again by itself. */
  d.cookie = 'script=1; path=/console; SameSite=Lax';

  /* A long navigation shows where one is. */
  const here = d.querySelector('.mz-side [aria-current]');
  if (here && here.offsetTop + here.offsetHeight > window.innerHeight) here.closest('nav').scrollTop = here.offsetTop - window.innerHeight / 2;

  /* Choosing rows: the count is said, and "all on this page" ticks what it means. */
  const bulk = d.getElementById('bulk');
  if (bulk) {
    const boxes = all('input[name=pick]'), whole = bulk.querySelector('[data-all]'), out = bulk.querySelector('output');
    const count = () => {
      const n = boxes.filter((b) => b.checked).length;
      out.textContent = out.getAttribute('data-picked').replace('#', n);
      whole.checked = n === boxes.length;
      whole.indeterminate = n > 0 && n < boxes.length;
      boxes.forEach((b) => { const row = b.closest('tr'); if (row) row.classList.toggle('is-on', b.checked); });
    };
    whole.addEventListener('change', () => { boxes.forEach((b) => { b.checked = whole.checked; }); count(); });
    d.addEventListener('change', (e) => { if (e.target.name === 'pick') count(); });
    bulk.addEventListener('submit', (e) => {
      if (!boxes.some((b) => b.checked)) { e.preventDefault(); out.scrollIntoView({ block: 'nearest' }); whole.focus(); }
    });
    count();
  }

  /* A form that was begun is not left by accident. */
  let begun = false;
  all('form[data-guard]').forEach((f) => {
    if (f.querySelector('#sum')) begun = true;
    f.addEventListener('input', () => { begun = true; });
    f.addEventListener('submit', () => { begun = false; });
  });
  window.addEventListener('beforeunload', (e) => { if (begun) { e.preventDefault(); e.returnValue = ''; } });

  /* Ctrl+Enter sends from anywhere in a form. */
  d.addEventListener('keydown', (e) => {
    if (e.key !== 'Enter' || !(e.ctrlKey || e.metaKey)) return;
    const f = e.target.closest && e.target.closest('form.mz-ask');
    const b = f && f.querySelector('button[type=submit]');
    if (b) { e.preventDefault(); b.click(); }
  });

  /* Single keys, which can be switched off. */
  const keys = d.getElementById('keys'), off = keys && keys.querySelector('[data-keys-off]');
  const quiet = () => { try { return localStorage.getItem('keys') === 'off'; } catch (_) { return false; } };
  if (keys && keys.showModal) {
    off.checked = quiet();
    off.addEventListener('change', () => { try { localStorage.setItem('keys', off.checked ? 'off' : 'on'); } catch (_) { /* kept until the page goes */ } });
    all('[data-keys]').forEach((b) => b.addEventListener('click', () => keys.showModal()));
  }
  const rows = main ? all('tbody tr', main) : [];
  let at = -1;
  const go = (to) => {
    if (to < 0 || to >= rows.length) return;
    at = to;
    const x = rows[at].querySelector('a, input, button');
    rows.forEach((row, i) => row.classList.toggle('is-at', i === at));
    rows[at].scrollIntoView({ block: 'nearest' });
    if (x) x.focus();
  };
  d.addEventListener('keydown', (e) => {
    if (e.ctrlKey || e.metaKey || e.altKey || typing(e.target) || (keys && keys.open)) return;
    if (e.key === '?' && keys && keys.showModal) { e.preventDefault(); keys.showModal(); return; }
    if (quiet()) return;
    if (e.key === '/') {
      const s = d.querySelector('main [role=search] input:not([type=hidden])');
      if (s) { e.preventDefault(); s.focus(); if (s.select) s.select(); }
    }
    if (e.key === 'j') go(at + 1);
    if (e.key === 'k') go(at - 1);
    if (e.key === 'x' && at >= 0) { const b = rows[at].querySelector('input[name=pick]'); if (b) b.click(); }
  });

  /* Running work is looked at again in place; when it ends the page comes whole. */
  const live = d.querySelector('#live[data-poll]');
  if (live && window.fetch && window.DOMParser) {
    const look = () => {
      fetch(location.href, { credentials: 'same-origin' }).then((r) => (r.ok ? r.text() : Promise.reject())).then((text) => {
        const next = new DOMParser().parseFromString(text, 'text/html').querySelector('#live');
        if (!next || !next.hasAttribute('data-poll')) { location.reload(); return; }
        live.replaceChildren(...next.childNodes);
        setTimeout(look, 2000);
      }).catch(() => setTimeout(look, 10000));
    };
    setTimeout(look, 2000);
  }
})();
