/* Questions that fit while somebody types. Without it the box works as ever. */
(function () {
  var d = document, box = d.querySelector('.mz-find [name=q]'), list, on = -1, last = '', wait, asked = 0;
  if (!box || !window.fetch || !window.URLSearchParams) return;
  var form = box.form;
  list = d.createElement('ul');
  list.id = 'mz-may'; list.className = 'mz-may'; list.hidden = true;
  list.setAttribute('role', 'listbox'); list.setAttribute('aria-label', form.getAttribute('data-may'));
  box.parentNode.parentNode.insertBefore(list, box.parentNode.nextSibling);
  box.setAttribute('role', 'combobox'); box.setAttribute('aria-autocomplete', 'list');
  box.setAttribute('aria-controls', list.id); box.setAttribute('aria-expanded', 'false');

  function close() { list.hidden = true; on = -1; box.setAttribute('aria-expanded', 'false'); box.removeAttribute('aria-activedescendant'); }
  function mark(n) {
    var all = list.children;
    if (all[on]) all[on].setAttribute('aria-selected', 'false');
    on = n;
    if (!all[on]) { box.removeAttribute('aria-activedescendant'); return; }
    all[on].setAttribute('aria-selected', 'true');
    box.setAttribute('aria-activedescendant', all[on].id);
  }
  function take(words) { box.value = words; close(); if (form.requestSubmit) form.requestSubmit(); else form.submit(); }
  function show(all) {
    list.textContent = '';
    all.forEach(function (words, i) {
      var x = d.createElement('li');
      x.id = 'mz-may' + i; x.setAttribute('role', 'option'); x.setAttribute('aria-selected', 'false'); x.textContent = words;
      /* mousedown comes before the box loses the focus */
      x.addEventListener('mousedown', function (e) { e.preventDefault(); take(words); });
      list.appendChild(x);
    });
    on = -1;
    list.hidden = !all.length;
    box.setAttribute('aria-expanded', String(!list.hidden));
  }
  function look() {
    var q = box.value.trim();
    if (q === last) return;
    last = q;
    if (q.length < 2) { close(); return; }
    var n = ++asked;
    fetch('/ask/suggest', { method: 'POST', credentials: 'same-origin', body: new URLSearchParams({ q: q }) })
      .then(function (r) { return r.ok ? r.json() : []; })
      .then(function (all) { if (n === asked && d.activeElement === box) show(all); }, function () { });
  }
  box.addEventListener('input', function (e) { if (e.isComposing) return; clearTimeout(wait); wait = setTimeout(look, 180); });
  box.addEventListener('compositionend', function () { clearTimeout(wait); wait = setTimeout(look, 180); });
  box.addEventListener('blur', close);
  box.addEventListener('keydown', function (e) {
    if (list.hidden || e.isComposing) return;
    var n = list.children.length;
    if (e.key === 'ArrowDown') { e.preventDefault(); mark((on + 1) % n); }
    else if (e.key === 'ArrowUp') { e.preventDefault(); mark(on < 0 ? n - 1 : on - 1); }
    else if (e.key === 'Escape') { e.preventDefault(); close(); }
    else if (e.key === 'Enter' && on >= 0) { e.preventDefault(); take(list.children[on].textContent); }
  });
}());
