/* After an application was filed or thrown away: what this browser could not send of it goes as well. ES2015. */
(function () {
  var ROOM = 'mz-box', tag = document.currentScript.getAttribute('data-tag');
  try { if (localStorage.getItem(ROOM) === tag) localStorage.removeItem(ROOM); } catch (e) { /* no storage, nothing waits */ }
  if (!window.indexedDB) return;
  var r = indexedDB.open(ROOM, 1);
  r.onupgradeneeded = function () { r.transaction.abort(); };
  r.onerror = function (e) { e.preventDefault(); };
  r.onsuccess = function () {
    r.result.transaction('box', 'readwrite').objectStore('box').delete(IDBKeyRange.bound(tag, tag + '\uffff'));
    r.result.close();
  };
}());
