/* Photos: one tap instead of three. A chosen picture is made smaller on the phone and sent at once, with its progress;
   when anything of this fails, the form below it still works. ES2015. */
(function () {
  var d = document, list = d.getElementById('papers');
  if (!list || !window.FormData || !window.DOMParser) return;
  var EDGE = 1600, QUALITY = 0.8, SMALL = 400 * 1024;

  function each(found, fn) { Array.prototype.forEach.call(found, fn); }
  function make(tag, name, text) {
    var x = d.createElement(tag);
    x.className = name;
    if (text) x.textContent = text;
    return x;
  }

  /* The browser turns the picture upright while drawing it. What cannot be drawn is sent as it is. */
  function shrink(file, done) {
    if (!window.URL || !HTMLCanvasElement.prototype.toBlob || file.size < SMALL && /jpe?g|png/.test(file.type)) return done(file);
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

  function upgrade(card) {
    var form = card.querySelector('form[enctype]');
    if (!form) return;
    var input = form.querySelector('input[type=file]'), label = form.querySelector('label'), send = form.querySelector('button');
    input.classList.remove('mz-in');
    input.classList.add('mz-vh');
    input.setAttribute('accept', 'image/*');
    input.parentNode.insertBefore(input, label);
    label.className = 'mz-btn mz-btn--quiet mz-btn--sm';
    send.parentNode.hidden = true;
    var state = make('p', 'mz-sm'), meter = make('div', 'mz-meter'), bar = make('i', 'run');
    state.setAttribute('role', 'status');
    meter.setAttribute('role', 'progressbar');
    meter.setAttribute('aria-label', list.getAttribute('data-sending'));
    meter.setAttribute('aria-valuemin', 0);
    meter.setAttribute('aria-valuemax', 100);
    meter.appendChild(bar);
    meter.hidden = true;
    form.appendChild(state);
    form.appendChild(meter);

    function show(percent) {
      bar.style.width = percent + '%';
      meter.setAttribute('aria-valuenow', percent);
      state.textContent = list.getAttribute('data-sending') + ' ' + percent + '%';
    }

    function broken(file) {
      meter.hidden = true;
      state.textContent = list.getAttribute('data-broken');
      label.hidden = true;
      var again = make('button', 'mz-btn mz-btn--sm', list.getAttribute('data-again'));
      again.type = 'button';
      again.onclick = function () { again.remove(); label.hidden = false; upload(file); };
      form.appendChild(again);
      again.focus();
    }

    /* The answer is the page itself; this card of it takes the place of the old one. */
    function replace(text) {
      var fresh = new DOMParser().parseFromString(text, 'text/html').getElementById(card.id);
      if (!fresh) { location.reload(); return; }
      card.parentNode.replaceChild(fresh, card);
      upgrade(fresh);
      fresh.setAttribute('tabindex', -1);
      fresh.focus();
    }

    function upload(file) {
      var body = new FormData(), x = new XMLHttpRequest();
      body.append('file', file, 'photo.jpg');
      meter.hidden = false;
      show(0);
      x.open('POST', form.getAttribute('action'));
      x.upload.onprogress = function (e) { if (e.lengthComputable) show(Math.round(e.loaded / e.total * 100)); };
      x.onerror = x.ontimeout = function () { broken(file); };
      x.onload = function () { if (x.status >= 500) broken(file); else replace(x.responseText); };
      x.timeout = 300000;
      x.send(body);
    }

    input.onchange = function () {
      if (!input.files.length) return;
      state.textContent = list.getAttribute('data-sending');
      shrink(input.files[0], upload);
    };
  }

  each(list.querySelectorAll('[data-paper]'), upgrade);
}());
