/* Inspecting a poster: the position when the phone tells it, a smaller photo, and another try when the network comes
   back. Without any of this the form works as it is. ES2015. */
(function () {
  var d = document, form = d.getElementById('inspect');
  if (!form || !window.FormData || !window.fetch) return;
  var EDGE = 1600, SMALL = 300 * 1024, asked = false, busy = false, waiting = false, small = null;
  var spot = d.getElementById('spot'), said = d.getElementById('net'), photo = form.elements.photo;

  function say(node, name) { node.textContent = name ? node.getAttribute('data-' + name) : ''; }

  function where() {
    if (asked || !navigator.geolocation) return;
    asked = true;
    say(spot, 'asking');
    navigator.geolocation.getCurrentPosition(function (p) {
      form.elements.lat.value = p.coords.latitude.toFixed(4);
      form.elements.lon.value = p.coords.longitude.toFixed(4);
      say(spot, 'here');
    }, function () { say(spot, 'none'); }, { enableHighAccuracy: true, timeout: 8000, maximumAge: 30000 });
  }

  function shrink(file, done) {
    if (!file || file.size < SMALL || !HTMLCanvasElement.prototype.toBlob) return done(null);
    var url = URL.createObjectURL(file), img = new Image();
    img.onerror = function () { URL.revokeObjectURL(url); done(null); };
    img.onload = function () {
      var s = Math.min(1, EDGE / Math.max(img.naturalWidth, img.naturalHeight)), c = d.createElement('canvas');
      c.width = Math.max(1, Math.round(img.naturalWidth * s));
      c.height = Math.max(1, Math.round(img.naturalHeight * s));
      c.getContext('2d').drawImage(img, 0, 0, c.width, c.height);
      URL.revokeObjectURL(url);
      c.toBlob(function (b) { done(b && b.size < file.size ? b : null); }, 'image/jpeg', 0.8);
    };
    img.src = url;
  }

  function send() {
    if (busy) return;
    busy = true;
    waiting = false;
    say(said, 'sending');
    var data = new FormData(form);
    if (small) data.set('photo', small, 'photo.jpg');
    fetch(form.action, { method: 'POST', body: data, credentials: 'same-origin' }).then(function (r) {
      if (r.redirected) { location.href = r.url; return; }
      busy = false;
      form.removeEventListener('submit', onsubmit);
      form.submit(); /* what is wrong is said by the page itself; the same form is taken once */
    }, function () {
      busy = false;
      waiting = true;
      say(said, 'offline');
    });
  }

  function onsubmit(e) {
    e.preventDefault();
    send();
  }

  form.addEventListener('change', function (e) {
    if (e.target.name === 'state') where();
    if (e.target === photo) {
      small = null;
      shrink(photo.files[0], function (b) { small = b; });
    }
  });
  form.addEventListener('submit', onsubmit);
  window.addEventListener('online', function () { if (waiting) send(); });
})();
