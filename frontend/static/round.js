/* Inspecting a poster: the position when the phone tells it, a smaller photo, and waiting for the network. Without any
   of this the form works as it is; sent twice it is taken once. ES2015. */
(function () {
  var d = document, form = d.getElementById('inspect');
  if (!form) return;
  var EDGE = 1600, SMALL = 300 * 1024, asked = false, waiting = false;
  var spot = d.getElementById('spot'), said = d.getElementById('net'), photo = form.elements.photo;

  function say(node, name) { node.textContent = node.getAttribute('data-' + name); }

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

  /* The smaller picture takes the place of the large one, where the browser lets it. */
  function shrink(file) {
    if (!file || file.size < SMALL || !window.DataTransfer || !HTMLCanvasElement.prototype.toBlob) return;
    var url = URL.createObjectURL(file), img = new Image();
    img.onerror = function () { URL.revokeObjectURL(url); };
    img.onload = function () {
      var s = Math.min(1, EDGE / Math.max(img.naturalWidth, img.naturalHeight)), c = d.createElement('canvas');
      c.width = Math.max(1, Math.round(img.naturalWidth * s));
      c.height = Math.max(1, Math.round(img.naturalHeight * s));
      c.getContext('2d').drawImage(img, 0, 0, c.width, c.height);
      URL.revokeObjectURL(url);
      c.toBlob(function (b) {
        if (!b || b.size >= file.size || photo.files[0] !== file) return;
        try {
          var t = new DataTransfer();
          t.items.add(new File([b], 'photo.jpg', { type: 'image/jpeg' }));
          photo.files = t.files;
        } catch (e) { /* the large one is sent */ }
      }, 'image/jpeg', 0.8);
    };
    img.src = url;
  }

  form.addEventListener('change', function (e) {
    if (e.target.name === 'state') where();
    if (e.target === photo) shrink(photo.files[0]);
  });
  form.addEventListener('submit', function (e) {
    if (navigator.onLine !== false) return;
    e.preventDefault();
    waiting = true;
    say(said, 'offline');
  });
  window.addEventListener('online', function () {
    if (!waiting) return;
    waiting = false;
    say(said, 'sending');
    form.submit();
  });
})();
