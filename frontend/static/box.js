/* The box in the phone for what could not be sent yet: answers and photos of one application, sealed with its key, which
   only the page knows. What has arrived is taken out; it empties when the application goes. ES2015. */
(function () {
  var ROOM = 'mz-box', subtle = window.crypto && crypto.subtle, opened;

  function db() {
    return opened = opened || new Promise(function (ok, no) {
      var r = indexedDB.open(ROOM, 1);
      r.onupgradeneeded = function () { r.result.createObjectStore('box', { keyPath: 'id' }); };
      r.onsuccess = function () {
        r.result.onversionchange = function () { r.result.close(); opened = 0; };
        ok(r.result);
      };
      r.onerror = no;
    });
  }
  function store(mode, fn) {
    return db().then(function (x) {
      return new Promise(function (ok, no) {
        var t = x.transaction('box', mode), r = fn(t.objectStore('box'));
        t.oncomplete = function () { ok(r && r.result); };
        t.onerror = t.onabort = no;
      });
    });
  }
  function text(s) { return new TextEncoder().encode(s); }

  window.mzBox = function (spec) {
    var tag = spec.slice(0, 6), busy, again, wait = 2000, turn = 0, key;
    function keyed() {
      key = key || (subtle ? subtle.importKey('raw', Uint8Array.from(atob(spec.slice(7).replace(/-/g, '+').replace(/_/g, '/')), function (c) { return c.charCodeAt(0); }), 'AES-GCM', false, ['encrypt', 'decrypt']) : Promise.resolve());
      return key;
    }
    function seal(bytes) {
      return keyed().then(function (k) {
        if (!k) return { raw: bytes };
        var iv = crypto.getRandomValues(new Uint8Array(12));
        return subtle.encrypt({ name: 'AES-GCM', iv: iv }, k, bytes).then(function (b) { return { iv: iv, raw: b }; });
      });
    }
    function open(s) {
      return keyed().then(function (k) { return s.iv ? subtle.decrypt({ name: 'AES-GCM', iv: s.iv }, k, s.raw) : s.raw; });
    }
    function flag() {
      return mine().then(function (all) {
        try { if (all.length) localStorage.setItem(ROOM, tag); else if (localStorage.getItem(ROOM) === tag) localStorage.removeItem(ROOM); } catch (e) { /* only a hint */ }
        return all;
      });
    }
    /* What lies here longer than a draft lives is thrown away, whosever it is. */
    function mine() {
      return store('readonly', function (s) { return s.getAll(); }).then(function (all) {
        all.forEach(function (x) { if (Date.now() - x.at > 2592e6) drop(x); });
        return all.filter(function (x) { return x.tag === tag; }).sort(function (a, b) { return a.at - b.at || a.n - b.n; });
      });
    }
    function put(id, head, bytes) {
      var n = ++turn;
      try { localStorage.setItem(ROOM, tag); } catch (e) { /* only a hint */ }
      return Promise.all([seal(text(JSON.stringify(head))), bytes ? seal(bytes) : null]).then(function (s) {
        var x = { id: tag + id, tag: tag, at: Date.now(), n: n, head: s[0], data: s[1] };
        return store('readwrite', function (o) { return o.put(x); }).then(function () { return x; });
      });
    }
    /* Only what was sent is taken out: it may have been put in anew meanwhile. */
    function drop(x) {
      return store('readwrite', function (o) {
        var r = o.get(x.id);
        r.onsuccess = function () { if (r.result && r.result.at === x.at && r.result.n === x.n) o.delete(x.id); };
      });
    }
    function read(x) {
      return open(x.head).then(function (b) { return JSON.parse(new TextDecoder().decode(b)); });
    }
    function say(told, words) { if (told) told.textContent = words; }

    var mineNow = {};
    function post(action, body) {
      var stop = window.AbortController && new AbortController(), late = stop && setTimeout(function () { stop.abort(); }, 20000);
      return fetch(action, { method: 'POST', credentials: 'same-origin', signal: stop && stop.signal, body: new URLSearchParams(body), headers: { Accept: 'application/json' } })
        .then(function (r) { clearTimeout(late); return r; });
    }
    function send(x, told) {
      return read(x).then(function (h) {
        if (!h.body) return true; // a photo: its page sends it
        return post(h.action, h.body).then(function (r) {
          if (r.status >= 500 || r.status === 429 || r.status === 404) throw r.status;
          return r.ok ? r.json().catch(function () { return {}; }) : {};
        }).then(function (said) {
          if (said.said) say(told, said.said);
          return drop(x).then(function () {
            /* It waited from before: the page shows it as it is kept now, unless somebody types or reads what is wrong. */
            var page = document.querySelector('[data-keep]');
            if (!mineNow[x.n] && h.action === location.origin + location.pathname && !turn && !(page && page.mzTyped) && !document.getElementById('sum')) location.reload();
            return true;
          });
        });
      }, function () { return drop(x); });
    }
    function flush(told) {
      if (busy) { again = 1; return busy; }
      again = 0;
      busy = flag().then(function (all) {
        return all.reduce(function (p, x) { return p.then(function () { return send(x, told); }); }, Promise.resolve());
      }).then(function () { busy = 0; wait = 2000; return flag(); }, function () {
        busy = 0;
        say(told, told && told.getAttribute('data-offline'));
        setTimeout(function () { flush(told); }, wait);
        wait = Math.min(wait * 2, 30000);
        return mine().catch(function () { return []; });
      }).then(function (left) {
        if (again) return flush(told);
        return left;
      });
      return busy;
    }
    return {
      page: function (f, body, told) {
        var was = f.querySelector('[name=was]');
        /* Each window has a place of its own: none takes out what another could not send. */
        return put(' ' + f.action + (was ? ' ' + was.value.slice(6, 12) : ''), { action: f.action, body: body }).then(function (x) { mineNow[x.n] = 1; return flush(told); },
          function () { return post(f.action, body).catch(function () { say(told, told && told.getAttribute('data-offline')); }); });
      },
      flush: flush, put: put, mine: mine, read: read, drop: drop, flag: flag,
      head: function (x, h) { return seal(text(JSON.stringify(h))).then(function (b) { x.head = b; return store('readwrite', function (o) { return o.put(x); }); }); },
      data: function (x) { return open(x.data); }
    };
  };

  /* A page of questions: with the office while it is typed, here while there is no network. */
  var d = document, f = d.querySelector('form[data-keep]');
  if (!f) return;
  var box = window.mzBox(f.getAttribute('data-keep')), told = f.querySelector('[data-offline]'), typed = !!f.mzTyped, timer;

  /* What leaves here is numbered, because it may arrive in another order. A clock that is set back changes nothing. */
  var beat = d.createElement('input');
  beat.type = 'hidden'; beat.name = 'beat';
  f.appendChild(beat);
  function stamp() { beat.value = Math.floor(performance.timeOrigin + performance.now()) || ''; }

  function fields(go) {
    stamp();
    var all = new URLSearchParams();
    new FormData(f).forEach(function (value, name) { all.append(name, value); });
    all.append('go', go);
    return all;
  }
  function keep() {
    clearTimeout(timer);
    if (!typed) return;
    typed = false;
    box.page(f, fields('draft').toString(), told);
  }
  function soon() { typed = true; clearTimeout(timer); timer = setTimeout(keep, 900); }
  f.addEventListener('input', soon);
  f.addEventListener('change', function () { typed = true; keep(); });
  /* Before a picker opens, what is typed is on its way. */
  f.addEventListener('click', function (e) { if (e.target.type === 'file') keep(); });
  f.addEventListener('submit', function () { stamp(); if (navigator.onLine === false) { typed = true; keep(); } else typed = false; });
  window.addEventListener('online', function () { box.flush(told); });

  d.addEventListener('click', function (e) {
    var a = typed && navigator.onLine !== false && e.target.closest && e.target.closest('a[href]');
    if (!a) return;
    var as = /[?&]((?:lang|care)=[\w-]+)/.exec(a.getAttribute('href')), crumb = a.closest('.mz-crumb');
    if (!as && !crumb) return;
    e.preventDefault();
    typed = false;
    var added = as ? { go: 'keep', as: as[1] } : { go: 'later' };
    Object.keys(added).forEach(function (name) {
      var x = d.createElement('input');
      x.type = 'hidden'; x.name = name; x.value = added[name];
      f.appendChild(x);
    });
    stamp();
    f.submit();
  });

  d.addEventListener('visibilitychange', function () {
    if (!typed || d.visibilityState !== 'hidden') return;
    if (navigator.sendBeacon) navigator.sendBeacon(f.action, fields('draft'));
    keep();
  });

  if (typed) soon();
  box.flush(told).then(function (left) {
    /* The last page: what is not with the office yet goes first. */
    var to = f.getAttribute('data-papers');
    if (to && left && left.length) f.addEventListener('submit', function (e) { e.preventDefault(); e.stopPropagation(); location.assign(to); });
  });
}());
