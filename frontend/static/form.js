/* What is typed on a page of an application is kept when its reader changes the language or the size of the letters,
   goes away or closes the page, as if they had pressed the button. ES2015. */
(function () {
  var d = document, f = d.querySelector('form[data-keep]'), typed = false;
  if (!f || !window.FormData) return;

  function on() { typed = true; }
  f.addEventListener('input', on);
  f.addEventListener('change', on);
  f.addEventListener('submit', function () { typed = navigator.onLine === false; });

  function send(fields) {
    typed = false;
    var added = Object.keys(fields).map(function (name) {
      var x = d.createElement('input');
      x.type = 'hidden'; x.name = name; x.value = fields[name];
      return f.appendChild(x);
    });
    f.submit();
    added.forEach(function (x) { f.removeChild(x); });
  }

  d.addEventListener('click', function (e) {
    var a = typed && navigator.onLine !== false && e.target.closest && e.target.closest('a[href]');
    if (!a) return;
    var as = /[?&]((?:lang|care)=[\w-]+)/.exec(a.getAttribute('href'));
    if (as) { e.preventDefault(); send({ go: 'keep', as: as[1] }); }
    else if (a.closest('.mz-crumb')) { e.preventDefault(); send({ go: 'later' }); }
  });

  /* A row that was only begun is not added behind somebody's back. */
  d.addEventListener('visibilitychange', function () {
    if (!typed || d.visibilityState !== 'hidden' || f.getAttribute('data-keep') !== 'page' || !navigator.sendBeacon) return;
    var all = new URLSearchParams();
    new FormData(f).forEach(function (value, name) { all.append(name, value); });
    all.append('go', 'later');
    navigator.sendBeacon(f.action, all);
  });
}());
