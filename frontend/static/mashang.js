/* Only shortens the way; every page works without it. ES2015. */
(function () {
  var d = document, h = d.documentElement, say = window.speechSynthesis, utter = window.SpeechSynthesisUtterance;
  h.setAttribute('data-js', '');

  function each(list, fn) { Array.prototype.forEach.call(list, fn); }

  /* A button that cannot work here is not shown. */
  if (!say || !utter) each(d.querySelectorAll('[data-do=read]'), function (b) { b.hidden = true; });

  /* Each part of a programme has a button of its own, unless the office has read it out. */
  var ear = say && utter && d.querySelector('.mz-main [data-do=read]');
  if (ear) each(d.querySelectorAll('.mz-flow section[id],details[id]>div'), function (x, i) {
    if (x.querySelector('audio')) return;
    var b = ear.cloneNode(true), to = x.querySelector('h2') || x;
    if (!x.id) x.id = 'read' + i;
    b.setAttribute('data-from', '#' + x.id);
    b.setAttribute('aria-label', b.textContent + ' ' + (x.querySelector('h2') || x.parentNode.firstChild).textContent);
    b.className = 'mz-link mz-noprint'; b.style.cssText = 'display:flex;align-items:center;gap:.3em;float:right;margin:-.4rem 0 0 .5rem;font:inherit;font-size:1rem;border:0;background:none;color:inherit';
    to.insertBefore(b, to.firstChild);
  });

  function read(b) {
    var on = b.getAttribute('aria-pressed') === 'true';
    var ears = d.querySelectorAll('[data-do=read]');
    each(ears, function (x) { x.setAttribute('aria-pressed', 'false'); });
    say.cancel();
    if (on) return;
    var from = d.querySelector(b.getAttribute('data-from') || '[data-read]');
    /* Short pieces: some phones fall silent in a long one. */
    each(ears, function (x) { x.hidden = true; }); /* buttons are not read out */
    var said = from.innerText;
    each(ears, function (x) { x.hidden = false; });
    var parts = said.split(/[\n。！？]+/).filter(function (x) { return x.trim(); });
    var voice = h.lang === 'en' ? 'en' : h.lang === 'zh-Hant' ? 'zh-TW' : 'zh-CN';
    function off() { b.setAttribute('aria-pressed', 'false'); }
    b.setAttribute('aria-pressed', 'true');
    parts.forEach(function (text, i) {
      var u = new utter(text);
      u.lang = voice; u.rate = 0.9; u.onerror = off;
      if (i === parts.length - 1) u.onend = off;
      say.speak(u);
    });
  }

  d.addEventListener('click', function (e) {
    var t = e.target.closest && e.target.closest('[data-do]');
    if (!t) return;
    var what = t.getAttribute('data-do');
    if (what === 'print') { e.preventDefault(); window.print(); }
    /* Away, and the way back does not lead here. */
    if (what === 'leave') { e.preventDefault(); location.replace(t.href); }
    if (what === 'read' && say && utter) { e.preventDefault(); read(t); }
  });
  window.addEventListener('pagehide', function () { if (say) say.cancel(); });

  /* Paper has no folds; what was closed is closed again afterwards. */
  var closed = [];
  window.addEventListener('beforeprint', function () {
    closed = [];
    each(d.querySelectorAll('details'), function (x) { if (!x.open) { closed.push(x); x.open = true; } });
  });
  window.addEventListener('afterprint', function () { closed.forEach(function (x) { x.open = false; }); });

  /* An address with #a9 opens the fold around it, or the part of a long document that has it. */
  function unfold() {
    var hash = location.hash, x = hash.length > 1 && d.getElementById(hash.slice(1));
    if (!x && /^#a[\w-]+$/.test(hash) && !/[?&]a=/.test(location.search) && d.querySelector('[data-parts]')) {
      location.replace(location.pathname + '?a=' + hash.slice(2) + hash);
    }
    for (var p = x; p; p = p.parentElement) if (p.tagName === 'DETAILS') p.open = true;
    if (x) x.scrollIntoView();
  }
  window.addEventListener('hashchange', unfold);
  if (location.hash) unfold();

  /* The error summary takes the focus. */
  var sum = d.querySelector('[role=alert][tabindex="-1"]');
  if (sum) sum.focus();

  /* A double tap files once; the server's idempotency key is the real guard. */
  d.addEventListener('submit', function (e) {
    var f = e.target;
    if (f.getAttribute('data-sent')) { e.preventDefault(); return; }
    /* Without a network the page stays, with all that is typed on it. */
    var off = navigator.onLine === false && f.querySelector('[data-offline]');
    if (off) { e.preventDefault(); off.textContent = off.getAttribute('data-offline'); off.scrollIntoView(); return; }
    f.setAttribute('data-sent', '1');
    setTimeout(function () { f.removeAttribute('data-sent'); }, 4000);
  });
  /* Going back shows the page as it was left, with its forms ready again. */
  window.addEventListener('pageshow', function () { each(d.forms, function (f) { f.removeAttribute('data-sent'); }); });
}());
