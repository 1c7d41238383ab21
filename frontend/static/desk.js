/* The hotline desk: answers while one types, and a key for each deed. Every deed is a post the page makes without it
   too; what comes back is the whole page, of which the parts that changed are taken. The caller's words go out in
   bodies only. ES2020. */
(() => {
  const d = document, main = d.getElementById('main'), form = d.getElementById('desk');
  d.querySelectorAll('[data-print]').forEach((b) => b.addEventListener('click', () => window.print()));
  if (!form) return;
  const $ = (id) => d.getElementById(id);
  const q = $('q'), place = $('place'), drop = $('places'), note = $('note'), keys = $('keys');
  const parts = ['state', 'on', 'list', 'answer', 'panel', 'grounds', 'card', 'spot', 'said', 'q-e', 'receipt-e'];
  const quiet = () => { try { return localStorage.getItem('keys') === 'off'; } catch (_) { return false; } };

  /* Telling: what is wrong, what takes long, what was done. */
  const trouble = (text, href) => {
    const t = $('trouble');
    t.hidden = !text;
    t.textContent = text || '';
    if (href) {
      const a = d.createElement('a');
      a.href = href; a.target = '_blank'; a.rel = 'noopener'; a.textContent = main.dataset.again;
      t.append(' ', a);
    }
  };
  let waiting = [];
  const wait = (on) => {
    waiting.forEach(clearTimeout);
    waiting = [];
    const w = $('wait');
    w.hidden = true;
    $('answer').toggleAttribute('aria-busy', false);
    if (!on) return;
    waiting = [[350, main.dataset.wait], [5000, main.dataset.slow]].map(([ms, text]) => setTimeout(() => {
      w.hidden = false; w.textContent = text; $('answer').setAttribute('aria-busy', 'true');
    }, ms));
  };

  /* The timer goes by what the server says has passed: this machine's clock may be anything. */
  let since = null;
  const tick = () => {
    const t = d.querySelector('#on [data-seconds]');
    if (!t) { since = null; return; }
    if (!since || since.t !== t) since = { t, from: performance.now() - 1000 * t.dataset.seconds };
    const s = Math.floor((performance.now() - since.from) / 1000), two = (n) => String(n).padStart(2, '0');
    t.textContent = t.dataset.say + ' ' + (s >= 3600 ? Math.floor(s / 3600) + ':' : '') + two(Math.floor(s / 60) % 60) + ':' + two(s % 60);
  };
  setInterval(tick, 1000);

  /* One post at a time: a newer one ends the older, whose answer nobody waits for. */
  let turn = 0, under = null, last = null;
  const state = (from) => {
    const b = new URLSearchParams();
    if (from && from !== form) for (const [k, v] of new FormData(from)) b.set(k, v);
    d.querySelectorAll('#state input').forEach((i) => b.set(i.name, i.value));
    b.set('q', q.value);
    return b;
  };
  const take = (page, keep) => {
    for (const id of parts) {
      const old = $(id), next = page.getElementById(id);
      if (!old || !next || keep.includes(id)) continue;
      if (id === 'on' && old.querySelector('[data-seconds]') && next.querySelector('[data-seconds]')) continue;
      for (const a of Array.from(old.attributes)) if (a.name.startsWith('data-')) old.removeAttribute(a.name);
      for (const a of Array.from(next.attributes)) if (a.name.startsWith('data-')) old.setAttribute(a.name, a.value);
      old.replaceChildren(...Array.from(next.childNodes).map((n) => d.importNode(n, true)));
    }
    if (d.activeElement !== place && $('spot').dataset.name) place.value = $('spot').dataset.name;
    q.classList.toggle('is-bad', !!$('q-e').textContent);
    const r = page.getElementById('receipt');
    if (r) for (const id of ['receipt', 'proof']) $(id).classList.toggle('is-bad', page.getElementById(id).classList.contains('is-bad'));
    tick();
  };
  const post = async (to, body, keep = []) => {
    const mine = ++turn;
    if (under) under.abort();
    under = new AbortController();
    last = { to, body, keep };
    wait(true);
    try {
      const res = await fetch(to, { method: 'POST', body, credentials: 'same-origin', signal: under.signal, headers: { 'Content-Type': 'application/x-www-form-urlencoded' } });
      const text = await res.text();
      if (mine !== turn) return null;
      wait(false);
      if (res.status === 401) { trouble(main.dataset.signin, '/console/sign-in?next=/console/desk'); return null; }
      const page = new DOMParser().parseFromString(text, 'text/html');
      if (!page.getElementById('answer')) {
        const what = page.querySelector('main p');
        trouble(main.dataset.server + (what ? ' ' + what.textContent : ''));
        return null;
      }
      trouble('');
      last = null;
      take(page, keep);
      return page;
    } catch (e) {
      if (e.name !== 'AbortError' && mine === turn) { wait(false); trouble(main.dataset.offline); }
      return null;
    }
  };
  /* What could not be sent is sent again when there is a line again, or when one comes back from signing in. */
  const retry = async () => {
    if (!last || $('trouble').hidden) return;
    const { to, body, keep } = last;
    body.set('q', to === form.action ? q.value : body.get('q'));
    await post(to, body, keep);
  };
  addEventListener('online', retry);
  addEventListener('focus', retry);
  addEventListener('offline', () => trouble(main.dataset.offline));

  /* As one types: a look a fifth of a second after the last key; what stands for a while has been asked. */
  const typing = ['panel', 'said', 'on', 'list'];
  let soon, stands;
  const settled = () => $('answer').hasAttribute('data-settled');
  const settle = async () => { if (q.value.trim() && !settled()) await post(form.action, state(), ['panel', 'said']); };
  const look = async () => {
    if (!q.value.trim()) { $('q-e').textContent = ''; return; }
    const b = state();
    b.set('draft', '1');
    const page = await post(form.action, b, typing);
    clearTimeout(stands);
    if (page) stands = setTimeout(settle, $('answer').dataset.outcome === 'emergency' ? 0 : 2500);
  };
  let composing = false;
  q.addEventListener('compositionstart', () => { composing = true; });
  q.addEventListener('compositionend', () => { composing = false; typed(); });
  const typed = () => {
    clearTimeout(soon); clearTimeout(stands);
    if (!composing) soon = setTimeout(look, 180);
  };
  q.addEventListener('input', typed);

  /* Deeds: every form and button of the page that posts. */
  const shown = () => {
    const p = d.querySelector('#panel section');
    if (!p) { $('answer').focus({ preventScroll: true }); return; }
    const first = p.hasAttribute('data-done') ? $('panel-t') : p.querySelector('.is-bad input, .is-bad textarea, input:not([type=hidden]):not([type=radio]), textarea, select, input:checked, input[type=radio]') || $('panel-t');
    first.focus();
    if (first.select && first.type !== 'radio') first.select();
    p.scrollIntoView({ block: 'nearest' });
  };
  const send = async (f, by) => {
    clearTimeout(soon); clearTimeout(stands);
    const b = state(f);
    if (by && by.name) b.set(by.name, by.value);
    if (by && by.name === 'choose') q.value = by.value;
    const to = (by && by.getAttribute('formaction')) || f.getAttribute('action');
    if (f === form && by === null) b.set('place', place.value);
    const page = await post(to, b);
    if (!page) return;
    if (page.getElementById('receipt-e').textContent) { $(page.querySelector('#proof.is-bad') ? 'proof' : 'receipt').focus(); return; }
    if (/\/(end|begin)$/.test(to) && !d.querySelector('#panel section')) {
      const fresh = page.getElementById('q').value;
      q.value = fresh; note.value = ''; $('receipt').value = ''; $('proof').value = '';
      q.focus();
      return;
    }
    if (f.id === 'rform') { $('proof').value = ''; }
    if (page.getElementById('q-e').textContent) { q.focus(); return; }
    shown();
  };
  d.addEventListener('submit', (e) => {
    const f = e.target;
    if (f !== form && !f.hasAttribute('data-desk')) return;
    e.preventDefault();
    if (f.hasAttribute('data-quiet')) { keep(); return; }
    let by = e.submitter || null;
    if (by && by.classList.contains('mz-vh')) by = null;
    if (by && by.value === 'end') { keep().then(() => send(f, by)); return; }
    send(f, by);
  });

  /* Copying: where the browser lends no clipboard, by the old way. */
  const copy = async () => {
    const say = $('say');
    if (!say) return;
    const text = say.dataset.script;
    let done = false;
    try { await navigator.clipboard.writeText(text); done = true; } catch (_) {
      const t = d.createElement('textarea');
      t.value = text; t.className = 'mz-vh';
      d.body.append(t); t.select();
      done = d.execCommand('copy');
      t.remove();
    }
    $('said').textContent = done ? main.dataset.copied : main.dataset.copyfail;
    $('answer').focus({ preventScroll: true });
    if (done) post('/console/desk/copied', state(), ['panel', 'answer', 'grounds', 'card', 'said']);
  };

  /* The note is kept when one leaves it; what was taken out of it is said. */
  let had = note.value;
  const keep = async () => {
    if (note.value === had) return;
    had = note.value;
    const b = state();
    b.set('note', note.value);
    const page = await post('/console/desk/note', b, ['panel', 'answer', 'grounds', 'card', 'said', 'list']);
    if (page) $('noted').textContent = page.getElementById('noted').textContent; else had = null;
  };
  note.addEventListener('blur', keep);

  /* The place: suggestions while one types, by name, pinyin or initials. */
  let at = -1, found = [], asking = 0, later;
  const shut = () => { drop.hidden = true; at = -1; place.setAttribute('aria-expanded', 'false'); place.removeAttribute('aria-activedescendant'); };
  const mark = (n) => {
    at = n;
    Array.from(drop.children).forEach((li, i) => li.setAttribute('aria-selected', i === n ? 'true' : 'false'));
    place.setAttribute('aria-activedescendant', n < 0 ? '' : 'place-' + n);
  };
  const pick = async (one) => {
    shut();
    clearTimeout(later);
    const b = state();
    b.set('pick', one.code);
    if (!q.value.trim()) b.set('draft', '1');
    place.value = one.name;
    place.blur();
    const page = await post(form.action, b, ['panel']);
    if (page) { if (q.value.trim()) $('answer').focus({ preventScroll: true }); else q.focus(); }
  };
  const suggest = async () => {
    const mine = ++asking;
    try {
      const res = await fetch('/console/desk/places', { method: 'POST', body: new URLSearchParams({ place: place.value }), credentials: 'same-origin' });
      if (res.status === 401) { trouble(main.dataset.signin, '/console/sign-in?next=/console/desk'); return; }
      const all = await res.json();
      if (mine !== asking || d.activeElement !== place) return;
      found = all;
      drop.replaceChildren(...all.map((one, i) => {
        const li = d.createElement('li');
        li.id = 'place-' + i; li.setAttribute('role', 'option');
        li.append(one.name);
        if (one.hint) { const s = d.createElement('span'); s.className = 'mz-sm'; s.textContent = one.hint; li.append(' ', s); }
        li.addEventListener('mousedown', (e) => { e.preventDefault(); pick(one); });
        return li;
      }));
      drop.hidden = !all.length;
      place.setAttribute('aria-expanded', String(!!all.length));
      mark(all.length ? 0 : -1);
    } catch (_) { trouble(main.dataset.offline); }
  };
  place.setAttribute('role', 'combobox');
  place.setAttribute('aria-autocomplete', 'list');
  place.setAttribute('aria-controls', 'places');
  place.setAttribute('aria-expanded', 'false');
  place.addEventListener('input', (e) => { clearTimeout(later); if (!e.isComposing) later = setTimeout(suggest, 80); });
  place.addEventListener('compositionend', suggest);
  place.addEventListener('focus', () => place.select());
  place.addEventListener('blur', () => setTimeout(() => { shut(); if (d.activeElement !== place && $('spot').dataset.name) place.value = $('spot').dataset.name; }, 100));
  place.addEventListener('keydown', async (e) => {
    if (e.isComposing) return;
    if (e.key === 'ArrowDown' || e.key === 'ArrowUp') {
      e.preventDefault();
      if (found.length && !drop.hidden) mark((at + (e.key === 'ArrowDown' ? 1 : found.length - 1)) % found.length);
    } else if (e.key === 'Enter') {
      e.preventDefault();
      clearTimeout(later);
      if (drop.hidden || at < 0 || !found[at]) await suggest(); else asking++;
      if (found[at]) pick(found[at]); else $('said').textContent = main.dataset.noplace;
    } else if (e.key === 'Escape') {
      e.preventDefault(); e.stopPropagation();
      shut(); place.blur();
      $('answer').focus({ preventScroll: true });
    }
  });

  /* Keys: single ones outside of boxes, with Alt anywhere. */
  const inBox = (x) => x && x.closest && x.closest('input:not([type=checkbox]):not([type=radio]), textarea, select');
  const go = { '/': () => { q.focus(); q.select(); }, l: () => place.focus(), r: () => $('receipt').focus(), m: () => note.focus(), c: copy };
  d.addEventListener('keydown', (e) => {
    if (e.isComposing || e.keyCode === 229 || e.ctrlKey || e.metaKey || (keys && keys.open)) return;
    if (e.key === 'Escape') {
      if (d.querySelector('#panel section')) { shutPanel(); e.preventDefault(); return; }
      if (inBox(e.target)) { e.target.blur(); $('answer').focus({ preventScroll: true }); }
      return;
    }
    const f9 = e.key === 'F9';
    if (!f9 && !e.altKey && (quiet() || inBox(e.target))) return;
    let key = f9 ? 'F9' : e.key.toLowerCase();
    if (e.altKey && /^(Key[A-Z]|Digit\d)$/.test(e.code)) key = e.code.slice(-1).toLowerCase();
    if (e.altKey && e.code === 'Slash') key = '/';
    if (go[key]) { e.preventDefault(); e.stopPropagation(); go[key](); return; }
    const b = /^([a-z]|[1-9]|F9)$/.test(key) && d.querySelector('[data-key="' + key + '"]');
    if (b) { e.preventDefault(); b.click(); }
  });
  const shutPanel = () => {
    $('panel').replaceChildren();
    $('answer').focus({ preventScroll: true });
    if (q.value.trim()) { const b = state(); b.set('draft', '1'); post(form.action, b, ['panel', 'said']); }
  };
  d.addEventListener('click', (e) => {
    const b = e.target.closest('[data-copy], [data-shut]');
    if (!b) return;
    if (b.hasAttribute('data-copy')) copy(); else shutPanel();
  });

  tick();
  if (q.value) look();
})();
