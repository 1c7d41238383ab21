/* Signing with a finger: strokes go into a hidden field. Without script the name is typed. ES2015. */
(function () {
  var d = document, box = d.querySelector('[data-sign]');
  if (!box || !d.createElementNS) return;
  var svg = box.querySelector('svg'), path = svg.querySelector('path'), ink = box.querySelector('input');
  var strokes = ink.value ? ink.value.split(';') : [], now = null, last = '', MOST = 23000;
  box.hidden = false;

  function draw() {
    ink.value = strokes.join(';');
    path.setAttribute('d', strokes.map(function (s) { return 'M' + s; }).join(''));
  }
  function point(e) {
    var t = e.touches ? e.touches[0] : e, r = svg.getBoundingClientRect();
    function on(v, from, size, most) { return Math.max(0, Math.min(most, Math.round((v - from) / size * most))); }
    return on(t.clientX, r.left, r.width, 1000) + ',' + on(t.clientY, r.top, r.height, 400);
  }
  function begin(e) {
    if (ink.value.length > MOST) return;
    e.preventDefault();
    now = true;
    last = point(e);
    strokes.push(last);
    draw();
  }
  function go(e) {
    if (!now || ink.value.length > MOST) return;
    e.preventDefault();
    var at = point(e);
    if (at === last) return;
    last = at;
    strokes[strokes.length - 1] += ' ' + at;
    draw();
  }
  function end() { now = null; }
  if (window.PointerEvent) {
    svg.addEventListener('pointerdown', function (e) { if (svg.setPointerCapture) svg.setPointerCapture(e.pointerId); begin(e); });
    svg.addEventListener('pointermove', go);
    svg.addEventListener('pointerup', end);
    svg.addEventListener('pointercancel', end);
  } else {
    svg.addEventListener('touchstart', begin);
    svg.addEventListener('touchmove', go);
    svg.addEventListener('touchend', end);
  }
  box.querySelector('[data-clear]').addEventListener('click', function () { strokes = []; draw(); });
}());
