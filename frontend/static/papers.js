/* Photos: one tap instead of three. A chosen picture is made smaller on the phone, laid into the box and sent piece by
   piece (tus 1.0); what breaks goes on where it broke, after a page that was killed too. Without any of this the form
   below still works. ES2015. */
(function () {
  var d = document, list = d.getElementById('papers');
  if (!list || !window.DOMParser || !window.FileReader || !window.mzBox) return;
  var EDGE = 1600, QUALITY = 0.8, SMALL = 400 * 1024, PIECE = 256 * 1024, API = '/api/v1/papers';
  var spec = list.getAttribute('data-keep'), tag = spec.slice(0, 6), jobs = 0, box = window.mzBox(spec);

  function each(found, fn) { Array.prototype.forEach.call(found, fn); }
  function word(name) { return list.getAttribute('data-' + name); }
  function make(tag, name, text) {
    var x = d.createElement(tag);
    x.className = name;
    if (text) x.textContent = text;
    return x;
  }
  function later(ms) { return new Promise(function (ok) { var t = setTimeout(ok, ms); window.addEventListener('online', function () { clearTimeout(t); ok(); }, { once: true }); }); }

  /* The browser turns the picture upright while drawing it. What cannot be drawn is sent as it is. */
  function shrink(file, done) {
    if (!window.URL || !HTMLCanvasElement.prototype.toBlob || /pdf$/.test(file.type) || file.size < SMALL && /jpe?g|png/.test(file.type)) return done(file);
    var url = URL.createObjectURL(file), img = new Image();
    img.onerror = function () { URL.revokeObjectURL(url); done(file); };
    img.onload = function () {
      var s = Math.min(1, EDGE / Math.max(img.naturalWidth, img.naturalHeight)), c = d.createElement('canvas');
      c.width = Math.max(1, Math.round(img.naturalWidth * s));
      c.height = Math.max(1, Math.round(img.naturalHeight * s));
      var g = c.getContext('2d');
      g.fillStyle = '#fff';
      g.fillRect(0, 0, c.width, c.height);
      g.drawImage(img, 0, 0, c.width, c.height);
      URL.revokeObjectURL(url);
      c.toBlob(function (b) { done(b && b.size < file.size ? b : file); }, 'image/jpeg', QUALITY);
    };
    img.src = url;
  }
  function bytes(blob) {
    return new Promise(function (ok, no) {
      var r = new FileReader();
      r.onload = function () { ok(r.result); };
      r.onerror = no;
      r.readAsArrayBuffer(blob);
    });
  }

  /* One request; what cannot be put right comes as {told: words}, what may be tried again as anything else. */
  function ask(method, url, head, body, progress) {
    return new Promise(function (ok, no) {
      var x = new XMLHttpRequest();
      x.open(method, url + (/\?/.test(url) ? '' : '?lang=' + d.documentElement.lang));
      x.setRequestHeader('Tus-Resumable', '1.0.0');
      Object.keys(head || {}).forEach(function (k) { x.setRequestHeader(k, head[k]); });
      if (progress && x.upload) x.upload.onprogress = progress;
      x.timeout = 90000;
      x.onerror = x.ontimeout = x.onabort = function () { no(0); };
      x.onload = function () {
        if (x.status < 300) return ok(x);
        if (x.status >= 500 || x.status === 429 || x.status === 409 && method === 'PATCH' || x.status === 404 && method !== 'POST') return no(x.status);
        var words = '';
        try { var p = JSON.parse(x.responseText); words = p.errors && p.errors[0] && p.errors[0].message || p.detail || p.title; } catch (e) { /* the usual words */ }
        no({ told: words || word('broken') });
      };
      x.send(body);
    });
  }

  function Job(card, kind, blob, kept) {
    var form = card().querySelector('form[enctype]'), line = make('div', 'mz-job'), state = make('p', 'mz-sm'), meter = make('div', 'mz-meter'), bar = make('i', 'run');
    state.setAttribute('role', 'status');
    meter.setAttribute('role', 'progressbar');
    meter.setAttribute('aria-label', word('sending'));
    meter.setAttribute('aria-valuemin', 0);
    meter.setAttribute('aria-valuemax', 100);
    meter.appendChild(bar);
    line.appendChild(state);
    line.appendChild(meter);
    (form || card()).appendChild(line);
    var url = kept && kept.url, size = blob.size, wait = 1500;
    jobs++;

    function show(at) {
      var percent = Math.min(100, Math.round(at / size * 100));
      bar.style.width = percent + '%';
      meter.setAttribute('aria-valuenow', percent);
      state.textContent = word('sending') + ' ' + percent + '%';
    }
    function begin() {
      var meta = 'kind ' + btoa(kind) + ',draft ' + btoa(tag);
      return ask('POST', API, { 'Upload-Length': size, 'Upload-Metadata': meta }).then(function (x) {
        url = new URL(x.getResponseHeader('Location'), location.href).pathname;
        if (kept) box.head(kept.x, { kind: kind, url: url });
        return 0;
      });
    }
    function stands() { return ask('HEAD', url).then(function (x) { return +x.getResponseHeader('Upload-Offset'); }); }
    function pieces(at) {
      show(at);
      if (at >= size) return;
      return ask('PATCH', url, { 'Upload-Offset': at, 'Content-Type': 'application/offset+octet-stream' }, blob.slice(at, at + PIECE),
        function (e) { show(at + e.loaded); }).then(function (x) { wait = 1500; return pieces(+x.getResponseHeader('Upload-Offset')); });
    }
    function go() {
      return (url ? stands() : begin()).then(pieces).catch(function (e) {
        if (e && e.told) throw e;
        if (e === 404) url = null;
        state.textContent = word('wait');
        return later(wait = Math.min(wait * 2, 30000)).then(go);
      });
    }
    function gone() {
      jobs--;
      if (kept) return box.drop(kept.x).then(box.flag);
    }
    return go().then(function () { return gone(); }).then(function () {
      meter.hidden = true;
      state.textContent = word('saved');
      return fetch(location.pathname, { credentials: 'same-origin' }).then(function (r) { return r.text(); }).then(function (text) { replace(card(), text, line); }).catch(function () { /* it is saved all the same */ });
    }, function (e) {
      gone();
      meter.hidden = true;
      state.className = 'mz-err';
      state.textContent = e.told || word('broken');
      state.setAttribute('tabindex', -1);
      state.focus();
    });
  }

  /* The page as it is now; this card of it takes the place of the old one, with what is still on its way. */
  function replace(card, text, done) {
    var fresh = new DOMParser().parseFromString(text, 'text/html').getElementById(card.id);
    if (!fresh) return;
    done.remove();
    var rest = card.querySelectorAll('.mz-job');
    card.parentNode.replaceChild(fresh, card);
    upgrade(fresh);
    var form = fresh.querySelector('form[enctype]') || fresh;
    each(rest, function (x) { form.appendChild(x); });
    fresh.setAttribute('tabindex', -1);
    fresh.focus();
  }

  function upgrade(card) {
    var form = card.querySelector('form[enctype]');
    if (!form) return;
    var input = form.querySelector('input[type=file]'), label = form.querySelector('label'), send = form.querySelector('button'), id = card.id;
    input.classList.remove('mz-in');
    input.classList.add('mz-vh');
    input.multiple = true;
    input.parentNode.insertBefore(input, label);
    label.className = 'mz-btn mz-btn--quiet mz-btn--sm';
    send.parentNode.hidden = true;
    input.onchange = chosen;
    function chosen() {
      each(input.files, function (file) {
        shrink(file, function (blob) { take(id, decodeURIComponent(/kind=([^&]*)/.exec(form.getAttribute('action'))[1]), blob); });
      });
      input.value = '';
    }
    if (input.files.length) chosen(); // before this came
  }
  function take(id, kind, blob) {
    var card = function () { return d.getElementById(id); };
    return bytes(blob).then(function (raw) {
      return box.put(' photo ' + Date.now() + Math.random(), { kind: kind }, raw).then(function (x) { return { x: x }; });
    }).catch(function () { return null; }).then(function (kept) { return Job(card, kind, blob, kept); });
  }
  each(list.querySelectorAll('[data-paper]'), upgrade);

  /* Who goes on while something is on its way is told so, once. */
  var warned, told = d.querySelector('[data-offline]');
  each(d.querySelectorAll('form[data-onward]'), function (f) {
    f.addEventListener('submit', function (e) {
      if (!jobs || warned) return;
      warned = 1;
      e.preventDefault();
      e.stopPropagation();
      told.textContent = word('still');
      told.scrollIntoView();
    });
  });

  /* What waited goes on. */
  box.flush(told).then(function (all) {
    all.forEach(function (x) {
      if (x.data) box.read(x).then(function (h) {
        var f = list.querySelector('[data-kind="' + h.kind + '"]');
        if (!f) return box.drop(x).then(box.flag);
        return box.data(x).then(function (raw) { return Job(function () { return d.getElementById(f.id); }, h.kind, new Blob([raw]), { x: x, url: h.url }); });
      });
    });
  });
}());
